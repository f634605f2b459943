// The order that this browser placed, with what is needed to ask for it after the way through the payment page.
import * as v from 'valibot'

import { stored } from '@/lib/storage'

const Order = v.object({
  orderId: v.pipe(v.string(), v.uuid()),
  sessionId: v.pipe(v.string(), v.uuid()),
  /** Of the quiz that it belongs to: the browser may have begun another one since. */
  token: v.string(),
  /** Missing where the order was placed in another window. */
  email: v.optional(v.string()),
})

export type RememberedOrder = v.InferOutput<typeof Order>

const order = stored('order', Order)

export const rememberOrder = (placed: RememberedOrder) => order.write(placed)

export const forgetOrder = () => order.clear()

export function rememberedOrderOf(sessionId: string): RememberedOrder | undefined {
  const known = order.read()
  return known?.sessionId === sessionId ? known : undefined
}

export function rememberedOrderBy(orderId: string): RememberedOrder | undefined {
  const known = order.read()
  return known?.orderId === orderId ? known : undefined
}

export const isOrderId = (text: string) => v.is(Order.entries.orderId, text)
