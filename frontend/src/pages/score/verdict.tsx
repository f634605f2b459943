// The score itself: the gauge, its band, and what the band means.
import type { Readiness } from '@/api/schema'
import { Gauge } from '@/charts/gauge'
import { gauge } from '@messages/gauge'
import { score as say } from '@messages/score'

export const Verdict = ({ readiness }: { readiness: Readiness }) => (
  <div className="grid items-center gap-x-8 gap-y-4 rounded-card border border-rule bg-surface p-5 sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)] sm:p-7">
    <div className="mx-auto w-full max-w-68">
      <Gauge score={readiness.score} band={readiness.band} />
    </div>
    <div className="grid gap-3">
      <p className="text-2xl font-semibold">{gauge.bands[readiness.band]}</p>
      <p>{say.bands[readiness.band]}</p>
      <p className="text-sm text-muted">{say.notValue}</p>
    </div>
  </div>
)
