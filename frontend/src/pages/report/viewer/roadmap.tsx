// What to do when: steps with their weeks by horizon, and what can be done today.
import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Step } from '@/api/schema'

import { anchor, useReport } from './lookup'
import { Section } from './section'

export function Roadmap() {
  const { report } = useReport()
  return (
    <Section id={anchor.roadmap} title={say.roadmap.title} lead={say.roadmap.lead}>
      {report.quick_wins.length > 0 && <QuickWins />}
      <div className="flow grid gap-8">
        {(['short', 'mid', 'long'] as const).map((horizon) => (
          <div key={horizon} className="flow grid gap-3">
            <h3 className="text-lg font-semibold">
              {words.horizon[horizon].word}
              <span className="font-normal text-muted">, {words.horizon[horizon].meaning}</span>
            </h3>
            {report.roadmap[horizon].length === 0 ? (
              <p className="text-muted">{say.roadmap.none}</p>
            ) : (
              <ol className="flow ml-1.5 grid border-l-2 border-rule">
                {report.roadmap[horizon].map((step) => (
                  <RoadmapStep key={`${step.recommendation_id}-${step.weeks_from}`} of={step} />
                ))}
              </ol>
            )}
          </div>
        ))}
      </div>
    </Section>
  )
}

const RoadmapStep = ({ of }: { of: Step }) => (
  <li className="keep relative grid gap-1 py-3 pl-6 sm:grid-cols-[9.5rem_minmax(0,1fr)] sm:gap-6">
    <span
      aria-hidden="true"
      className="absolute top-5 -left-1.75 size-3 rounded-full border-2 border-accent bg-paper"
    />
    <p className="figure font-semibold text-accent">{say.next.weeks(of.weeks_from, of.weeks_to)}</p>
    <div className="grid gap-1">
      <h4 className="font-semibold wrap-anywhere">{of.title}</h4>
      <p className="wrap-anywhere">{of.detail}</p>
      <Belongs to={of.recommendation_id} word={say.roadmap.belongs} />
    </div>
  </li>
)

function QuickWins() {
  const { report } = useReport()
  return (
    <div className="grid gap-3">
      <div className="grid gap-1">
        <h3 className="text-lg font-semibold">{say.roadmap.quickWins}</h3>
        <p className="text-muted">{say.roadmap.quickLead}</p>
      </div>
      <ul className="grid gap-4 md:grid-cols-[repeat(auto-fit,minmax(14rem,1fr))]">
        {report.quick_wins.map((win) => (
          <li
            key={`${win.recommendation_id}-${win.first_step}`}
            className="keep grid content-between gap-2 rounded-card bg-tint p-5"
          >
            <div className="grid gap-1">
              <p className="text-sm font-semibold text-accent">{say.roadmap.minutes(win.minutes)}</p>
              <p className="wrap-anywhere">{win.first_step}</p>
            </div>
            <Belongs to={win.recommendation_id} word={say.roadmap.prepares} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The recommendation that a step is part of, by its name. */
function Belongs({ to, word }: { to: string; word: string }) {
  const found = useReport().recommendation(to)
  if (!found) return null
  return (
    <p className="text-sm text-muted wrap-anywhere">
      {word}{' '}
      <a
        href={`#${anchor.recommendation(to)}`}
        className="inline-block py-1 text-accent underline underline-offset-4"
      >
        {to.toUpperCase()} {found.title}
      </a>
    </p>
  )
}
