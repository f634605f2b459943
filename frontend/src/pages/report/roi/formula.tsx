// The formula in words, with every constant that it uses and what it gives for the figures above.
import type { Constants, Roi, RoiInputs } from '@/api/schema'
import { euros } from '@/lib/money'
import { share } from '@/lib/percent'
import { CONFIDENCE_BP, REVENUE_SHARE_BP } from '@/lib/roi'
import { roi } from '@messages/roi'

const say = roi.formula

export function Formula({ inputs, now, constants }: { inputs: RoiInputs; now: Roi; constants: Constants }) {
  const lines = say.lines(
    constants.weeks,
    share(constants.efficiency_bp),
    share(constants.adoption_bp),
    share(CONFIDENCE_BP[inputs.confidence]),
    share(REVENUE_SHARE_BP),
  )
  return (
    <details className="rounded-lg border border-rule">
      <summary className="min-h-11 px-4 py-2.5 font-medium">{say.title}</summary>
      <div className="grid gap-3 px-4 pb-4">
        <p className="text-muted">{say.intro}</p>
        <dl className="grid gap-2">
          {lines.map((line) => (
            <div key={line.name} className="grid gap-x-4 sm:grid-cols-[12rem_1fr]">
              <dt className="font-medium">{line.name}</dt>
              <dd className="text-muted">{line.text}</dd>
            </div>
          ))}
        </dl>
        <p className="figure">
          {say.worked}{' '}
          {say.workedText(euros(now.expected.benefit_year_cents), euros(now.conservative.benefit_year_cents))}
        </p>
      </div>
    </details>
  )
}
