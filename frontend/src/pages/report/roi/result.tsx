// The three scenarios, the careful one first and largest, each beside what the report says.
import type { Roi, RoiInputs, RoiScenario, Sensitivity } from '@/api/schema'
import { euros } from '@/lib/money'
import { signedPercent } from '@/lib/percent'
import { needsSensitivity, type Scenario, yearOneCents } from '@/lib/roi'
import { roi as say } from '@messages/roi'

interface ResultProps {
  inputs: RoiInputs
  now: Roi
  /** With half of the benefit. */
  half: Sensitivity
  /** The report's own. */
  own: Roi
}

const ORDER: readonly Scenario[] = ['conservative', 'expected', 'optimistic']

export function Result({ inputs, now, half, own }: ResultProps) {
  const isNever = ORDER.some((scenario) => now[scenario].payback_months === undefined)
  return (
    <div role="group" aria-label={say.result} className="grid gap-4">
      <div className="grid gap-3 lg:grid-cols-[3fr_2fr_2fr]">
        {ORDER.map((scenario) => (
          <Card
            key={scenario}
            scenario={scenario}
            now={now[scenario]}
            own={own[scenario]}
            isMain={scenario === 'conservative'}
          />
        ))}
      </div>
      <p className="figure">{say.costYear1(euros(yearOneCents(inputs)))}</p>
      {needsSensitivity(now.conservative) && (
        <p className="figure rounded-lg bg-warn-tint px-4 py-3 text-warn">
          {say.sensitivity(signedPercent(half.roi_bp), say.paidBackOf(half), euros(half.net_3y_cents))}
        </p>
      )}
      {isNever && <p className="text-sm text-muted">{say.never}</p>}
    </div>
  )
}

interface CardProps {
  scenario: Scenario
  now: RoiScenario
  own: RoiScenario
  isMain: boolean
}

const Card = ({ scenario, now, own, isMain }: CardProps) => (
  <div
    className={`grid content-start gap-3 rounded-card border p-4 ${isMain ? 'border-accent bg-tint' : 'border-rule'}`}
  >
    <p>
      <span className="font-semibold">{say.scenarios[scenario].title}</span>{' '}
      <span className="block text-sm text-muted">{say.scenarios[scenario].text}</span>
    </p>
    <dl className="figure grid gap-x-4 gap-y-2 xs:grid-cols-2 lg:grid-cols-1">
      <Line name={say.net3y} isMain={isMain}>
        {euros(now.net_3y_cents)}
        <span className="block text-sm font-normal text-muted">
          {difference(now.net_3y_cents - own.net_3y_cents)}
        </span>
      </Line>
      <Line name={say.returnYear1} isMain={isMain}>
        {signedPercent(now.roi_bp)}
        {now.capped && <span className="block text-sm font-normal text-muted">{say.capped}</span>}
      </Line>
      <Line name={say.payback}>{say.paybackOf(now)}</Line>
      <Line name={say.benefit}>{euros(now.benefit_year_cents)}</Line>
    </dl>
  </div>
)

const Line = ({
  name,
  isMain = false,
  children,
}: {
  name: string
  isMain?: boolean
  children: React.ReactNode
}) => (
  <div>
    <dt className="text-sm text-muted">{name}</dt>
    <dd className={`font-semibold ${isMain ? 'text-2xl' : ''}`}>{children}</dd>
  </div>
)

function difference(cents: number): string {
  if (cents === 0) return say.same
  return cents > 0 ? say.more(euros(cents)) : say.less(euros(-cents))
}
