// The quiz that this browser is in the middle of: its id and its token, nothing else.
import * as v from 'valibot'

import { stored } from '@/lib/storage'

const Session = v.object({
  sessionId: v.pipe(v.string(), v.uuid()),
  token: v.pipe(v.string(), v.minLength(20), v.maxLength(200)),
  industry: v.pipe(v.string(), v.regex(/^[a-z-]{2,60}$/)),
  expiresAt: v.string(),
})

export type QuizSession = v.InferOutput<typeof Session>

export const quizSession = stored('quiz', Session)

/** The link by which another device goes on; the token stands in the fragment, which no server sees. */
export function resumeLink(session: QuizSession): string {
  const fragment = new URLSearchParams({ session: session.sessionId, token: session.token })
  return `${window.location.origin}/quiz/resume#${fragment}`
}
