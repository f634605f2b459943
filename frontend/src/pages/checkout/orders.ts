// Orders at the API: asking for one, placing one, and what a refusal means for the buyer.
import { queryOptions, skipToken } from '@tanstack/react-query'

import { api, bearer, call } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { OrderView } from '@/api/schema'
import type { QuizSession } from '@/lib/quiz-session'
import { forgetOrderKeys, orderKey } from '@/pages/checkout/order-key'
import { rememberedOrderOf, rememberOrder } from '@/pages/checkout/remembered-order'
import { href } from '@/routes'

interface Owned {
  orderId: string
  token: string
}

export const orderOf = (order: Owned | undefined) =>
  queryOptions({
    queryKey: ['order', order?.orderId],
    queryFn: order ? ({ signal }) => viewOrder(order, signal) : skipToken,
  })

/** Money was taken for it, whatever became of it later. */
export const wasPaid = (order: OrderView) => order.status !== 'open' && order.status !== 'expired'

/** The report's address within the app. Of the API's own only the fragment is taken, which holds the report's token. */
export function reportPlace(order: OrderView): string | undefined {
  if (!order.report_id || !order.report_url || !URL.canParse(order.report_url)) return undefined
  return href.report(order.report_id) + new URL(order.report_url).hash
}

/** What came of the click on the button. */
export type Placed =
  | { kind: 'leave'; checkoutUrl: string }
  /** There is an order already, and it is not the one that was asked for. */
  | {
      kind: 'open'
      order: OrderView
      checkoutUrl: string
      email: string | undefined
      wanted: string | undefined
    }
  | { kind: 'paid'; order: OrderView | undefined }
  | { kind: 'too-little'; words: string }

/** Safe to repeat: the same quiz, tier and address are the same order. */
export async function placeOrder(session: QuizSession, tier: string, email: string): Promise<Placed> {
  try {
    return await create(session, tier, email)
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.code !== 'conflict') throw problem
    if (problem.message.includes(TOO_LITTLE)) return { kind: 'too-little', words: problem.message }
    const existing = await existingOrder(session, problem)
    if (existing?.status === 'expired') {
      forgetOrderKeys(session.sessionId)
      return create(session, tier, email)
    }
    if (existing && wasPaid(existing)) return { kind: 'paid', order: existing }
    if (problem.message.includes(PAID)) return { kind: 'paid', order: undefined }
    if (!existing?.checkout_url) throw problem
    return goOnWith(session, existing, existing.checkout_url, email)
  }
}

/** The API has one code for every conflict; these words of its own tell them apart. */
const TOO_LITTLE = 'too little to save'
const PAID = 'is paid already'

async function create(session: QuizSession, tier: string, email: string): Promise<Placed> {
  const key = orderKey({ sessionId: session.sessionId, tier, email })
  const { order_id, checkout_url } = await call(
    api.POST('/api/v1/orders', {
      params: { header: { 'Idempotency-Key': key } },
      headers: bearer(session.token),
      body: { session_id: session.sessionId, tier, email },
    }),
  )
  rememberOrder({ orderId: order_id, sessionId: session.sessionId, token: session.token, email })
  return { kind: 'leave', checkoutUrl: checkout_url }
}

/** The order that is in the way: the API names an open one in its words, this browser may remember any. */
async function existingOrder(session: QuizSession, problem: ApiProblem): Promise<OrderView | undefined> {
  const orderId = UUID.exec(problem.message)?.[0] ?? rememberedOrderOf(session.sessionId)?.orderId
  return orderId === undefined ? undefined : viewOrder({ orderId, token: session.token })
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

function goOnWith(session: QuizSession, order: OrderView, checkoutUrl: string, wanted: string): Placed {
  const remembered = rememberedOrderOf(session.sessionId)
  const email = remembered?.orderId === order.order_id ? remembered.email : undefined
  if (email === wanted) return { kind: 'leave', checkoutUrl }
  const { sessionId, token } = session
  rememberOrder({ orderId: order.order_id, sessionId, token, ...(email !== undefined && { email }) })
  return { kind: 'open', order, checkoutUrl, email, wanted }
}

const viewOrder = ({ orderId, token }: Owned, signal?: AbortSignal) =>
  call(
    api.GET('/api/v1/orders/{id}', {
      params: { path: { id: orderId } },
      headers: bearer(token),
      ...(signal && { signal }),
    }),
  )
