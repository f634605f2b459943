// All options between cost and benefit: what pays, what does not, and where our choices lie.
import { useState } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import { net } from '@/lib/percent'
import { RISK_SHAPE, RiskSign } from './signs'

import { ChartFrame, NumberTable } from './chart-frame'
import { useReport } from './lookup'
import { netParts, winnerFirst } from './numbers'

const ALL = 'all'

export function Matrix() {
  const { report } = useReport()
  const [shown, setShown] = useState(ALL)
  const points = report.recommendations.flatMap((recommendation) =>
    winnerFirst(recommendation).map((option) => {
      const { benefit, cost } = netParts(option)
      return {
        key: `${recommendation.id}-${option.kind}`,
        group: recommendation.id,
        label: recommendation.id.toUpperCase(),
        name: `${recommendation.id.toUpperCase()} ${option.label}`,
        kind: words.option[option.kind].word,
        chosen: option.kind === recommendation.winner,
        band: option.risk.band,
        risk: words.risk[option.risk.band],
        net: net(option.net),
        cost,
        benefit,
      }
    }),
  )
  const bands = (['low', 'moderate', 'high', 'severe'] as const).filter((band) =>
    points.some((point) => point.band === band),
  )
  const above = points.filter((point) => point.benefit > point.cost).length
  return (
    <ChartFrame
      title={say.charts.matrix.title}
      summary={say.charts.matrix.summary(report.recommendations.length, points.length, above)}
      height="h-88"
      controls={
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
          <Highlight shown={shown} onChange={setShown} />
          <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
            {bands.map((band) => (
              <li key={band} className="inline-flex items-center gap-2">
                <RiskSign of={band} className="size-3.5" /> {words.risk[band]}
              </li>
            ))}
          </ul>
        </div>
      }
      table={
        <NumberTable
          caption={say.charts.matrix.title}
          heads={[
            say.charts.option,
            say.charts.matrix.costHead,
            say.charts.matrix.benefitHead,
            say.charts.matrix.riskHead,
            say.charts.matrix.netHead,
          ]}
          rows={points.map((point) => [
            `${point.name}, ${point.kind.toLowerCase()}${point.chosen ? ` (${say.charts.ourChoice.toLowerCase()})` : ''}`,
            point.cost.toFixed(2),
            point.benefit.toFixed(2),
            point.risk,
            point.net,
          ])}
        />
      }
    >
      {({ CostBenefitMatrix }, printing) => (
        <CostBenefitMatrix
          printing={printing}
          points={points}
          highlighted={shown === ALL ? undefined : shown}
          shapes={RISK_SHAPE}
          say={{
            label: say.charts.matrix.title,
            cost: say.charts.matrix.cost,
            benefit: say.charts.matrix.benefit,
            equal: say.charts.matrix.equal,
          }}
        />
      )}
    </ChartFrame>
  )
}

function Highlight({ shown, onChange }: { shown: string; onChange: (id: string) => void }) {
  const { report } = useReport()
  const choices = [
    { id: ALL, label: say.charts.matrix.all },
    ...report.recommendations.map(({ id, title }) => ({ id, label: `${id.toUpperCase()} ${title}` })),
  ]
  return (
    <label className="no-print flex max-w-full flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <span className="font-medium">{say.charts.matrix.show}</span>
      <select
        value={shown}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-11 max-w-full min-w-0 flex-1 rounded-lg border border-edge bg-paper px-3 pr-8 text-ink sm:max-w-md"
      >
        {choices.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
