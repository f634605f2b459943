// The finished quiz that the free score and the checkout stand on, or what is missing for it and where to get it.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { Completed } from '@/api/schema'
import { quizSession, type QuizSession } from '@/lib/quiz-session'
import { PageState } from '@/pages/errors/page-state'
import { ProblemState } from '@/pages/errors/problem-state'
import { teaserOf } from '@/pages/score/queries'
import { score as say } from '@messages/score'
import { href } from '@/routes'
import { LinkButton } from '@/ui/button'

interface FinishedQuizProps {
  title: string
  /** While the score is on its way. */
  waiting: ReactNode
  children: (session: QuizSession, completed: Completed) => ReactNode
}

export function FinishedQuiz({ title, waiting, children }: FinishedQuizProps) {
  const [session] = useState(() => quizSession.read())
  return session ? <OfSession {...{ session, title, waiting, children }} /> : <NoSession />
}

function OfSession({ session, title, waiting, children }: FinishedQuizProps & { session: QuizSession }) {
  const { data, error, isFetching, refetch } = useQuery(teaserOf(session))
  const retry = useCallback(() => void refetch(), [refetch])
  if (data) return children(session, data)
  if (!error) return waiting
  if (error instanceof ApiProblem && error.code === 'conflict') return <Unfinished session={session} />
  if (error instanceof ApiProblem && (error.code === 'gone' || error.code === 'not_found')) return <Gone />
  return <ProblemState title={title} error={error} onRetry={retry} busy={isFetching} />
}

const NoSession = () => (
  <PageState
    title={say.noSession.title}
    text={say.noSession.text}
    actions={
      <>
        <LinkButton to={href.quiz()}>{say.noSession.start}</LinkButton>
        <LinkButton to={href.sample} variant="secondary">
          {say.noSession.sample}
        </LinkButton>
      </>
    }
  />
)

const Unfinished = ({ session }: { session: QuizSession }) => (
  <PageState
    title={say.unfinished.title}
    text={say.unfinished.text}
    actions={<LinkButton to={href.quiz(session.industry, 'review')}>{say.unfinished.review}</LinkButton>}
  />
)

const Gone = () => (
  <PageState
    title={say.gone.title}
    text={say.gone.text}
    actions={<LinkButton to={href.quiz()}>{say.gone.start}</LinkButton>}
  />
)
