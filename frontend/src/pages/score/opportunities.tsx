// What the customer said, where it may pay off, and one step that needs no report.
import type { OpportunityArea, QuickStart } from '@/api/schema'
import { Section } from '@/pages/score/section'
import { score as say } from '@messages/score'
import { Badge } from '@/ui/badge'

/** Their own words, as text. */
export const Reflections = ({ words }: { words: readonly string[] }) =>
  words.length > 0 && (
    <Section title={say.reflections.title} help={say.reflections.help}>
      <ul className="grid gap-3">
        {words.map((line) => (
          <li key={line} className="max-w-prose border-l-4 border-rule pl-4 wrap-anywhere">
            {line}
          </li>
        ))}
      </ul>
    </Section>
  )

export const Areas = ({ areas }: { areas: readonly OpportunityArea[] }) => (
  <Section title={say.areas.title} {...(areas.length > 0 && { help: say.areas.help })}>
    {areas.length === 0 && <p className="max-w-prose">{say.areas.none}</p>}
    <ul className="grid gap-4 sm:grid-cols-2">
      {areas.map(({ area, title, potential, opportunities }) => (
        <li key={area} className="grid content-start gap-3 rounded-card border border-rule p-5">
          <div className="grid justify-items-start gap-2">
            <h3 className="font-semibold">{title}</h3>
            <Badge tone={potential === 'high' ? 'good' : 'neutral'}>{say.areas[potential]}</Badge>
          </div>
          <ul className="grid list-disc gap-1 pl-5 marker:text-muted">
            {opportunities.map((opportunity) => (
              <li key={opportunity}>{opportunity}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  </Section>
)

export const QuickWin = ({ step }: { step: QuickStart }) => (
  <Section title={say.quickWin.title}>
    <div className="grid gap-2 rounded-card border-l-4 border-good bg-good-tint p-5">
      <p className="text-lg font-medium">{step.first_step}</p>
      <p>{say.quickWin.towards(step.title)}</p>
      <p className="text-sm text-muted">{say.quickWin.minutes(step.minutes)}</p>
    </div>
  </Section>
)
