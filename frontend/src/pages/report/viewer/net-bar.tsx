// The net score as a bar: benefit to the right, cost and risk to the left, and a mark where the sum lies.
import { report as say } from '@messages/report'
import type { ReportOption } from '@/api/schema'
import { net } from '@/lib/percent'

import { netParts } from './numbers'

// The same scale for all options, so that bars can be compared: cost up to 10 and risk up to 12.5 to the left,
// benefit up to 10 to the right. Values near the left end are rare, so that side is cut at 14.
const [LEFT, RIGHT] = [14, 10]
const HEIGHT = 30

export function NetBar({ option }: { option: ReportOption }) {
  const { benefit, cost, risk } = netParts(option)
  const at = (score: number) => ((Math.max(-LEFT, Math.min(RIGHT, score)) + LEFT) / (LEFT + RIGHT)) * 240
  const zero = at(0)
  const sum = at(option.net)
  return (
    <svg
      viewBox={`0 0 240 ${HEIGHT}`}
      className="h-8 w-full"
      preserveAspectRatio="none"
      role="img"
      aria-label={say.option.netBar(net(option.net), benefit.toFixed(2), cost.toFixed(2), risk.toFixed(2))}
    >
      <rect x="0" y="8" width="240" height="12" className="fill-surface" />
      <rect x={zero} y="8" width={at(benefit) - zero} height="12" className="fill-good" />
      <rect x={at(-cost)} y="8" width={zero - at(-cost)} height="12" className="fill-warn" />
      <rect
        x={at(-cost - risk)}
        y="8"
        width={at(-cost) - at(-cost - risk)}
        height="12"
        className="fill-alert"
        opacity="0.75"
      />
      <path d={`M${zero} 4V24`} className="stroke-ink" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      <path d={`M${sum} 2V26`} className="stroke-ink" strokeWidth="3" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
