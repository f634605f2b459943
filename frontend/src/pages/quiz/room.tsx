// Around the questions and the review of one industry: the questionnaire, the open quiz, and the saving of its answers.
import { useQuery } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'

import { ApiProblem } from '@/api/problem'
import type { Questionnaire, SessionView } from '@/api/schema'
import { frame } from '@messages/frame'
import { quiz as say } from '@messages/quiz'
import { type Autosave, createAutosave, type Saving } from '@/lib/autosave'
import { Redirect, useParam } from '@/lib/navigation'
import type { QuizSession } from '@/lib/quiz-session'
import type { Answers } from '@/lib/unsent'
import { Ended, Gate, UnknownIndustry } from '@/pages/quiz/doors'
import { nextOpen, type Progress, progressOf } from '@/pages/quiz/rules'
import { doorOf, questionnaireQuery, remember, sessionQuery, useQuizSession } from '@/pages/quiz/session'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { Page } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'
import { Block } from '@/ui/skeleton'

interface QuizRoom {
  questionnaire: Questionnaire
  session: QuizSession
  saver: Autosave
  saving: Saving
  /** Without those that were refused. */
  accepted: Answers
  progress: Progress
  /** The most that was done so far: a bar never runs backwards. */
  furthest: number
}

const Context = createContext<QuizRoom | undefined>(undefined)

export function useRoom(): QuizRoom {
  const room = use(Context)
  if (!room) throw new Error('outside of a quiz')
  return room
}

/** The step of the address, once there is a quiz for it. */
export function Room({ children }: { children: ReactNode }) {
  const industry = useParam('industry')
  const current = useQuizSession()
  const session = current?.industry === industry ? current : undefined
  const questionnaire = useQuery(questionnaireQuery(industry))
  if (questionnaire.isPending) return <Waiting />
  if (questionnaire.isError) {
    const { error } = questionnaire
    if (error instanceof ApiProblem && [400, 404, 422].includes(error.status)) return <UnknownIndustry />
    return (
      <Failed
        title={say.questionnaireFailed}
        error={error}
        onRetry={() => void questionnaire.refetch()}
        busy={questionnaire.isFetching}
      />
    )
  }
  if (!session) return <Gate questionnaire={questionnaire.data} other={current} />
  return (
    <Session key={session.sessionId} session={session} questionnaire={questionnaire.data}>
      {children}
    </Session>
  )
}

/** To the first open question; where there is none, to the review. */
export function GoOn() {
  const { questionnaire, accepted } = useRoom()
  const step = nextOpen(questionnaire, accepted)?.id ?? 'review'
  return <Redirect to={href.quiz(questionnaire.industry, step)} replace />
}

interface SessionProps {
  session: QuizSession
  questionnaire: Questionnaire
  children: ReactNode
}

function Session({ session, questionnaire, children }: SessionProps) {
  const view = useQuery(sessionQuery(session))
  if (view.isPending) return <Waiting />
  if (view.isSuccess)
    return (
      <Open session={session} questionnaire={questionnaire} view={view.data}>
        {children}
      </Open>
    )
  if (view.error instanceof ApiProblem && [401, 404, 410].includes(view.error.status)) {
    return <Ended session={session} />
  }
  return (
    <Failed
      title={say.sessionFailed}
      error={view.error}
      onRetry={() => void view.refetch()}
      busy={view.isFetching}
    />
  )
}

interface OpenProps extends SessionProps {
  view: SessionView
}

function Open({ session, questionnaire, view, children }: OpenProps) {
  const [saver] = useState(() => createAutosave(session.sessionId, view, doorOf(session)))
  useEffect(() => saver.start(), [saver])
  const saving = useSyncExternalStore(saver.subscribe, saver.read)
  useEffect(() => {
    if (!saving.ended) remember(session, saving.answers)
  }, [session, saving])
  useTold(saving.state)
  const accepted = useMemo(
    () => Object.fromEntries(Object.entries(saving.answers).filter(([id]) => !saving.refused.has(id))),
    [saving],
  )
  const progress = progressOf(questionnaire, accepted)
  const [furthest, setFurthest] = useState(progress.done)
  if (progress.done > furthest) setFurthest(progress.done)
  const room = useMemo(
    () => ({ questionnaire, session, saver, saving, accepted, progress, furthest }),
    [questionnaire, session, saver, saving, accepted, progress, furthest],
  )
  if (saving.ended === 'gone') return <Ended session={session} />
  return <Context value={room}>{children}</Context>
}

/** Only what is out of the ordinary is said aloud; "Saved" after every answer would be noise. */
function useTold(state: Saving['state']) {
  const told = useRef(state)
  useEffect(() => {
    if (state === told.current || state === 'saving') return
    const wasAway = told.current === 'offline' || told.current === 'away'
    told.current = state
    if (state !== 'saved') announce(say.saving[state])
    else if (wasAway) announce(say.saving.back)
  }, [state])
}

export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title} width="narrow">
      {children}
    </Page>
  )
}

const Waiting = () => (
  <Frame title={say.choose.short}>
    <div className="grid gap-4" aria-busy="true">
      <p className="sr-only" role="status">
        {frame.loading}
      </p>
      <Block className="h-2 w-full" />
      <Block className="mt-8 h-9 w-4/5" />
      <Block className="h-5 w-3/5" />
      <Block className="mt-4 h-14 w-full" />
      <Block className="h-14 w-full" />
      <Block className="h-14 w-full" />
    </div>
  </Frame>
)

interface FailedProps {
  title: string
  error: unknown
  onRetry: () => void
  busy: boolean
}

const Failed = ({ title, ...notice }: FailedProps) => (
  <Frame title={title}>
    <h1 className="mb-6 text-2xl font-semibold">{title}</h1>
    <ProblemNotice {...notice} />
  </Frame>
)
