// Server state: what is asked again, how often, and what is not worth asking twice.
import { QueryClient } from '@tanstack/react-query'

import { ApiProblem } from '@/api/problem'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Offline is an answer, too: a request that is held back instead would leave its page loading.
      networkMode: 'always',
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A long wait is shown by the page, not spent behind its skeleton.
      retry: (count, error) =>
        count < 3 && error instanceof ApiProblem && error.isPassing && (error.retryAfterSeconds ?? 0) <= 5,
      retryDelay: (count, error) => {
        const asked = error instanceof ApiProblem ? error.retryAfterSeconds : undefined
        // Full jitter: pages that failed together do not come back together.
        return asked === undefined ? Math.random() * 1000 * 2 ** count : asked * 1000
      },
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
