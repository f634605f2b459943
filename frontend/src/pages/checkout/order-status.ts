// Asks for an order until it is settled: quickly at first, then calmly, and only while somebody looks.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { OrderView } from '@/api/schema'
import { orderOf } from '@/pages/checkout/orders'

const LONG_MS = 60_000

export function useOrderStatus(owned: { orderId: string; token: string }) {
  const { data, error } = useQuery({
    ...orderOf(owned),
    staleTime: 0,
    // A failure is shown at once, and the next question is its retry.
    retry: false,
    refetchInterval: ({ state }) =>
      isSettled(state.data, state.error)
        ? false
        : pauseMs(state.dataUpdateCount + state.errorUpdateCount, state.error),
    refetchOnWindowFocus: ({ state }) => (isSettled(state.data, state.error) ? false : 'always'),
  })
  const isLong = useIsOlderThan(LONG_MS)
  return { order: data, error, isAway: error instanceof ApiProblem && error.isPassing, isLong }
}

/** Paid, with a report that is on its way or there. */
export const isPaidNow = (order: OrderView) => order.status === 'paid' && order.report_url !== undefined

/** Nothing that this page waits for will come any more. An expired order is still paid by money that came late. */
export function isSettled(order: OrderView | undefined, error: Error | null): boolean {
  if (error instanceof ApiProblem && !error.isPassing) return true
  if (!order || order.status === 'open' || order.status === 'expired') return false
  return order.status !== 'paid' || isPaidNow(order)
}

/** 1 s, then 2, then 5; longer where the server asks for it. */
export function pauseMs(asked: number, error: Error | null): number {
  const calm = asked < 10 ? 1000 : asked < 20 ? 2000 : 5000
  const wanted = error instanceof ApiProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  return Math.max(calm, wanted)
}

function useIsOlderThan(limitMs: number): boolean {
  const [isOlder, setIsOlder] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsOlder(true), limitMs)
    return () => clearTimeout(timer)
  }, [limitMs])
  return isOlder
}
