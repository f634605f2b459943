// A piece of the product: the three options of a real finding, by NET.
import { landing as say } from '@messages/landing'
import { parts, sample, type SampleOption } from '@/pages/landing/sample'
import { net } from '@/lib/percent'
import { monthYear } from '@/lib/date'
import { Badge } from '@/ui/badge'

const { recommendation } = sample

export const OptionCard = () => (
  <figure className="break-inside-avoid rounded-card border border-rule bg-paper p-5 shadow-card sm:p-7">
    <figcaption className="grid gap-1">
      <span className="text-sm text-muted">{say.sample.from(sample.company.name)}</span>
      <span className="text-lg font-semibold">{recommendation.title}</span>
    </figcaption>
    <ul className="mt-5 grid gap-5">
      {recommendation.options.map((option) => (
        <li key={option.kind} className="grid gap-2">
          <div className="flex items-start justify-between gap-3">
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <span className="font-medium">{option.label}</span>
              <Standing option={option} />
            </span>
            <span className="figure shrink-0 font-semibold">
              <span className="mr-1 text-sm font-normal text-muted">{say.option.net}</span>
              {net(option.net)}
            </span>
          </div>
          <NetBar option={option} />
          <p className="figure text-sm text-muted">{sum(option)}</p>
        </li>
      ))}
    </ul>
    <p className="mt-5 border-t border-rule pt-4 text-sm text-muted">
      {say.option.scale} {observed && say.sample.priceFrom(monthYear(observed))}
    </p>
  </figure>
)

const observed = recommendation.options.find((option) => option.price)?.price?.observed_on

/** What this option is to the practice, in a word. */
export function Standing({ option }: { option: SampleOption }) {
  if (option.kind === recommendation.winner) return <Badge tone="good">{say.option.recommended}</Badge>
  if (!option.eligible) return <Badge tone="alert">{say.option.closed}</Badge>
  return <Badge>{say.option.possible}</Badge>
}

export function sum(option: SampleOption): string {
  const { benefit, cost, risk } = parts(option)
  return say.option.sum(benefit.toFixed(2), cost.toFixed(2), risk.toFixed(2), net(option.net))
}

/** Ten points wide, zero in the middle. The figure beside it says the same. */
function NetBar({ option }: { option: SampleOption }) {
  const width = Math.min(Math.abs(option.net), 5) * 10
  const x = option.net < 0 ? 50 - width : 50
  const tone =
    option.kind === recommendation.winner ? 'text-good' : option.net < 0 ? 'text-alert' : 'text-neutral'
  return (
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" className={`h-2.5 w-full ${tone}`} aria-hidden="true">
      <rect className="text-neutral-tint" width="100" height="4" fill="currentColor" />
      <rect x={x} width={width} height="4" fill="currentColor" />
      <rect className="text-edge" x="49.8" width="0.4" height="4" fill="currentColor" />
    </svg>
  )
}
