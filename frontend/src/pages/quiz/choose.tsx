// Where the quiz begins: one industry out of those that there are, or on with what was begun.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { queries } from '@/api/query'
import type { IndustrySummary } from '@/api/schema'
import { quiz } from '@messages/quiz'
import { useNavigate } from '@/lib/navigation'
import { ResumeBanner } from '@/pages/quiz/resume-banner'
import { begin, industriesQuery, questionnaireQuery, useQuizSession } from '@/pages/quiz/session'
import { StartOver } from '@/pages/quiz/start-over'
import { href } from '@/routes'
import { Spinner } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Page } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'
import { Block } from '@/ui/skeleton'

const say = quiz.choose

export function Choose() {
  const session = useQuizSession()
  const industries = useQuery(industriesQuery)
  const navigate = useNavigate()
  const [starting, setStarting] = useState<string>()
  const [asked, setAsked] = useState<string>()
  const [failure, setFailure] = useState<{ industry: string; error: unknown }>()

  const start = async (industry: string) => {
    setAsked(undefined)
    setFailure(undefined)
    setStarting(industry)
    try {
      const questionnaire = await begin(industry)
      navigate(href.quiz(industry, questionnaire.questions[0]?.id))
    } catch (error) {
      setFailure({ industry, error })
    }
    setStarting(undefined)
  }
  const choose = (industry: string) => {
    if (starting !== undefined) return
    if (session?.industry === industry) navigate(href.quiz(industry))
    else if (session) setAsked(industry)
    else void start(industry)
  }

  return (
    <Page title={say.short} width="narrow">
      <div className="grid gap-8">
        <div className="grid gap-3">
          <h1 className="text-3xl font-semibold sm:text-4xl">{say.title}</h1>
          <p className="text-lg text-muted">{say.lead}</p>
        </div>
        {session && <ResumeBanner key={session.sessionId} session={session} />}
        <section className="grid gap-4" aria-labelledby="which">
          <h2 id="which" className="text-xl font-semibold">
            {say.which}
          </h2>
          {failure && (
            <ProblemNotice
              error={failure.error}
              title={say.failed}
              onRetry={() => void start(failure.industry)}
              busy={starting !== undefined}
            />
          )}
          {industries.isPending && <Cards />}
          {industries.isError && (
            <ProblemNotice
              error={industries.error}
              onRetry={() => void industries.refetch()}
              busy={industries.isFetching}
            />
          )}
          {industries.data?.items.length === 0 && (
            <EmptyState title={say.empty}>
              <p>{say.emptyText}</p>
            </EmptyState>
          )}
          <ul className="grid gap-3">
            {industries.data?.items.map((industry) => (
              <li key={industry.slug}>
                <IndustryCard
                  industry={industry}
                  busy={starting === industry.slug}
                  onChoose={() => choose(industry.slug)}
                />
              </li>
            ))}
          </ul>
          <p className="text-sm text-muted">{say.time}</p>
          <details className="rounded-card border border-rule">
            <summary className="min-h-11 px-4 py-2.5 font-medium">{say.otherTitle}</summary>
            <p className="px-4 pb-4 text-muted">{say.other}</p>
          </details>
        </section>
      </div>
      <StartOver
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => asked && void start(asked)}
      />
    </Page>
  )
}

interface IndustryCardProps {
  industry: IndustrySummary
  busy: boolean
  onChoose: () => void
}

function IndustryCard({ industry, busy, onChoose }: IndustryCardProps) {
  // The questions are on their way before the click has come.
  const expect = () => void queries.prefetchQuery(questionnaireQuery(industry.slug))
  return (
    <button
      type="button"
      onClick={onChoose}
      onPointerEnter={expect}
      onFocus={expect}
      aria-busy={busy || undefined}
      className="group flex w-full items-center gap-4 rounded-card border border-edge bg-paper p-5 text-left transition-colors duration-150 hover:border-accent hover:bg-tint"
    >
      <span className="grid flex-1 gap-1">
        <span className="text-lg font-semibold">{industry.name}</span>
        <span className="text-muted">{industry.description}</span>
      </span>
      <span aria-hidden="true" className="grid size-6 shrink-0 place-items-center text-xl text-accent">
        {busy ? <Spinner /> : '→'}
      </span>
    </button>
  )
}

const Cards = () => (
  <div className="grid gap-3" aria-busy="true">
    <Block className="h-24 w-full" />
    <Block className="h-24 w-full" />
    <Block className="h-24 w-full" />
  </div>
)
