// The readiness score and its five parts, as bars and in figures.
import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Component } from '@/api/schema'
import { Gauge } from '@/charts/gauge'
import { share } from '@/lib/percent'

import { anchor, useReport } from './lookup'
import { Section } from './section'

export function Readiness() {
  const { readiness } = useReport().report
  const band = words.band[readiness.band]
  const byScore = readiness.components.toSorted((one, other) => other.score - one.score)
  const [best, worst] = [byScore[0], byScore.at(-1)]
  return (
    <Section id={anchor.readiness} title={say.readiness.title} lead={say.readiness.lead}>
      <div className="keep grid gap-8 lg:grid-cols-[18rem_minmax(0,1fr)] print:grid-cols-[12rem_minmax(0,1fr)] lg:gap-12">
        <div className="grid content-start gap-1">
          <div className="max-w-72">
            <Gauge score={readiness.score} band={readiness.band} />
          </div>
          <p className="text-lg font-semibold">{band.word}</p>
          <p className="text-muted">{band.meaning}</p>
        </div>
        <div className="grid content-start gap-4">
          {best && worst && best !== worst && (
            <p className="text-muted">
              {say.readiness.summary(
                words.component[best.key].word,
                best.score.toFixed(1),
                words.component[worst.key].word,
                worst.score.toFixed(1),
              )}
            </p>
          )}
          <ul aria-label={say.readiness.chart} className="grid gap-4">
            {readiness.components.map((part) => (
              <Part key={part.key} of={part} />
            ))}
          </ul>
        </div>
      </div>
    </Section>
  )
}

const Part = ({ of }: { of: Component }) => (
  <li className="grid gap-1">
    <p className="flex flex-wrap items-baseline justify-between gap-x-4">
      <strong className="font-semibold">{words.component[of.key].word}</strong>
      <span className="figure">
        <strong className="font-semibold">{of.score.toFixed(1)}</strong>
        <span className="text-muted"> / 100, {say.readiness.weight(share(of.weight_bp))}</span>
      </span>
    </p>
    <svg
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      className="h-2.5 w-full rounded-full"
      aria-hidden="true"
    >
      <rect width="100" height="4" className="fill-rule" />
      <rect width={Math.max(0, Math.min(100, of.score))} height="4" className="fill-accent" />
    </svg>
    <p className="text-sm text-muted">{words.component[of.key].meaning}</p>
  </li>
)
