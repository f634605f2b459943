// What a recommendation brings over time, and what its three options leave after three years.
import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Recommendation, ReportOption } from '@/api/schema'
import { euros } from '@/lib/money'
import { number } from '@/lib/percent'

import { ChartFrame, NumberTable } from './chart-frame'
import { breakEven, cumulative, MONTHS, paybackText, SCENARIOS, winnerFirst } from './numbers'

const TABLE_MONTHS = [0, 6, 12, 18, 24, 36]

/** The cumulated value of the chosen option, month by month. */
export function Timeline({ option }: { option: ReportOption }) {
  const { conservative, expected, optimistic } = option.roi
  const lines = {
    conservative: cumulative(option, 'conservative'),
    expected: cumulative(option, 'expected'),
    optimistic: cumulative(option, 'optimistic'),
  }
  const title = say.charts.timeline.title(option.label)
  const months = breakEven(conservative)
  return (
    <ChartFrame
      title={title}
      summary={say.charts.timeline.summary(
        paybackText(conservative.payback_months),
        euros(conservative.net_3y_cents),
        euros(expected.net_3y_cents),
        euros(optimistic.net_3y_cents),
      )}
      height="h-64"
      table={
        <NumberTable
          caption={title}
          heads={[say.charts.timeline.month, ...SCENARIOS.map((name) => words.scenario[name].word)]}
          rows={TABLE_MONTHS.map((month) => [
            String(month),
            euros(lines.conservative[month] ?? 0),
            euros(lines.expected[month] ?? 0),
            euros(lines.optimistic[month] ?? 0),
          ])}
        />
      }
    >
      {({ ValueTimeline }, printing) => (
        <ValueTimeline
          printing={printing}
          {...lines}
          months={MONTHS}
          breakEven={months}
          say={{
            label: title,
            axis: say.charts.timeline.axis,
            key: say.charts.key,
            breakEven:
              months === undefined
                ? say.charts.timeline.neverWithin
                : say.charts.timeline.breakEven(number(Math.round(months * 10) / 10)),
          }}
        />
      )}
    </ChartFrame>
  )
}

/** The three options side by side, from conservative to optimistic. */
export function OptionBars({ recommendation }: { recommendation: Recommendation }) {
  const options = winnerFirst(recommendation)
  const best = options.reduce((one, other) =>
    other.roi.conservative.net_3y_cents > one.roi.conservative.net_3y_cents ? other : one,
  )
  const name = (option: ReportOption) => `${option.label} (${words.option[option.kind].word.toLowerCase()})`
  return (
    <ChartFrame
      title={say.charts.bars.title}
      summary={say.charts.bars.summary(best.label, euros(best.roi.conservative.net_3y_cents))}
      height="h-64"
      table={
        <NumberTable
          caption={say.charts.bars.title}
          heads={[say.charts.option, ...SCENARIOS.map((scenario) => words.scenario[scenario].word)]}
          rows={options.map((option) => [
            name(option),
            euros(option.roi.conservative.net_3y_cents),
            euros(option.roi.expected.net_3y_cents),
            euros(option.roi.optimistic.net_3y_cents),
          ])}
        />
      }
    >
      {({ OptionBars: Bars }, printing) => (
        <Bars
          printing={printing}
          rows={options.map((option) => ({
            key: option.kind,
            name: option.label,
            kind: words.option[option.kind].word,
            chosen: option.kind === recommendation.winner,
            conservative: option.roi.conservative.net_3y_cents,
            expected: option.roi.expected.net_3y_cents,
            optimistic: option.roi.optimistic.net_3y_cents,
            text: euros(option.roi.conservative.net_3y_cents),
          }))}
          say={{ label: say.charts.bars.title, key: say.charts.key, chosen: say.charts.ourChoice }}
        />
      )}
    </ChartFrame>
  )
}
