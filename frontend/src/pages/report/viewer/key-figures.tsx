// The report's totals, each with what it rests on. They stand in the document and are only shown here.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import { euroRange, euros } from '@/lib/money'
import { number } from '@/lib/percent'

import { Basis } from './basis'
import { anchor, useReport } from './lookup'
import { winning } from './numbers'

export function KeyFigures() {
  const { report } = useReport()
  const { total_value_3y: value, investment_year1: investment, hours_week: hours } = report.summary
  const assumptions = [...new Set(report.recommendations.flatMap((one) => one.assumptions))]
  const [raw, credited] = [number(hours.raw), number(hours.credited)]
  return (
    <section aria-labelledby="money-title" className="grid gap-3">
      <h3 id="money-title" className="sr-only">
        {say.money.title}
      </h3>
      <dl className="grid gap-px overflow-hidden rounded-card border border-rule bg-rule sm:grid-cols-2 lg:grid-cols-[1.5fr_1.1fr_1fr_1fr]">
        <Figure
          name={say.money.value}
          large
          value={euros(value.conservative_cents)}
          note={say.money.valueNote}
          basis={<Basis of={say.money.value} how={say.money.valueHow} assumptions={assumptions} />}
        >
          <span className="figure mt-2 grid gap-x-4 gap-y-0.5 text-sm xs:grid-cols-2">
            <Beside name={words.scenario.expected.word} value={euros(value.expected_cents)} />
            <Beside name={words.scenario.optimistic.word} value={euros(value.optimistic_cents)} />
          </span>
        </Figure>
        <Figure
          name={say.money.investment}
          value={euroRange(investment.min_cents, investment.max_cents)}
          note={say.money.investmentNote}
          basis={
            <Basis
              of={say.money.investment}
              how={say.money.investmentHow}
              facts={costs(report.recommendations)}
            />
          }
        />
        <Figure
          name={say.money.hours}
          value={say.money.hoursValue(credited)}
          note={
            hours.raw === hours.credited
              ? say.money.hoursSame
              : say.money.hoursNote(say.money.hoursValue(raw))
          }
          basis={
            <Basis of={say.money.hours} how={say.money.hoursHow(credited, raw)} assumptions={assumptions} />
          }
        />
        <Figure
          name={say.money.readiness}
          value={say.money.of100(report.readiness.score)}
          note={words.band[report.readiness.band].word}
        >
          <a
            href={`#${anchor.readiness}`}
            className="no-print inline-flex min-h-11 items-center text-sm text-accent underline underline-offset-4"
          >
            {say.money.readinessLink}
          </a>
        </Figure>
      </dl>
      <p className="max-w-3xl text-sm text-muted">{say.money.notSum}</p>
    </section>
  )
}

interface FigureProps {
  name: string
  value: string
  note: string
  large?: boolean
  basis?: ReactNode
  children?: ReactNode
}

const Figure = ({ name, value, note, large = false, basis, children }: FigureProps) => (
  <div className="min-w-0 bg-paper p-4 sm:p-5">
    <dt className="flex items-center justify-between gap-2 text-sm font-semibold text-muted">
      {name}
      {basis}
    </dt>
    <dd className="grid">
      <span
        className={`figure font-semibold wrap-anywhere ${large ? 'text-3xl text-accent sm:text-4xl' : 'text-2xl'}`}
      >
        {value}
      </span>
      <span className="text-sm text-muted">{note}</span>
      {children}
    </dd>
  </div>
)

const Beside = ({ name, value }: { name: string; value: string }) => (
  <span>
    <span className="text-muted">{name}</span>{' '}
    <strong className="font-semibold whitespace-nowrap">{value}</strong>
  </span>
)

/** What each chosen option adds to the investment. */
function costs(recommendations: Parameters<typeof winning>[0][]): [string, string][] {
  return recommendations.map((one) => {
    const { label, price, custom } = winning(one)
    const setup = price
      ? euros(price.implementation_cents)
      : euroRange(custom?.min_cents ?? 0, custom?.max_cents ?? 0)
    const monthly = euros(price?.estimated_monthly_cents ?? custom?.running_monthly_cents ?? 0)
    return [`${one.id.toUpperCase()} ${label}`, say.money.investmentOf(setup, monthly)]
  })
}
