// How the report was made: formulas, assumptions, sources with their state, confidence, limits, and by what it was written.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { ConfidenceMix } from '@/api/schema'
import { dateTime } from '@/lib/date'
import { share } from '@/lib/percent'

import { SourceLink, statusWord } from './basis'
import { anchor, useReport } from './lookup'
import { Lines, Section } from './section'

export function Method() {
  const { report } = useReport()
  const { constants, assumptions, sources, limitations, confidence_mix: mix } = report.methodology
  return (
    <Section id={anchor.method} title={say.method.title} lead={say.method.lead}>
      <p className="max-w-3xl">
        {say.method.constants(constants.weeks, share(constants.efficiency_bp), share(constants.adoption_bp))}
      </p>
      <Part title={say.method.formulas}>
        <Lines items={say.method.formula} className="border-l-2 border-rule pl-4" />
      </Part>
      <Part title={say.method.assumptions} id={anchor.assumptions}>
        <table className="w-full text-sm max-sm:block sm:table-fixed">
          <Heads
            of={[
              [say.method.number, 'w-13'],
              [say.method.assumption, ''],
              [say.method.value, 'w-[18%]'],
              [say.method.from, 'w-[14%]'],
              [say.method.wrong, 'w-[25%]'],
            ]}
          />
          <tbody className="max-sm:block">
            {assumptions.map((one) => (
              <tr key={one.id} id={`assumption-${one.id}`} className={ROW}>
                <th scope="row" className="figure py-2 text-left font-medium whitespace-nowrap max-sm:py-0">
                  {one.id.toUpperCase()}
                </th>
                <Cell name={say.method.assumption}>{one.statement}</Cell>
                <Cell name={say.method.value}>
                  <strong className="figure font-semibold">{one.value}</strong>
                </Cell>
                <Cell name={say.method.from}>{words.origin[one.origin]}</Cell>
                <Cell name={say.method.wrong}>{one.sensitivity}</Cell>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      <Part title={say.method.sources}>
        {sources.length === 0 ? (
          <p className="text-muted">{say.method.sourcesNone}</p>
        ) : (
          <table className="w-full text-sm max-sm:block sm:table-fixed">
            <Heads
              of={[
                [say.method.source, ''],
                [say.method.publisher, 'w-[24%]'],
                [say.method.year, 'w-16'],
                [say.method.status, 'w-[14%]'],
              ]}
            />
            <tbody className="max-sm:block">
              {sources.map((one) => (
                <tr key={one.id} id={`source-${one.id}`} className={ROW}>
                  <th scope="row" className="py-2 text-left font-normal max-sm:py-0">
                    {one.title} <SourceLink of={one} />
                  </th>
                  <Cell name={say.method.publisher}>{one.publisher}</Cell>
                  <Cell name={say.method.year}>
                    <span className="figure">{one.year}</span>
                  </Cell>
                  <Cell name={say.method.status}>{statusWord(one)}</Cell>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Part>
      <Part title={say.method.confidence}>
        <Mix of={mix} />
      </Part>
      <Part title={say.method.limits}>
        <Lines items={limitations} className="max-w-3xl" />
      </Part>
      <Part title={say.method.made}>
        <Imprint />
      </Part>
    </Section>
  )
}

const Part = ({ title, id, children }: { title: string; id?: string; children: ReactNode }) => (
  <div id={id} className="flow grid min-w-0 gap-3">
    <h3 className="text-lg font-semibold">{title}</h3>
    {children}
  </div>
)

/** The heads of a table, each with the width of its column. */
const Heads = ({ of }: { of: readonly (readonly [head: string, width: string])[] }) => (
  <thead className="max-sm:hidden">
    <tr>
      {of.map(([head, width]) => (
        <th
          key={head}
          scope="col"
          className={`py-2 pl-4 text-left align-bottom font-semibold text-muted first:pl-0 ${width}`}
        >
          {head}
        </th>
      ))}
    </tr>
  </thead>
)

/** On narrow screens a row becomes a block, and each cell says its column. */
const Cell = ({ name, children }: { name: string; children: ReactNode }) => (
  <td className="py-2 pl-4 max-sm:p-0">
    <span className="font-medium text-muted sm:hidden">{name}: </span>
    {children}
  </td>
)

const ROW = 'border-b border-rule align-top max-sm:grid max-sm:gap-1 max-sm:py-3'

const LEVELS = [
  ['high', 'fill-accent'],
  ['medium', 'fill-accent/60'],
  ['low', 'fill-accent/25'],
] as const

/** How many findings have which confidence: a bar, a key with the counts, and the sentence. */
function Mix({ of }: { of: ConfidenceMix }) {
  const total = of.high + of.medium + of.low
  const before = { high: 0, medium: of.high, low: of.high + of.medium }
  return (
    <div className="keep grid gap-3">
      <p className="text-muted">{say.method.confidenceText(of.high, of.medium, of.low)}</p>
      {total > 0 && (
        <svg
          viewBox={`0 0 ${total} 1`}
          preserveAspectRatio="none"
          className="h-4 w-full rounded"
          aria-hidden="true"
        >
          {LEVELS.map(([level, fill]) => (
            <rect key={level} x={before[level]} width={of[level]} height="1" className={fill} />
          ))}
        </svg>
      )}
      <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {LEVELS.map(([level, fill]) => (
          <li key={level} className="figure inline-flex items-center gap-2">
            <svg viewBox="0 0 1 1" className="size-3 rounded-xs" aria-hidden="true">
              <rect width="1" height="1" className={fill} />
            </svg>
            {of[level]} · {words.confidence[level].word}
            <span className="text-muted">{words.confidence[level].meaning}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Imprint() {
  const { report } = useReport()
  const models = report.models.map(({ task, model }) => `${words.task[task] ?? task}: ${model}`).join(' · ')
  const lines = [
    [say.method.generated, dateTime(report.generated_at)],
    [say.method.models, models || say.method.noModels],
    [say.method.engine, report.engine_version],
    [say.method.knowledge, report.kb_version],
    [say.method.texts, report.prompt_version],
    [say.method.reportId, report.report_id],
  ] as const
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
      {lines.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="figure break-all">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
