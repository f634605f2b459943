// One recommendation: what it is for, our choice at a glance, the three options, what it brings over time, and what
// the reader's own figures would say.
import { lazy, Suspense, useState } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Recommendation } from '@/api/schema'
import { euros } from '@/lib/money'
import { net, number } from '@/lib/percent'
import { Badge } from '@/ui/badge'

import { scenarioOwner } from '@/pages/report/roi/owner'
import { CopyLink } from './copy-link'
import { anchor, useReport } from './lookup'
import { paybackText, roiText, winnerFirst, winning } from './numbers'
import { OptionCard } from './option-card'
import { Fold, Label, Lines } from './section'
import { PRIORITY_TONE, StarSign } from './signs'
import { OptionBars, Timeline } from './value-charts'

const RoiCalculator = lazy(async () => {
  const { RoiCalculator: calculator } = await import('../roi/calculator')
  return { default: calculator }
})

export function RecommendationCard({ of, startsOpen }: { of: Recommendation; startsOpen: boolean }) {
  const { finding } = useReport()
  const winner = winning(of)
  const raw = finding(of.finding_id)?.hours_week ?? 0
  return (
    <article
      id={anchor.recommendation(of.id)}
      aria-labelledby={`${of.id}-title`}
      className="starts-page flow grid gap-5 rounded-card border border-rule p-4 shadow-card sm:p-7 print:p-4"
    >
      <header className="grid gap-3">
        <div className="flex items-center justify-between gap-3 text-sm">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-semibold text-accent">{of.id.toUpperCase()}</span>
            <Badge tone={PRIORITY_TONE[of.priority]}>{words.priority[of.priority].word}</Badge>
            <span className="text-muted">{words.priority[of.priority].meaning}</span>
          </p>
          <CopyLink
            to={anchor.recommendation(of.id)}
            label={say.findings.copyRecommendation(of.id.toUpperCase())}
          />
        </div>
        <h3 id={`${of.id}-title`} className="text-xl font-semibold wrap-anywhere sm:text-2xl">
          {of.title}
        </h3>
      </header>
      <div className="grid gap-4 sm:grid-cols-2 sm:gap-8">
        <Why title={say.recommendations.customers} text={of.why.customers} />
        <Why title={say.recommendations.business} text={of.why.business} />
      </div>
      <Choice of={of} />
      <details data-opens="" open={startsOpen} className="group/compare min-w-0">
        <summary className="flex min-h-12 list-none items-center justify-between gap-3 rounded-lg border border-edge px-4 py-2 font-semibold hover:bg-surface [&::-webkit-details-marker]:hidden">
          {say.recommendations.compare}
          <svg
            viewBox="0 0 16 16"
            className="no-print size-4 shrink-0 text-muted transition-transform group-open/compare:rotate-180"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
            strokeLinejoin="round"
            aria-hidden="true"
          >
            <path d="m3.5 6 4.5 4.5L12.5 6" />
          </svg>
        </summary>
        <div className="flow grid gap-8 pt-5 print:pt-2">
          <div className="grid gap-8 lg:grid-cols-2 print:grid-cols-2 print:gap-6">
            <Timeline option={winner} />
            <OptionBars recommendation={of} />
          </div>
          <div className="grid gap-5 sm:grid-cols-2 sm:gap-8">
            <Why title={say.recommendations.why(lower(words.option[of.winner].word))} text={of.why_winner} />
            <div className="grid content-start gap-1">
              <Label>{say.recommendations.chooseIf}</Label>
              <Lines items={of.choose_instead_if} />
            </div>
          </div>
          {/* Rows line up across the three: each card lends its rows from this grid. */}
          <ul className="options grid gap-4 lg:grid-cols-3 lg:grid-rows-[repeat(8,auto)] lg:gap-y-0 print:grid-cols-3 print:grid-rows-[repeat(8,auto)] print:gap-x-2 print:gap-y-0">
            {winnerFirst(of).map((option) => (
              <OptionCard key={option.kind} option={option} recommendation={of} />
            ))}
          </ul>
          <p className="text-sm text-muted">
            {say.recommendations.alone(number(of.credited_hours_week), number(raw))}{' '}
            {of.assumptions.length > 0 && (
              <>
                {say.recommendations.assumptions}:{' '}
                {of.assumptions.map((id, index) => (
                  <span key={id}>
                    {index > 0 && ', '}
                    <a href={`#assumption-${id}`} className="text-accent underline underline-offset-4">
                      {id.toUpperCase()}
                    </a>
                  </span>
                ))}
                .
              </>
            )}
          </p>
        </div>
      </details>
      <Calculator of={of} />
    </article>
  )
}

const Why = ({ title, text }: { title: string; text: string }) => (
  <div className="grid content-start gap-1">
    <Label>{title}</Label>
    <p className="wrap-anywhere">{text}</p>
  </div>
)

/** The chosen option in three lines, for whoever reads no further. */
function Choice({ of }: { of: Recommendation }) {
  const winner = winning(of)
  const { conservative } = winner.roi
  return (
    <div className="keep grid gap-3 rounded-lg bg-tint p-4 sm:p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="inline-flex items-center gap-1.5 text-sm font-semibold text-accent">
            <StarSign /> {say.recommendations.ourChoice}
          </span>
          <strong className="text-lg font-semibold wrap-anywhere">{winner.label}</strong>
          <span className="text-sm text-muted">{words.option[winner.kind].word}</span>
        </p>
        <p className="text-sm text-muted">
          {say.option.net} <strong className="figure font-semibold text-ink">{net(winner.net)}</strong>
        </p>
      </div>
      <p className="figure">
        {say.option.roi(roiText(conservative))}, {paybackText(conservative.payback_months)}.{' '}
        <strong className="font-semibold">{say.option.net3y(euros(conservative.net_3y_cents))}.</strong>
      </p>
      {of.sensitivity && (
        <p className="figure text-sm text-muted">
          <strong className="font-semibold text-ink">{say.recommendations.sensitivity}.</strong>{' '}
          {say.recommendations.sensitivityText(
            roiText(of.sensitivity),
            paybackText(of.sensitivity.payback_months),
            euros(of.sensitivity.net_3y_cents),
          )}
        </p>
      )}
    </div>
  )
}

/** Comes when somebody wants it; a shared scenario opens it at once. */
function Calculator({ of }: { of: Recommendation }) {
  const { report } = useReport()
  const [open, setOpen] = useState(() => scenarioOwner(window.location.search) === of.id)
  return (
    <div className="no-print border-t border-rule pt-2">
      <Fold
        id={anchor.calculator(of.id)}
        summary={say.recommendations.calculator}
        open={open}
        onToggle={setOpen}
      >
        {open && (
          <Suspense fallback={<p className="text-muted">{say.recommendations.calculatorLoading}</p>}>
            <RoiCalculator recommendation={of} document={report} />
          </Suspense>
        )}
      </Fold>
    </div>
  )
}

const lower = (word: string) => word.charAt(0).toLowerCase() + word.slice(1)
