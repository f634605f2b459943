// What the return page says about an order, and what can be done now.
import { ApiProblem } from '@/api/problem'
import type { OrderView } from '@/api/schema'
import { BadAddress, usePayment } from '@/pages/checkout/payment'
import { reportPlace } from '@/pages/checkout/orders'
import { PageState } from '@/pages/errors/page-state'
import { checkout } from '@messages/checkout'
import { href } from '@/routes'
import { Button, LinkButton, Spinner } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { ProblemNotice } from '@/ui/problem-notice'

const say = checkout.returned

interface Statement {
  title: string
  text: string
  more?: string[]
  isWaiting?: boolean
  /** The payment page may have been closed too early. */
  offersPayment?: boolean
  /** Shown with its own words and its number. */
  problem?: unknown
}

interface Known {
  order: OrderView | undefined
  error: Error | null
  isLong: boolean
}

export function statementOf({ order, error, isLong }: Known): Statement {
  if (isUnknown(error)) return { ...say.unknown, more: [say.unknown.mail] }
  switch (order?.status) {
    case 'paid':
      return { ...say.paid, isWaiting: true }
    case 'expired':
      return { ...say.expired, more: [say.expired.late] }
    case 'refunded':
      return say.refunded
    case 'partially_refunded':
      return say.partiallyRefunded
    case 'disputed':
      return say.disputed
    default:
      if (isLasting(error)) return { ...say.failed, problem: error }
      if (isLong) return { ...say.long, more: [say.long.safe], offersPayment: true }
      return { ...(order ? say.waiting : say.checking), isWaiting: true }
  }
}

const isUnknown = (error: Error | null) => error instanceof ApiProblem && error.code === 'not_found'
const isLasting = (error: Error | null) => error !== null && !(error instanceof ApiProblem && error.isPassing)

interface ReturnStateProps {
  statement: Statement
  orderId?: string | undefined
  order?: OrderView | undefined
  /** The server does not answer at the moment. */
  isAway?: boolean
}

export function ReturnState({ statement, orderId, order, isAway = false }: ReturnStateProps) {
  return (
    <div className="grid gap-8">
      <PageState
        title={statement.title}
        text={statement.text}
        actions={!statement.isWaiting && <Actions order={order} />}
      >
        {statement.isWaiting && (
          <p className="text-accent">
            <Spinner />
          </p>
        )}
        {statement.more?.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {/* Always there, so that what appears in it is announced. */}
        <div role="status">
          {isAway && <p className="rounded-lg bg-warn-tint px-4 py-3 text-warn">{say.away}</p>}
        </div>
        {statement.problem !== undefined && <ProblemNotice error={statement.problem} />}
        {statement.offersPayment && order?.checkout_url && <Unfinished checkoutUrl={order.checkout_url} />}
      </PageState>
      {orderId && <OrderNumber orderId={orderId} />}
    </div>
  )
}

function Actions({ order }: { order: OrderView | undefined }) {
  const report = order && reportPlace(order)
  if (report) return <LinkButton to={report}>{say.paid.open}</LinkButton>
  return (
    <>
      {order?.status === 'expired' && <LinkButton to={href.checkout}>{say.expired.again}</LinkButton>}
      <LinkButton to={href.score} variant="secondary">
        {say.score}
      </LinkButton>
    </>
  )
}

/** Whoever closed the payment page too early finds it again; it is the same order. */
function Unfinished({ checkoutUrl }: { checkoutUrl: string }) {
  const payment = usePayment()
  return (
    <div className="grid justify-items-start gap-2">
      <p>{say.long.unfinished}</p>
      {payment.isRefused && <BadAddress />}
      <Button variant="secondary" busy={payment.isLeaving} onClick={() => payment.open(checkoutUrl)}>
        {say.long.pay}
      </Button>
    </div>
  )
}

const OrderNumber = ({ orderId }: { orderId: string }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-rule pt-4 text-sm text-muted">
    <p>
      {say.orderNumber} <code className="break-all select-all">{orderId}</code>
    </p>
    <CopyButton text={() => orderId} label={say.copy} size="small" />
  </div>
)
