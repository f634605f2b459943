// The mail address and the one button. A second click sends nothing; a retry is the same order.
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useRef, useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { Tier } from '@/api/schema'
import { euros } from '@/lib/money'
import type { QuizSession } from '@/lib/quiz-session'
import { mailAddress } from '@/lib/mail-address'
import { type Placed, placeOrder } from '@/pages/checkout/orders'
import { BadAddress, usePayment } from '@/pages/checkout/payment'
import { checkout as say } from '@messages/checkout'
import { href } from '@/routes'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { ProblemNotice } from '@/ui/problem-notice'

interface OrderFormProps {
  session: QuizSession
  tier: Tier
  onRefused: (outcome: Exclude<Placed, { kind: 'leave' }>) => void
}

export function OrderForm({ session, tier, onRefused }: OrderFormProps) {
  const [email, setEmail] = useState(() => mailAddress.read() ?? '')
  const [fault, setFault] = useState<string>()
  const payment = usePayment()
  // Faster than the next rendering, in which the button is disabled.
  const isSending = useRef(false)
  const order = useMutation({
    mutationFn: (address: string) => placeOrder(session, tier.id, address),
    onSuccess: (placed) => {
      if (placed.kind === 'leave') payment.open(placed.checkoutUrl)
      else onRefused(placed)
    },
    onError: (problem) => setFault(refusedAddress(problem)),
    onSettled: () => {
      isSending.current = false
    },
  })
  const send = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isSending.current || payment.isLeaving) return
    const field = event.currentTarget.elements.namedItem('email')
    const wrong = field instanceof HTMLInputElement ? faultOf(field.validity) : undefined
    setFault(wrong)
    if (wrong) {
      if (field instanceof HTMLInputElement) field.focus()
      return
    }
    isSending.current = true
    mailAddress.write(email.trim())
    order.mutate(email.trim())
  }
  const isBusy = order.isPending || payment.isLeaving
  return (
    // The browser checks, the words are ours: they stand at the field and stay there.
    <form noValidate onSubmit={send} className="grid gap-5">
      <TextField
        label={say.mail.label}
        help={say.mail.help}
        error={fault}
        name="email"
        type="email"
        required
        maxLength={254}
        autoComplete="email"
        spellCheck={false}
        value={email}
        readOnly={isBusy}
        onChange={(event) => {
          setEmail(event.target.value)
          setFault(undefined)
        }}
      />
      {order.error && !refusedAddress(order.error) && (
        <ProblemNotice error={order.error}>
          <p>{say.safe}</p>
        </ProblemNotice>
      )}
      {payment.isRefused && <BadAddress />}
      <div className="grid gap-3">
        <Button type="submit" size="large" busy={isBusy}>
          {isBusy ? say.paying : say.pay(euros(tier.amount_cents))}
        </Button>
        <p className="text-sm text-muted">
          {say.terms.before} <DocumentLink to={href.terms}>{say.terms.terms}</DocumentLink>.{' '}
          {say.terms.between} <DocumentLink to={href.privacy}>{say.terms.privacy}</DocumentLink>.
        </p>
      </div>
    </form>
  )
}

function faultOf(validity: ValidityState): string | undefined {
  if (validity.valueMissing) return say.mail.missing
  return validity.valid ? undefined : say.mail.invalid
}

/** The API is stricter than the browser: it wants a dot in the host. */
const refusedAddress = (problem: unknown) =>
  problem instanceof ApiProblem && problem.fields.has('email') ? say.mail.invalid : undefined

/** Other documents, opened beside this one, so that what was typed stays. */
const DocumentLink = ({ to, children }: { to: string; children: string }) => (
  <a href={to} target="_blank" rel="noopener" className="text-accent underline underline-offset-4">
    {children}
  </a>
)
