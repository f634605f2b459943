// Before the payment: what is bought, for how much, where the link goes, what happens next, one button.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'

import type { OrderView, Tier } from '@/api/schema'
import { euros } from '@/lib/money'
import type { QuizSession } from '@/lib/quiz-session'
import { Next } from '@/pages/checkout/next'
import { OrderForm } from '@/pages/checkout/order-form'
import { OpenOrder, PaidOrder, TooLittle } from '@/pages/checkout/order-outcomes'
import { forgetOrderKeys } from '@/pages/checkout/order-key'
import { orderOf, type Placed, wasPaid } from '@/pages/checkout/orders'
import { forgetOrder, type RememberedOrder, rememberedOrderOf } from '@/pages/checkout/remembered-order'
import { ProblemState } from '@/pages/errors/problem-state'
import { FinishedQuiz } from '@/pages/score/finished-quiz'
import { tierForSale } from '@/pages/score/queries'
import { checkout as say } from '@messages/checkout'
import { href } from '@/routes'
import { Page, TextLink } from '@/ui/page'
import { Block } from '@/ui/skeleton'

export function OrderPage() {
  return (
    <Page title={say.title} width="narrow">
      <FinishedQuiz title={say.title} waiting={<Waiting />}>
        {(session) => <Order session={session} />}
      </FinishedQuiz>
    </Page>
  )
}

function Order({ session }: { session: QuizSession }) {
  const tier = useQuery(tierForSale)
  const [remembered] = useState(() => rememberedOrderOf(session.sessionId))
  const earlier = useQuery(orderOf(remembered))
  const [refused, setRefused] = useState<Refused>()
  const isOver = earlier.data?.status === 'expired'
  useEffect(() => {
    if (!isOver) return
    // The next order is meant to be a new one.
    forgetOrderKeys(session.sessionId)
    forgetOrder()
  }, [isOver, session.sessionId])
  const { refetch } = tier
  const retry = useCallback(() => void refetch(), [refetch])
  // Without an answer about the earlier order the form is shown: placing it again finds the order.
  if (tier.isPending || (remembered && earlier.isPending)) return <Waiting />
  if (!tier.data) {
    return <ProblemState title={say.title} error={tier.error} onRetry={retry} busy={tier.isFetching} />
  }
  const outcome = refused ?? ofEarlier(earlier.data, remembered)
  if (outcome?.kind === 'too-little') return <TooLittle words={outcome.words} />
  if (outcome?.kind === 'paid') return <PaidOrder order={outcome.order} />
  return (
    <div className="grid gap-8">
      <Heading />
      <Summary tier={tier.data} order={outcome?.order} />
      {outcome ? (
        <OpenOrder {...outcome} />
      ) : (
        <OrderForm session={session} tier={tier.data} onRefused={setRefused} />
      )}
      <Next />
      <p>
        <TextLink to={href.score}>{say.back}</TextLink>
      </p>
    </div>
  )
}

type Refused = Exclude<Placed, { kind: 'leave' }>

/** The order that this browser placed before, if it still stands. */
function ofEarlier(
  order: OrderView | undefined,
  remembered: RememberedOrder | undefined,
): Refused | undefined {
  if (!order) return undefined
  if (wasPaid(order)) return { kind: 'paid', order }
  if (order.status !== 'open' || !order.checkout_url) return undefined
  return { kind: 'open', order, checkoutUrl: order.checkout_url, email: remembered?.email, wanted: undefined }
}

const Heading = () => (
  <div className="grid gap-2">
    <h1 className="text-3xl font-semibold">{say.title}</h1>
    <p className="text-muted">{say.lead}</p>
  </div>
)

/** An order that stands keeps the price that it was placed at. */
function Summary({ tier, order }: { tier: Tier; order: OrderView | undefined }) {
  return (
    <section
      aria-labelledby="order"
      className="grid gap-4 rounded-card border border-rule bg-surface p-5 sm:p-6"
    >
      <h2 id="order" className="text-xl font-semibold">
        {say.summary.title}
      </h2>
      <div className="grid gap-1">
        <p className="font-medium">{tier.name}</p>
        <p className="text-muted">{say.summary.for(tier.findings_planned, tier.recommendations)}</p>
      </div>
      <div className="grid gap-1 border-t border-rule pt-4">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-xl font-semibold">
          <span>{say.summary.total}</span>
          <span className="figure">{euros(order?.amount_cents ?? tier.amount_cents)}</span>
        </p>
        <p className="text-sm text-muted">{say.summary.totalHelp}</p>
      </div>
    </section>
  )
}

const Waiting = () => (
  <div className="grid gap-8" aria-busy="true">
    <Heading />
    <Block className="h-56 w-full" />
    <Block className="h-48 w-full" />
    <Block className="h-40 w-full" />
  </div>
)
