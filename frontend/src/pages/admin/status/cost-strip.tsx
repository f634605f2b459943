// Cost a day: thirty small bars for the eye, the same figures as a table for everybody.
import type { DayCost } from '@/api/schema'
import { installation } from '@messages/admin-status'
import { dollars } from '@/pages/admin/amounts'
import { Meter } from '@/pages/admin/meter'
import { Day, day } from '@/pages/admin/moment'
import { type Column, Table } from '@/ui/table'

const say = installation.cost
const DAYS = 30
const DAY_MS = 86_400_000
/** Of one day, in the drawing's own units. */
const WIDTH = 10
const HEIGHT = 80

/** Every day up to today, oldest first; the API leaves out those without cost. */
export function everyDay(costs: readonly DayCost[], now: number): DayCost[] {
  const known = new Map(costs.map((one) => [one.day, one.cost_microusd]))
  return Array.from({ length: DAYS }, (_, at) => {
    const date = new Date(now - (DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10)
    return { day: date, cost_microusd: known.get(date) ?? 0 }
  })
}

export function CostStrip({
  costs,
  budget,
  now,
}: {
  costs: readonly DayCost[]
  budget: number
  now: number
}) {
  const days = everyDay(costs, now)
  const total = days.reduce((sum, one) => sum + one.cost_microusd, 0)
  const most = days.reduce((top, one) => (one.cost_microusd > top.cost_microusd ? one : top))
  const spent = days.at(-1)?.cost_microusd ?? 0
  const scale = Math.max(most.cost_microusd, 1)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 rounded-card border border-rule p-5">
      <h2 className="text-lg font-semibold">{say.title}</h2>
      <div className="grid gap-1.5">
        <p>
          {say.today(dollars(spent), dollars(budget))}{' '}
          {spent >= budget && <strong className="text-bad">{say.over}</strong>}
        </p>
        <Meter
          label={say.budget}
          value={Math.min(spent, budget)}
          max={Math.max(budget, 1)}
          className="w-full"
        />
      </div>
      <svg
        viewBox={`0 0 ${DAYS * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say.summary(dollars(total), dollars(most.cost_microusd), day(most.day))}
        className="h-20 w-full text-accent"
      >
        {days.map((one, at) => {
          const height = one.cost_microusd === 0 ? 1 : Math.max(3, (one.cost_microusd / scale) * HEIGHT)
          return (
            <rect
              key={one.day}
              x={at * WIDTH + 1}
              y={HEIGHT - height}
              width={WIDTH - 2}
              height={height}
              fill="currentColor"
              opacity={one.cost_microusd === 0 ? 0.35 : 1}
            >
              <title>{say.onDay(day(one.day), dollars(one.cost_microusd))}</title>
            </rect>
          )
        })}
      </svg>
      <p className="flex justify-between gap-4 text-sm text-muted">
        <Day on={days[0]?.day ?? ''} />
        <span>{say.total(dollars(total))}</span>
        <Day on={days.at(-1)?.day ?? ''} />
      </p>
      <details className="max-w-md">
        <summary className="py-2.5 font-medium text-accent">{say.table}</summary>
        <Table
          caption={say.title}
          columns={COLUMNS}
          rows={days.toReversed()}
          rowKey={(one) => one.day}
          narrow="scroll"
          total={{ day: say.sum, cost: dollars(total) }}
        />
      </details>
    </div>
  )
}

const COLUMNS: readonly Column<DayCost>[] = [
  { key: 'day', label: say.day, names: true, cell: (one) => <Day on={one.day} /> },
  { key: 'cost', label: say.cost, numeric: true, cell: (one) => dollars(one.cost_microusd) },
]
