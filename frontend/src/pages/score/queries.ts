// What the free score and the checkout ask the API: the score of a finished quiz, and what is for sale.
import { queryOptions } from '@tanstack/react-query'

import { api, bearer, call } from '@/api/client'
import type { QuizSession } from '@/lib/quiz-session'

/** A finished quiz does not change any more. */
export const teaserOf = (session: QuizSession) =>
  queryOptions({
    queryKey: ['teaser', session.sessionId],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      call(
        api.GET('/api/v1/quiz/sessions/{id}/teaser', {
          params: { path: { id: session.sessionId } },
          headers: bearer(session.token),
          signal,
        }),
      ),
  })

/** What can be bought; there is one of it. */
export const tierForSale = queryOptions({
  queryKey: ['tiers'],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => {
    const { items } = await call(api.GET('/api/v1/tiers', { signal }))
    const [tier] = items
    if (!tier) throw new Error('nothing is for sale')
    return tier
  },
})
