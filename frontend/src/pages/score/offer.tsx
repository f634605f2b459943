// The price card: what it costs, what is in it, what happens if it fails, and the page's one primary action.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { Tier } from '@/api/schema'
import { euros } from '@/lib/money'
import type { QuizSession } from '@/lib/quiz-session'
import { orderOf, reportPlace, wasPaid } from '@/pages/checkout/orders'
import { rememberedOrderOf } from '@/pages/checkout/remembered-order'
import { tierForSale } from '@/pages/score/queries'
import { score } from '@messages/score'
import { href } from '@/routes'
import { LinkButton } from '@/ui/button'
import { Block } from '@/ui/skeleton'

const say = score.offer

export function Offer({ session }: { session: QuizSession }) {
  const { data: tier, error } = useQuery(tierForSale)
  return (
    <section
      aria-labelledby="offer"
      className="grid gap-5 rounded-card border border-edge bg-paper p-6 shadow-card lg:sticky lg:top-6"
    >
      <h2 id="offer" className="text-xl font-semibold">
        {say.title}
      </h2>
      {tier && <Price tier={tier} />}
      {!tier && (error ? <p>{say.priceAway}</p> : <PriceSkeleton />)}
      <Action session={session} />
      <p className="text-sm text-muted">{say.refund}</p>
    </section>
  )
}

const Price = ({ tier }: { tier: Tier }) => (
  <>
    <p className="grid gap-1">
      <span className="figure text-4xl font-semibold">{euros(tier.amount_cents)}</span>
      <span className="text-sm text-muted">{say.total}</span>
    </p>
    <ul className="grid gap-2">
      {say
        .included(tier.findings_planned, tier.recommendations, tier.options_per_recommendation)
        .map((line) => (
          <li key={line} className="flex items-start gap-2.5">
            <Tick /> {line}
          </li>
        ))}
    </ul>
  </>
)

const PriceSkeleton = () => (
  <div className="grid gap-3" aria-busy="true">
    <p className="sr-only">{say.priceLoading}</p>
    <Block className="h-16 w-1/2" />
    <Block className="h-36 w-full" />
  </div>
)

/** To the checkout, unless this browser knows better: an order that waits for its payment, or a report. */
function Action({ session }: { session: QuizSession }) {
  const [remembered] = useState(() => rememberedOrderOf(session.sessionId))
  const { data: order } = useQuery(orderOf(remembered))
  const report = order && reportPlace(order)
  if (order && report && wasPaid(order)) {
    return (
      <div className="grid gap-3">
        <p>{say.paid}</p>
        <LinkButton to={report} size="large">
          {say.open}
        </LinkButton>
      </div>
    )
  }
  return (
    <div className="grid gap-2">
      <LinkButton to={href.checkout} size="large">
        {order?.status === 'open' ? say.goOn : say.order}
      </LinkButton>
      <LinkButton to={href.sample} variant="quiet">
        {say.sample}
      </LinkButton>
    </div>
  )
}

const Tick = () => (
  <svg
    viewBox="0 0 24 24"
    className="mt-0.5 size-5 shrink-0 text-good"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.2"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d="m5 12.5 4.500 4.500L19 7.500" />
  </svg>
)
