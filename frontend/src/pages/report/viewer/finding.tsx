// One finding: what we saw, what it is worth and to whom, how sure we are and why, and what it rests on.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Confidence, Evidence, Finding } from '@/api/schema'
import { euros } from '@/lib/money'
import { number } from '@/lib/percent'
import { Badge, type Tone } from '@/ui/badge'

import { Basis, SourceState } from './basis'
import { CopyLink } from './copy-link'
import { anchor, useReport } from './lookup'
import { confidenceReasons } from './numbers'
import { Fold } from './section'
import { CheckSign, CrossSign } from './signs'

const CONFIDENCE_TONE: Record<Confidence, Tone> = { high: 'good', medium: 'accent', low: 'warn' }

export function FindingCard({ of }: { of: Finding }) {
  const { answerTo } = useReport()
  const answer = answerTo(of.id)
  return (
    <article
      id={anchor.finding(of.id)}
      aria-labelledby={`${of.id}-title`}
      className="keep flow grid gap-4 rounded-card border border-rule p-4 sm:p-6 print:p-4"
    >
      <header className="grid gap-2">
        <div className="flex items-center justify-between gap-3 text-sm">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-semibold text-accent">{of.id.toUpperCase()}</span>
            <VerdictOf finding={of} />
            <span className="text-muted">
              {words.category[of.category]} · {words.horizon[of.horizon].word},{' '}
              {words.horizon[of.horizon].meaning}
            </span>
          </p>
          <CopyLink to={anchor.finding(of.id)} label={say.findings.copy(of.id.toUpperCase())} />
        </div>
        <h3 id={`${of.id}-title`} className="text-xl font-semibold wrap-anywhere">
          {of.title}
        </h3>
      </header>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-10 print:grid-cols-[minmax(0,1fr)_17rem] print:gap-6">
        <div className="keep grid content-start gap-4">
          <p className="wrap-anywhere">{of.description}</p>
          {(of.why_not || of.what_instead) && (
            <div className="grid gap-3 rounded-lg bg-neutral-tint/50 p-4">
              {of.why_not && <Told name={say.avoid.whyNot} text={of.why_not} />}
              {of.what_instead && <Told name={say.avoid.instead} text={of.what_instead} />}
            </div>
          )}
          <Told name={say.findings.today} text={of.current_state} />
          {answer && (
            <a
              href={`#${anchor.recommendation(answer.id)}`}
              className="no-print inline-flex min-h-11 items-center justify-self-start text-accent underline underline-offset-4"
            >
              {say.findings.solution}
              <span className="sr-only">: {answer.title}</span>
            </a>
          )}
        </div>
        <Worth finding={of} />
      </div>
      <div className="border-t border-rule pt-2 print:pt-1">
        <Fold opens summary={say.findings.evidence(of.evidence.length)}>
          <ul className="grid gap-4 print:grid-cols-2 print:gap-3 print:text-sm">
            {of.evidence.map((item) => (
              <li key={`${item.kind}-${item.ref}`} className="keep border-l-2 border-rule pl-4">
                <EvidenceText of={item} />
              </li>
            ))}
          </ul>
        </Fold>
      </div>
    </article>
  )
}

const VerdictOf = ({ finding }: { finding: Finding }) =>
  finding.recommendable ? (
    <Badge tone="good">
      <CheckSign className="size-3.5" /> {say.findings.isRecommended}
    </Badge>
  ) : (
    <Badge tone="neutral">
      <CrossSign className="size-3.5" /> {say.findings.isNot}
    </Badge>
  )

const Told = ({ name, text }: { name: string; text: string }) => (
  <p className="wrap-anywhere">
    <strong className="font-semibold">{name}.</strong> {text}
  </p>
)

/** Its figures in a column: two values of 10, hours, euros, and how sure we are. */
function Worth({ finding }: { finding: Finding }) {
  const { source } = useReport()
  const calculation = finding.evidence.find((item) => item.kind === 'calculation')
  const benchmarks = finding.evidence.filter((item) => item.kind === 'benchmark').map((item) => item.ref)
  const counted = finding.hours_week > 0 || finding.revenue_year_cents !== 0
  return (
    <div className="grid content-start gap-3 text-sm">
      <dl className="grid gap-2">
        <OfTen name={say.findings.customers} value={finding.customer_value} />
        <OfTen name={say.findings.business} value={finding.business_health} />
        {finding.hours_week > 0 && (
          <Amount name={say.findings.time}>{say.findings.hours(number(finding.hours_week))}</Amount>
        )}
        {finding.revenue_year_cents !== 0 && (
          <Amount name={say.findings.revenue}>{say.findings.aYear(euros(finding.revenue_year_cents))}</Amount>
        )}
      </dl>
      <div className="grid gap-1">
        <div className="flex items-center justify-between gap-2">
          <Badge tone={CONFIDENCE_TONE[finding.confidence]}>
            {words.confidence[finding.confidence].word}
          </Badge>
          <Basis
            of={`${finding.id.toUpperCase()}, ${say.findings.figures}`}
            how={say.findings.figuresHow(counted ? calculation?.text : undefined)}
            assumptions={calculation ? [calculation.ref] : []}
            sources={benchmarks}
          />
        </div>
        <p className="text-muted">
          {confidenceReasons(finding, source).join(' ')}{' '}
          {counted && words.confidence[finding.confidence].meaning}
        </p>
      </div>
    </div>
  )
}

/** A value from 1 to 10, in figures and as ten steps. */
const OfTen = ({ name, value }: { name: string; value: number }) => (
  <div className="grid grid-cols-[1fr_auto] items-center gap-x-3 gap-y-1">
    <dt className="text-muted">{name}</dt>
    <dd className="figure font-semibold">{say.findings.of10(value)}</dd>
    <dd aria-hidden="true" className="col-span-2 flex gap-0.5">
      {Array.from({ length: 10 }, (_, step) => (
        <span key={step} className={`h-1.5 flex-1 rounded-xs ${step < value ? 'bg-accent' : 'bg-rule'}`} />
      ))}
    </dd>
  </div>
)

const Amount = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-3">
    <dt className="text-muted">{name}</dt>
    <dd className="figure font-semibold">{children}</dd>
  </div>
)

/** A reference: its own words, and for a benchmark the state of its source, for a calculation what it assumes. */
function EvidenceText({ of }: { of: Evidence }) {
  const { source, assumption } = useReport()
  const benchmark = of.kind === 'benchmark' ? source(of.ref) : undefined
  const assumed = of.kind === 'calculation' ? assumption(of.ref) : undefined
  return (
    <div className="grid gap-1">
      <p className="text-sm font-semibold text-muted">
        {words.evidence[of.kind]}
        {assumed && <> {assumed.id.toUpperCase()}</>}
      </p>
      <p className="wrap-anywhere">{of.text}</p>
      {benchmark && (
        <div className="text-sm">
          <SourceState of={benchmark} />
        </div>
      )}
      {assumed && <p className="text-sm text-muted wrap-anywhere">{assumed.sensitivity}</p>}
    </div>
  )
}
