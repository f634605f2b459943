// A quiz that was begun on this device: how far it is, and on with it, here or on another device.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'

import { ApiProblem } from '@/api/problem'
import { quiz } from '@messages/quiz'
import { useNavigate } from '@/lib/navigation'
import { type QuizSession, resumeLink } from '@/lib/quiz-session'
import { readAnswers } from '@/lib/unsent'
import { CompletedNotice } from '@/pages/quiz/doors'
import { ProgressBar } from '@/pages/quiz/progress-bar'
import { nextOpen, progressOf } from '@/pages/quiz/rules'
import { leave, loadSession, questionnaireQuery, unsentCount, withUnsent } from '@/pages/quiz/session'
import { StartOver } from '@/pages/quiz/start-over'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { ProblemNotice } from '@/ui/problem-notice'
import { Block } from '@/ui/skeleton'

const say = quiz.resume

export function ResumeBanner({ session }: { session: QuizSession }) {
  const questionnaire = useQuery(questionnaireQuery(session.industry))
  const view = useQuery({
    queryKey: ['quiz-begun', session.sessionId],
    queryFn: () => loadSession(session),
    staleTime: 0,
    gcTime: 0,
  })
  const error = view.error ?? questionnaire.error
  if (error instanceof ApiProblem && [401, 404, 410].includes(error.status)) {
    return (
      <Banner title={say.gone}>
        <div className="flex flex-wrap gap-3">
          <LinkButton to={href.quiz(session.industry)}>{say.goneGo}</LinkButton>
          <Forget />
        </div>
      </Banner>
    )
  }
  if (error) {
    const retry = () => void Promise.all([view.refetch(), questionnaire.refetch()])
    const busy = view.isFetching || questionnaire.isFetching
    return <ProblemNotice title={say.failed} error={error} onRetry={retry} busy={busy} />
  }
  if (!view.data || !questionnaire.data) return <Block className="h-36 w-full" />
  const { industry_name: name, industry } = questionnaire.data
  const saved = readAnswers(view.data.answers)
  const answers = withUnsent(session.sessionId, saved)
  if (view.data.status === 'completed') {
    return (
      <Banner title={say.done} text={say.doneText(name)}>
        <CompletedNotice session={session} answers={answers} late={unsentCount(session.sessionId, saved)}>
          <Forget />
        </CompletedNotice>
      </Banner>
    )
  }
  const { done, all } = progressOf(questionnaire.data, answers)
  const unsent = unsentCount(session.sessionId, saved)
  return (
    <Banner title={say.heading} text={say.at(done, all, name)}>
      <ProgressBar value={done} max={all} label={say.at(done, all, name)} />
      {unsent > 0 && <p>{say.unsent(unsent)}</p>}
      <div className="flex flex-wrap items-start gap-3">
        <LinkButton to={href.quiz(industry, nextOpen(questionnaire.data, answers)?.id ?? 'review')}>
          {say.go}
        </LinkButton>
        <CopyButton text={() => resumeLink(session)} label={say.link} />
        <Forget />
      </div>
      <p className="text-sm text-muted">{say.linkHelp}</p>
    </Banner>
  )
}

const Banner = ({ title, text, children }: { title: string; text?: string; children: ReactNode }) => (
  <section aria-labelledby="begun" className="grid gap-4 rounded-card border border-accent bg-tint p-5">
    <div className="grid gap-1">
      <h2 id="begun" className="text-xl font-semibold">
        {title}
      </h2>
      {text && <p className="figure">{text}</p>}
    </div>
    {children}
  </section>
)

function Forget() {
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <Button variant="quiet" onClick={() => setAsks(true)}>
        {say.over}
      </Button>
      <StartOver
        open={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false)
          leave()
          navigate(href.quiz(), { replace: true })
        }}
      />
    </>
  )
}
