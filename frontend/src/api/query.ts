// Server state: what is asked again, how often, and what is not worth asking twice.
import { QueryClient } from '@tanstack/react-query'

import { ApiProblem } from '@/api/problem'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 3 && error instanceof ApiProblem && error.isPassing,
      retryDelay: (count, error) => {
        const asked = error instanceof ApiProblem ? error.retryAfterSeconds : undefined
        // Full jitter: pages that failed together do not come back together.
        return asked === undefined ? Math.random() * 1000 * 2 ** count : asked * 1000
      },
    },
    mutations: { retry: false },
  },
})
