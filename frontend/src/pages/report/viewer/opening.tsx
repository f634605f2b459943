// What is read first: for whom, the verdict and its reasons, the money, and the one next step.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { VerdictClass } from '@/api/schema'
import { longDate } from '@/lib/date'
import { Badge, type Tone } from '@/ui/badge'

import { KeyFigures } from './key-figures'
import { anchor, useReport } from './lookup'
import { Notices } from './notices'
import { Label, Lines } from './section'
import { CheckSign, CrossSign, VERDICT_TONE, VerdictSign } from './signs'

export function Opening({ actions }: { actions: ReactNode }) {
  const { report } = useReport()
  const { company } = report
  // The day as it is in UTC, as on the cover of the PDF.
  const day = longDate(report.generated_at.slice(0, 10)).replaceAll(' ', '\u00a0')
  return (
    <header className="grid gap-6">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-5">
        <div className="grid min-w-0 gap-2">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm font-semibold text-accent">
            {say.eyebrow}
            {report.sample && <Badge tone="accent">{say.sampleBadge}</Badge>}
          </p>
          <h1 className="text-3xl font-semibold wrap-anywhere sm:text-4xl">{company.name}</h1>
          <p className="text-muted">{say.about(company.industry_name, company.employees, day)}</p>
        </div>
        <div className="no-print">{actions}</div>
      </div>
      {report.sample && (
        <p className="rounded-lg bg-tint px-4 py-3" role="note">
          {say.sample}
        </p>
      )}
    </header>
  )
}

const EDGE: Record<Tone, string> = {
  good: 'border-good',
  warn: 'border-warn',
  alert: 'border-alert',
  bad: 'border-bad',
  neutral: 'border-neutral',
  accent: 'border-accent',
}

const FILL: Record<Tone, string> = {
  good: 'bg-good-tint text-good',
  warn: 'bg-warn-tint text-warn',
  alert: 'bg-alert-tint text-alert',
  bad: 'bg-bad-tint text-bad',
  neutral: 'bg-neutral-tint text-neutral',
  accent: 'bg-tint text-accent',
}

export function Verdict() {
  const { report } = useReport()
  const { verdict, summary } = report
  return (
    <section
      id={anchor.verdict}
      aria-labelledby="verdict-title"
      className="flow grid grid-cols-[minmax(0,1fr)] gap-8"
    >
      <div className={`grid gap-6 border-l-4 pl-5 sm:pl-7 ${EDGE[VERDICT_TONE[verdict.class]]}`}>
        <div className="grid gap-3">
          <VerdictClassLine of={verdict.class} />
          <h2 id="verdict-title" className="text-2xl font-semibold wrap-anywhere sm:text-3xl">
            {verdict.headline}
          </h2>
          <p className="max-w-3xl text-lg text-muted wrap-anywhere">{verdict.subheadline}</p>
        </div>
      </div>
      <KeyFigures />
      <div className="keep grid gap-4">
        <div className="grid gap-6 lg:grid-cols-2 lg:gap-10 print:grid-cols-2">
          <div className="grid content-start gap-2">
            <Label>{say.verdict.reasons}</Label>
            <Lines items={verdict.reasons} />
          </div>
          {verdict.do_instead.length > 0 && (
            <div className="grid content-start gap-2">
              <Label>{say.verdict.instead}</Label>
              <Lines items={verdict.do_instead} />
            </div>
          )}
        </div>
        <p className="text-sm text-muted">{say.verdict.review(longDate(verdict.next_review))}</p>
      </div>
      <div className="grid gap-6 lg:grid-cols-[1.1fr_1fr] print:grid-cols-2">
        <NextStep />
        <div className="grid content-start gap-2 rounded-card bg-surface p-5 sm:p-6">
          <Label>{say.verdict.insight}</Label>
          <p className="text-lg wrap-anywhere">{summary.key_insight}</p>
        </div>
      </div>
      <div className="grid gap-6 sm:grid-cols-2">
        <Named title={say.begin} ids={summary.top} sign={<CheckSign className="mt-1 size-4 text-good" />} />
        <Named
          title={say.leave}
          ids={summary.avoid}
          sign={<CrossSign className="mt-1 size-4 text-neutral" />}
        />
      </div>
      <Notices />
    </section>
  )
}

/** The class in words, with its sign and in its colour. */
function VerdictClassLine({ of }: { of: VerdictClass }) {
  const { word, meaning } = words.verdict[of]
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <span
        className={`inline-flex items-center gap-2 rounded-full px-3.5 py-1 font-semibold ${FILL[VERDICT_TONE[of]]}`}
      >
        <VerdictSign of={of} className="size-5" />
        <span className="sr-only">{say.verdict.label}: </span>
        {word}
      </span>
      <span className="text-sm text-muted">{meaning}</span>
    </p>
  )
}

/** One thing to do, small enough for today; without quick wins, the first step of the roadmap. */
function NextStep() {
  const { report, recommendation } = useReport()
  const [win] = report.quick_wins
  const [step] = [...report.roadmap.short, ...report.roadmap.mid, ...report.roadmap.long]
  const next = win
    ? { text: win.first_step, when: say.next.minutes(win.minutes), to: win.recommendation_id }
    : step && {
        text: step.title,
        when: say.next.weeks(step.weeks_from, step.weeks_to),
        to: step.recommendation_id,
      }
  if (!next) return null
  const belongs = recommendation(next.to)
  return (
    <div className="grid content-start gap-2 rounded-card border-2 border-accent p-5 sm:p-6">
      <p className="flex flex-wrap items-center gap-x-3 text-sm font-semibold text-accent">
        {say.next.label}
        <span className="font-normal text-muted">{next.when}</span>
      </p>
      <p className="text-lg font-semibold wrap-anywhere">{next.text}</p>
      {belongs && (
        <a
          href={`#${anchor.recommendation(belongs.id)}`}
          className="inline-flex min-h-11 items-center text-accent underline underline-offset-4 wrap-anywhere"
        >
          {say.next.for(belongs.title)}
        </a>
      )}
    </div>
  )
}

function Named({ title, ids, sign }: { title: string; ids: readonly string[]; sign: ReactNode }) {
  const { finding, answerTo } = useReport()
  const found = ids.flatMap((id) => finding(id) ?? [])
  if (found.length === 0) return null
  return (
    <div className="keep grid content-start gap-1">
      <Label>{title}</Label>
      <ul>
        {found.map((one) => {
          const answer = answerTo(one.id)
          return (
            <li key={one.id}>
              <a
                href={`#${answer ? anchor.recommendation(answer.id) : anchor.finding(one.id)}`}
                className="grid min-h-11 grid-cols-[auto_minmax(0,1fr)] gap-2.5 py-2 print:min-h-0 print:py-1 underline-offset-4 hover:text-accent hover:underline"
              >
                {sign}
                <span className="wrap-anywhere">{one.title}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
