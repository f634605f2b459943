// Back from the payment page. What the address says is a hint; what counts is what the server knows.
import { useEffect, useState } from 'react'

import { Redirect, useSearchParams } from '@/lib/navigation'
import { quizSession } from '@/lib/quiz-session'
import { isPaidNow, useOrderStatus } from '@/pages/checkout/order-status'
import { forgetOrderKeys } from '@/pages/checkout/order-key'
import { reportPlace } from '@/pages/checkout/orders'
import { isOrderId, rememberedOrderBy } from '@/pages/checkout/remembered-order'
import { ReturnState, statementOf } from '@/pages/checkout/return-state'
import { checkout } from '@messages/checkout'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { Page } from '@/ui/page'

const say = checkout.returned

export function ReturnPage() {
  const [address] = useSearchParams()
  const orderId = address.get('order') ?? ''
  const [token] = useState(() => rememberedOrderBy(orderId)?.token ?? quizSession.read()?.token)
  if (!isOrderId(orderId)) return <Still words={say.unknown} />
  if (token === undefined) return <Still words={say.otherBrowser} orderId={orderId} />
  return <Returned orderId={orderId} token={token} isCancelled={address.get('outcome') === 'cancelled'} />
}

/** Nothing more will come. */
const Still = ({
  words,
  orderId,
}: {
  words: { title: string; text: string; mail: string }
  orderId?: string
}) => (
  <Page title={words.title} width="narrow">
    <ReturnState statement={{ ...words, more: [words.mail] }} orderId={orderId} />
  </Page>
)

interface ReturnedProps {
  orderId: string
  token: string
  isCancelled: boolean
}

function Returned({ orderId, token, isCancelled }: ReturnedProps) {
  const { order, error, isAway, isLong } = useOrderStatus({ orderId, token })
  const isExpired = order?.status === 'expired'
  useEffect(() => {
    // The next order is meant to be a new one.
    const sessionId = isExpired ? rememberedOrderBy(orderId)?.sessionId : undefined
    if (sessionId) forgetOrderKeys(sessionId)
  }, [isExpired, orderId])
  const statement = statementOf({ order, error, isLong })
  useAnnouncedChanges(statement.title)
  const report = order && reportPlace(order)
  if (order && report && isPaidNow(order)) return <Redirect to={report} replace />
  if (order?.status === 'open' && isCancelled) {
    return <Redirect to={href.score} replace state={{ cancelled: true }} />
  }
  return (
    <Page title={statement.title} width="narrow">
      <ReturnState statement={statement} orderId={orderId} order={order} isAway={isAway} />
    </Page>
  )
}

function useAnnouncedChanges(title: string) {
  const [first] = useState(title)
  useEffect(() => {
    if (title !== first) announce(title)
  }, [title, first])
}
