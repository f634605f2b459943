// One way to do it, in eight rows that line up with its neighbours: name, price, return, net score, time and fit,
// whether it is open to the reader, what speaks for and against it, and its risk.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Recommendation, ReportOption } from '@/api/schema'
import { longDate, monthYear } from '@/lib/date'
import { euroRange, euros } from '@/lib/money'
import { net, number } from '@/lib/percent'

import { Basis, Facts } from './basis'
import { NetBar } from './net-bar'
import { netParts, paybackText, roiText } from './numbers'
import { Fold, Lines } from './section'
import { CheckSign, CrossSign, RiskSign, StarSign } from './signs'

interface OptionProps {
  option: ReportOption
  recommendation: Recommendation
}

export function OptionCard({ option, recommendation }: OptionProps) {
  const chosen = option.kind === recommendation.winner
  const { word, meaning } = words.option[option.kind]
  return (
    <li
      className={`grid content-start rounded-card lg:row-span-8 lg:grid-rows-subgrid print:row-span-8 print:grid-rows-subgrid ${chosen ? 'border-2 border-accent' : 'border border-rule'}`}
    >
      <div
        className={`grid content-start gap-1 rounded-t-card p-4 print:py-2 ${chosen ? 'bg-tint' : 'bg-surface'}`}
      >
        <p className="flex flex-wrap items-center justify-between gap-x-3 text-sm">
          <span className="font-semibold">{word}</span>
          {chosen && (
            <span className="inline-flex items-center gap-1.5 font-semibold text-accent">
              <StarSign /> {say.recommendations.ourChoice}
            </span>
          )}
        </p>
        <h4 className="text-lg font-semibold wrap-anywhere">{option.label}</h4>
        <p className="text-sm text-muted">{meaning}</p>
      </div>
      <Price option={option} />
      <Returns option={option} recommendation={recommendation} />
      <Net option={option} />
      <Row
        name={say.option.ready}
        basis={<Basis of={say.option.fit} how={say.option.fitHow} />}
        second={say.option.fit}
      >
        <p className="figure flex justify-between gap-4">
          <span>{say.recommendations.week(option.weeks)}</span>
          <span>{say.option.fitOf(option.fit)}</span>
        </p>
      </Row>
      <Row name={say.option.eligible}>
        {option.eligible ? (
          <p className="flex items-center gap-2">
            <CheckSign className="size-4 text-good" /> {say.option.yes}
          </p>
        ) : (
          <p className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
            <CrossSign className="mt-1 size-4 text-alert" />
            <span className="wrap-anywhere">
              {say.option.no}. {option.ineligible_reason}
            </span>
          </p>
        )}
      </Row>
      <Row name={say.option.pros}>
        <Lines items={option.pros} />
        <p className="pt-2 text-sm font-semibold text-muted">{say.option.cons}</p>
        <Lines items={option.cons} />
      </Row>
      <Risk option={option} />
    </li>
  )
}

function Price({ option: { price, custom } }: { option: ReportOption }) {
  const how = custom ? say.option.customHow : say.option.priceHow
  return (
    <Row name={say.option.price} basis={<Basis of={say.option.price} how={how} />}>
      {price && (
        <>
          <p className="figure">
            <strong className="text-lg font-semibold">
              {say.option.monthly(euros(price.estimated_monthly_cents))}
            </strong>
            <br />
            {price.implementation_cents > 0
              ? say.option.setup(euros(price.implementation_cents))
              : say.option.noSetup}
          </p>
          <p className="figure text-sm text-muted">
            {price.monthly_cents === undefined
              ? `${say.option.onRequest}. `
              : price.per !== 'flat' &&
                `${say.option.listed(euros(price.monthly_cents), words.unit[price.per])}. `}
            {price.verified_on
              ? say.option.verified(longDate(price.verified_on), words.freshness[price.freshness])
              : say.option.seen(monthYear(price.observed_on), words.freshness[price.freshness])}
            .
          </p>
        </>
      )}
      {custom && (
        <p className="figure">
          <strong className="text-lg font-semibold">
            {say.option.monthly(euros(custom.running_monthly_cents))}
          </strong>
          <br />
          {say.option.setup(euroRange(custom.min_cents, custom.max_cents))}
        </p>
      )}
      {!price && !custom && <p>{say.option.noPrice}</p>}
    </Row>
  )
}

