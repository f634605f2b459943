// When there is nothing to order: an order that stands, a report that is paid, or one that would not be worth it.
import { useEffect, useRef } from 'react'

import type { OrderView } from '@/api/schema'
import { euros } from '@/lib/money'
import { type Placed, reportPlace } from '@/pages/checkout/orders'
import { BadAddress, usePayment } from '@/pages/checkout/payment'
import { PageState } from '@/pages/errors/page-state'
import { checkout as say } from '@messages/checkout'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'

type Open = Extract<Placed, { kind: 'open' }>

/** An order cannot change its address; the way to its payment stays open. */
export function OpenOrder({ order, checkoutUrl, email, wanted }: Open) {
  const payment = usePayment()
  const heading = useRef<HTMLHeadingElement>(null)
  const replacesForm = wanted !== undefined
  useEffect(() => {
    if (replacesForm) heading.current?.focus()
  }, [replacesForm])
  return (
    <section aria-labelledby="open" className="grid gap-4 rounded-card border border-edge p-5 sm:p-6">
      <h2 id="open" ref={heading} tabIndex={-1} className="text-xl font-semibold focus:outline-none">
        {say.open.title}
      </h2>
      {email === undefined ? (
        <p>{say.open.unknownMail}</p>
      ) : (
        <p className="wrap-anywhere">
          {say.open.withMail} <strong className="font-semibold">{email}</strong>.
        </p>
      )}
      {wanted !== undefined && email !== wanted && (
        <p className="wrap-anywhere">{say.open.otherMail(wanted)}</p>
      )}
      <p className="text-muted">{say.open.text}</p>
      {payment.isRefused && <BadAddress />}
      <Button size="large" busy={payment.isLeaving} onClick={() => payment.open(checkoutUrl)}>
        {payment.isLeaving ? say.paying : say.open.goOn(euros(order.amount_cents))}
      </Button>
    </section>
  )
}

export function PaidOrder({ order }: { order: OrderView | undefined }) {
  const report = order && reportPlace(order)
  return (
    <PageState
      title={say.paid.title}
      takesFocus
      text={report ? say.paid.text : `${say.paid.text} ${say.paid.byMail}`}
      actions={
        <>
          {report && <LinkButton to={report}>{say.paid.open}</LinkButton>}
          <LinkButton to={href.score} variant="secondary">
            {say.back}
          </LinkButton>
        </>
      }
    />
  )
}

/** The check before the sale: the API's own words, and what follows from them. */
export function TooLittle({ words }: { words: string }) {
  return (
    <PageState
      title={say.tooLittle.title}
      takesFocus
      text={say.tooLittle.text}
      actions={
        <>
          <LinkButton to={href.score}>{say.tooLittle.score}</LinkButton>
          <LinkButton to={href.quiz()} variant="secondary">
            {say.tooLittle.again}
          </LinkButton>
        </>
      }
    >
      <figure className="grid gap-1 rounded-card border border-rule bg-surface p-5">
        <figcaption className="text-sm text-muted">{say.tooLittle.words}</figcaption>
        <blockquote className="font-medium">{sentence(words)}</blockquote>
      </figure>
      <p>{say.tooLittle.change}</p>
    </PageState>
  )
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
