// One finding of the sample report in full: three options with their money, and one thing that should be left alone.
import type { ReactNode } from 'react'

import { landing as say } from '@messages/landing'
import { monthYear } from '@/lib/date'
import { euroRange, euros } from '@/lib/money'
import { number, signedPercent } from '@/lib/percent'
import { Standing, sum } from '@/pages/landing/option-card'
import { sample, type SampleOption } from '@/pages/landing/sample'
import { href } from '@/routes'
import { buttonLook } from '@/ui/button'

const { avoid, company, recommendation } = sample

export const SampleFinding = () => (
  <section id="sample" aria-labelledby="sample-title" className="border-y border-rule bg-surface">
    <div className="frame grid gap-8 py-14 sm:py-20">
      <div className="grid gap-3">
        <h2 id="sample-title" className="text-2xl font-semibold sm:text-3xl">
          {say.sample.title}
        </h2>
        <p className="max-w-prose text-muted">{say.sample.lead(company.name, company.employees)}</p>
      </div>
      <ul className="grid gap-4 md:grid-cols-3">
        {recommendation.options.map((option) => (
          <OptionDetails key={option.kind} option={option} />
        ))}
      </ul>
      <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
        <div className="grid content-start gap-2">
          <h3 className="font-semibold">{say.sample.why}</h3>
          <p className="text-muted">{recommendation.why_winner}</p>
        </div>
        <div className="grid content-start gap-2">
          <h3 className="font-semibold">{say.sample.instead}</h3>
          <ul className="list-disc pl-5 text-muted">
            {recommendation.choose_instead_if.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      </div>
      <div className="grid gap-4 rounded-card border border-rule bg-paper p-6">
        <p className="text-sm font-medium text-alert">{say.sample.avoid}</p>
        <h3 className="text-lg font-semibold">{avoid.title}</h3>
        <dl className="grid gap-x-10 gap-y-4 md:grid-cols-2">
          <Reason term={say.sample.whyNot}>{avoid.why_not}</Reason>
          <Reason term={say.sample.whatInstead}>{avoid.what_instead}</Reason>
        </dl>
      </div>
      <p className="no-print">
        <a href={href.sample} className={buttonLook({ variant: 'secondary' })}>
          {say.sample.open}
        </a>
      </p>
    </div>
  </section>
)

const OptionDetails = ({ option }: { option: SampleOption }) => (
  <li
    className={`grid break-inside-avoid content-start gap-4 rounded-card border bg-paper p-6 ${option.kind === recommendation.winner ? 'border-good' : 'border-rule'}`}
  >
    <div className="grid gap-1.5">
      <p className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted">
        {say.option.kinds[option.kind]} <Standing option={option} />
      </p>
      <h3 className="text-lg font-semibold">{option.label}</h3>
      <p className="figure text-sm text-muted">{sum(option)}</p>
    </div>
    <dl className="figure grid gap-2 border-t border-rule pt-4">
      <Line term={say.sample.monthly}>
        {euros(option.price?.monthly_cents ?? option.custom?.running_monthly_cents ?? 0)}
      </Line>
      <Line term={say.sample.setUp}>{setUp(option)}</Line>
      <Line term={say.sample.weeks}>{say.sample.weeksOf(option.weeks)}</Line>
      <Line term={say.sample.roi}>{signedPercent(option.conservative.roi_bp)}</Line>
      <Line term={say.sample.payback}>{say.sample.months(number(option.conservative.payback_months))}</Line>
      <Line term={say.sample.value}>{euros(option.conservative.net_3y_cents)}</Line>
    </dl>
    <p className="text-sm text-muted">
      {option.ineligible_reason ??
        (option.price ? say.sample.seen(monthYear(option.price.observed_on)) : say.sample.estimate)}
    </p>
  </li>
)

function setUp({ price, custom }: SampleOption): string {
  if (price) return euros(price.implementation_cents)
  return custom ? euroRange(custom.min_cents, custom.max_cents) : ''
}

const Line = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-4">
    <dt className="text-sm text-muted">{term}</dt>
    <dd className="text-right font-medium whitespace-nowrap">{children}</dd>
  </div>
)

const Reason = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="grid content-start gap-1">
    <dt className="font-semibold">{term}</dt>
    <dd className="text-muted">{children}</dd>
  </div>
)
