// Which quiz this browser is in the middle of, the API's side of it, and beginning, opening and leaving one.
import { queryOptions } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import * as v from 'valibot'

import { api, bearer, call } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { queries } from '@/api/query'
import type { Questionnaire } from '@/api/schema'
import type { Door } from '@/lib/autosave'
import { type QuizSession, quizSession } from '@/lib/quiz-session'
import { stored } from '@/lib/storage'
import { type Answers, dropAllUnsent, isSame, readAnswers, unsentOf } from '@/lib/unsent'
import { stillKnown } from '@/pages/quiz/rules'

/** Longer than any answer takes; then it counts as none. */
const PATIENCE_MS = 15_000
const FIVE_MINUTES = 300_000

export const industriesQuery = queryOptions({
  queryKey: ['industries'],
  queryFn: () => call(api.GET('/api/v1/industries')),
  staleTime: FIVE_MINUTES,
})

export const questionnaireQuery = (industry: string) =>
  queryOptions({
    queryKey: ['questionnaire', industry],
    queryFn: () => call(api.GET('/api/v1/questionnaires/{industry}', { params: { path: { industry } } })),
    staleTime: FIVE_MINUTES,
  })

export const sessionQuery = (session: QuizSession) =>
  queryOptions({
    queryKey: ['quiz-session', session.sessionId],
    queryFn: () => loadSession(session),
    // Saving knows better from then on.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export const loadSession = ({ sessionId, token }: Pick<QuizSession, 'sessionId' | 'token'>) =>
  call(
    api.GET('/api/v1/quiz/sessions/{id}', {
      params: { path: { id: sessionId } },
      headers: bearer(token),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  )

/** The API as saving needs it. */
export const doorOf = (session: QuizSession): Door => ({
  load: () => loadSession(session),
  save: (version, answers) =>
    call(
      api.PATCH('/api/v1/quiz/sessions/{id}', {
        params: { path: { id: session.sessionId }, header: { 'If-Match': `"${version}"` } },
        headers: bearer(session.token),
        body: { answers },
        signal: AbortSignal.timeout(PATIENCE_MS),
        // Arrives also when the page is closed right after an answer.
        keepalive: true,
      }),
    ),
})

export const complete = ({ sessionId, token }: QuizSession, email: string | null) =>
  call(
    api.POST('/api/v1/quiz/sessions/{id}/complete', {
      params: { path: { id: sessionId } },
      headers: bearer(token),
      body: { consent: true, email },
    }),
  )

/** A new quiz, which takes the place of the one before; answers that it still knows go along, and are saved like any. */
export async function begin(industry: string, answers: Answers = {}): Promise<Questionnaire> {
  let questionnaire = await queries.ensureQueryData(questionnaireQuery(industry))
  const create = () =>
    call(
      api.POST('/api/v1/quiz/sessions', { body: { industry, questionnaire_version: questionnaire.version } }),
    )
  const created = await create().catch(async (error: unknown) => {
    if (!(error instanceof ApiProblem) || !error.fields.has('questionnaire_version')) throw error
    // The questions changed since they were loaded.
    questionnaire = await queries.fetchQuery({ ...questionnaireQuery(industry), staleTime: 0 })
    return create()
  })
  const carried = Object.entries(stillKnown(questionnaire, answers))
  open({ sessionId: created.session_id, token: created.token, industry, expiresAt: created.expires_at })
  const unsent = unsentOf(created.session_id)
  for (const [question, value] of carried) {
    unsent.put(question, { value, base: null, tried: [], stamp: 'carried' })
  }
  return questionnaire
}

/** Takes the place of any other. */
export function open(session: QuizSession): void {
  if (quizSession.read()?.sessionId !== session.sessionId) leave()
  current = session
  quizSession.write(session)
  tell()
}

/** Nothing of it stays on this device. */
export function leave(): void {
  current = undefined
  quizSession.clear()
  mirror.clear()
  dropAllUnsent()
  tell()
}

// A copy of the answers on this device, for the day when the server has deleted its own.
const mirror = stored(
  'quiz-answers',
  v.object({ session: v.string(), answers: v.record(v.string(), v.unknown()) }),
)

export function remember({ sessionId }: QuizSession, answers: Answers): void {
  mirror.write({ session: sessionId, answers })
}

export const forgetCopy = () => mirror.clear()

export function remembered({ sessionId }: QuizSession): Answers {
  const kept = mirror.read()
  const answers = kept?.session === sessionId ? readAnswers(kept.answers) : {}
  return withUnsent(sessionId, answers)
}

/** The answers as the person gave them, with those that did not reach the server. */
export function withUnsent(sessionId: string, answers: Answers): Answers {
  const whole: Record<string, Answers[string]> = { ...answers }
  for (const [question, { value }] of unsentOf(sessionId).entries()) {
    if (value === null) delete whole[question]
    else whole[question] = value
  }
  return whole
}

export const unsentCount = (sessionId: string, answers: Answers) =>
  [...unsentOf(sessionId).entries()].filter(([id, { value }]) => !isSame(value, answers[id] ?? null)).length

const listeners = new Set<() => void>()
let current: QuizSession | undefined

/** This browser's quiz; follows what other tabs begin and leave. */
export const useQuizSession = () => useSyncExternalStore(subscribe, look)

function look(): QuizSession | undefined {
  const kept = quizSession.read()
  // Where the browser keeps nothing, the quiz lives as long as the tab.
  if (kept === undefined && !canKeep()) return current
  // The same object for the same quiz, so that nothing renders for nothing.
  if (kept?.sessionId !== current?.sessionId || kept?.token !== current?.token) current = kept
  return current
}

const probe = stored('probe', v.boolean())
let keeps: boolean | undefined

function canKeep(): boolean {
  keeps ??= probe.write(true)
  probe.clear()
  return keeps
}

function tell() {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  const elsewhere = (event: StorageEvent) => {
    if (event.key === null || event.key === 'crb.quiz') listener()
  }
  listeners.add(listener)
  window.addEventListener('storage', elsewhere)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', elsewhere)
  }
}