function Returns({ option, recommendation }: OptionProps) {
  const { conservative, expected, optimistic, inputs } = option.roi
  const capped = [conservative, expected, optimistic].some((scenario) => scenario.capped)
  return (
    <Row
      name={say.option.returns}
      basis={
        <Basis
          of={`${say.option.returns}: ${option.label}`}
          how={say.option.returnsHow}
          facts={[
            [say.option.facts.hours, number(inputs.hours_week)],
            [say.option.facts.rate, euros(inputs.rate_cents)],
            [say.option.facts.revenue, euros(inputs.revenue_year_cents)],
            [say.option.facts.confidence, words.confidence[inputs.confidence].word],
            [say.option.facts.setup, euros(inputs.implementation_cents)],
            [say.option.facts.monthly, euros(inputs.monthly_cents)],
            [say.option.facts.benefit, euros(conservative.benefit_year_cents)],
          ]}
          assumptions={recommendation.assumptions}
        />
      }
    >
      <p className="figure">
        <strong className="text-lg font-semibold">
          {say.option.net3y(euros(conservative.net_3y_cents))}
        </strong>
        <br />
        {say.option.roi(roiText(conservative))}, {paybackText(conservative.payback_months)}
      </p>
      <Fold summary={<span className="no-print text-sm">{say.option.others}</span>}>
        <dl className="figure grid gap-2 text-sm">
          {(['expected', 'optimistic'] as const).map((name) => (
            <div key={name}>
              <dt className="text-muted">
                {words.scenario[name].word}: {words.scenario[name].meaning}
              </dt>
              <dd>
                <strong className="font-semibold">
                  {say.option.net3y(euros(option.roi[name].net_3y_cents))}
                </strong>
                <br />
                {say.option.roi(roiText(option.roi[name]))}, {paybackText(option.roi[name].payback_months)}
              </dd>
            </div>
          ))}
        </dl>
        {capped && <p className="pt-1 text-sm text-muted">{say.option.capped}</p>}
      </Fold>
    </Row>
  )
}

function Net({ option }: { option: ReportOption }) {
  const { benefit, cost, risk } = netParts(option)
  return (
    <Row
      name={say.option.net}
      basis={
        <Basis
          of={`${say.option.net}: ${option.label}`}
          how={
            <div className="grid gap-3">
              <p>{say.option.netHow}</p>
              <strong className="font-semibold">{say.option.benefits}</strong>
              <Facts
                facts={[...dims(words.benefit, option.benefit_dims), [say.option.mean, benefit.toFixed(2)]]}
              />
              <strong className="font-semibold">{say.option.costs}</strong>
              <Facts facts={[...dims(words.cost, option.cost_dims), [say.option.mean, cost.toFixed(2)]]} />
            </div>
          }
        />
      }
    >
      <p className="figure flex flex-wrap items-baseline gap-x-3">
        <strong className="text-2xl font-semibold">{net(option.net)}</strong>
        <span className="text-sm text-muted">
          <Part colour="bg-good" name={say.option.parts.benefit} value={benefit} /> −{' '}
          <Part colour="bg-warn" name={say.option.parts.cost} value={cost} /> −{' '}
          <Part colour="bg-alert" name={say.option.parts.risk} value={risk} />
        </span>
      </p>
      <NetBar option={option} />
    </Row>
  )
}

/** A part of the sum, with the colour that it has in the bar. */
const Part = ({ colour, name, value }: { colour: string; name: string; value: number }) => (
  <span className="whitespace-nowrap">
    <span aria-hidden="true" className={`mr-1 inline-block size-2.5 rounded-xs ${colour}`} />
    {name} {value.toFixed(2)}
  </span>
)

function Risk({ option: { risk } }: { option: ReportOption }) {
  const parts = (['p', 'i', 'v', 'd'] as const).map(
    (part) =>
      [
        `${words.riskPart[part].word}: ${words.riskPart[part].meaning}`,
        say.option.riskPart(risk[part]),
      ] as const,
  )
  return (
    <Row name={say.option.risk} basis={<Basis of={say.option.risk} how={say.option.riskHow} facts={parts} />}>
      <p className="flex flex-wrap items-center gap-x-2">
        <RiskSign of={risk.band} />
        <strong className="font-semibold">{words.risk[risk.band]}</strong>
        <span className="figure text-sm text-muted">{say.option.riskOf(number(risk.score))}</span>
      </p>
      <p className="text-sm wrap-anywhere">{risk.note}</p>
    </Row>
  )
}

/** One row of the comparison; a second name stands at its right. */
const Row = ({
  name,
  second,
  basis,
  children,
}: {
  name: string
  second?: string
  basis?: ReactNode
  children: ReactNode
}) => (
  <div className="grid content-start gap-1 border-t border-rule px-4 py-3 print:py-1.5">
    <div className="flex items-center justify-between gap-2 text-sm font-semibold text-muted">
      <span>{name}</span>
      <div className="flex items-center gap-2">
        {second}
        {basis}
      </div>
    </div>
    {children}
  </div>
)

/** Each dimension by its name, with its value. */
function dims<Key extends string>(
  names: Record<Key, string>,
  values: Record<Key, number>,
): [string, string][] {
  return Object.entries<string>(names).map(([key, name]) => [name, String(Reflect.get(values, key))])
}
