// Placing an order: once, with the same key, and with a way on whatever the API says.
import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'

import { queries } from '@/api/query'
import type { Problem } from '@/api/schema'
import {
  checkoutUrl,
  finishedQuiz,
  orderId,
  refusal,
  session,
  view,
  visit,
  withReport,
} from '@/pages/checkout/journey.fixtures'
import { isSafe, leaveForPayment } from '@/pages/checkout/leave'
import { forgetOrderKeys, orderKey } from '@/pages/checkout/order-key'
import { rememberedOrderOf, rememberOrder } from '@/pages/checkout/remembered-order'
import { http, server } from '@/test/server'

vi.mock(import('@/pages/checkout/leave'), async (original) => ({
  ...(await original()),
  leaveForPayment: vi.fn<typeof leaveForPayment>(() => true),
}))
const leave = vi.mocked(leaveForPayment)
const mail = 'owner@practice.example'
// Typing is slow on a machine that does much else.
vi.setConfig({ testTimeout: 20_000 })

beforeEach(() => {
  finishedQuiz()
  leave.mockReset().mockReturnValue(true)
})

/** The keys of the orders that arrived; each is answered by the next of the answers, the last one again and again. */
function ordersAre(...answers: (Problem | undefined)[]): string[] {
  const keys: string[] = []
  server.use(
    http.post('/api/v1/orders', ({ request, response }) => {
      keys.push(request.headers.get('Idempotency-Key') ?? '')
      const problem = answers.length > 1 ? answers.shift() : answers[0]
      if (!problem) return response(201).json({ order_id: orderId, checkout_url: checkoutUrl })
      return response.untyped(Response.json(problem, { status: problem.status }))
    }),
  )
  return keys
}

const orderIs = (known: ReturnType<typeof view>) =>
  server.use(http.get('/api/v1/orders/{id}', ({ response }) => response(200).json(known)))

async function order(address = mail) {
  const user = userEvent.setup()
  await user.type(await screen.findByLabelText('Your mail address'), address)
  await user.click(screen.getByRole('button', { name: 'Go to payment: €147' }))
  return user
}

describe('an order', () => {
  test('goes to the payment page and is remembered', async () => {
    const keys = ordersAre(undefined)
    visit('/checkout')
    await order(` ${mail} `)
    await waitFor(() => expect(leave).toHaveBeenCalledExactlyOnceWith(checkoutUrl))
    expect(keys).toHaveLength(1)
    expect(rememberedOrderOf(session.sessionId)).toEqual({
      orderId,
      sessionId: session.sessionId,
      token: session.token,
      email: mail,
    })
    expect(
      screen.getByRole('button', { name: 'Opening the payment page' }).getAttribute('aria-disabled'),
    ).toBe('true')
  })

  test('is sent once by a double click and once more by none', async () => {
    const keys = ordersAre(undefined)
    visit('/checkout')
    const user = userEvent.setup()
    await user.type(await screen.findByLabelText('Your mail address'), mail)
    await user.dblClick(screen.getByRole('button', { name: 'Go to payment: €147' }))
    await waitFor(() => expect(leave).toHaveBeenCalledOnce())
    await user.click(screen.getByRole('button', { name: 'Opening the payment page' }))
    expect(keys).toHaveLength(1)
  })

  test('keeps its key through a failure, a retry and a reload', async () => {
    const keys = ordersAre(refusal(503, 'unavailable'), refusal(503, 'unavailable'), undefined)
    visit('/checkout')
    const user = await order()
    await screen.findByText('Our server is not answering')
    expect(screen.queryByText(/Nothing was charged/)).not.toBeNull()
    await user.click(screen.getByRole('button', { name: 'Go to payment: €147' }))
    await waitFor(() => expect(keys).toHaveLength(2))
    cleanup()
    queries.clear()
    visit('/checkout')
    // What was typed is still there.
    await user.click(await screen.findByRole('button', { name: 'Go to payment: €147' }))
    await waitFor(() => expect(leave).toHaveBeenCalledOnce())
    expect(new Set(keys).size).toBe(1)
    expect(keys).toHaveLength(3)
  })

  test('is not sent offline, and says so', async () => {
    server.use(http.post('/api/v1/orders', () => Response.error()))
    visit('/checkout')
    await order()
    await screen.findByText('No connection')
    expect(leave).not.toHaveBeenCalled()
  })

  test('is stopped before it leaves for an unsafe address', async () => {
    leave.mockReturnValue(false)
    ordersAre(undefined)
    visit('/checkout')
    await order()
    await screen.findByText('The payment page has an unsafe address')
    // The button is free again; there is nothing to wait for.
    expect(screen.queryByRole('button', { name: 'Go to payment: €147' })).not.toBeNull()
  })

  test.each([
    ['', 'Please enter your mail address.'],
    ['owner', 'This is not a complete mail address. It looks like name@example.org.'],
  ])('with the address “%s” is not sent', async (address, words) => {
    const keys = ordersAre(undefined)
    visit('/checkout')
    const user = userEvent.setup()
    const field = await screen.findByLabelText('Your mail address')
    if (address) await user.type(field, address)
    await user.click(screen.getByRole('button', { name: 'Go to payment: €147' }))
    expect((await screen.findByRole('alert')).textContent).toContain(words)
    expect(document.activeElement).toBe(field)
    expect(keys).toHaveLength(0)
  })

  test('refused for its address by the API shows it at the field', async () => {
    ordersAre({ ...refusal(422, 'invalid'), errors: [{ field: 'email', message: 'must be a mail address' }] })
    visit('/checkout')
    await order('owner@practice')
    await screen.findByText('This is not a complete mail address. It looks like name@example.org.')
    expect(screen.getByLabelText('Your mail address').getAttribute('aria-invalid')).toBe('true')
  })
})

describe('a conflict', () => {
  const stillOpen = refusal(
    409,
    'conflict',
    `order ${orderId} is still open; pay it, or wait until it expires`,
  )

  test('of too little to save is said kindly, in the words of the API', async () => {
    ordersAre(refusal(409, 'conflict', 'by your answers there is too little to save for an honest report'))
    visit('/checkout')
    await order()
    const heading = await screen.findByRole('heading', {
      level: 1,
      name: 'We would rather not sell you this report',
    })
    expect(document.activeElement).toBe(heading)
    expect(
      screen.queryByText('By your answers there is too little to save for an honest report.'),
    ).not.toBeNull()
    expect(screen.queryByText('Nothing was charged, and your score stays free.')).not.toBeNull()
    expect(leave).not.toHaveBeenCalled()
  })

  test('with an open order of another address offers that order', async () => {
    ordersAre(stillOpen)
    orderIs(view('open', { checkout_url: checkoutUrl }))
    visit('/checkout')
    const user = await order()
    await user.click(await screen.findByRole('button', { name: 'Continue to payment: €147' }))
    expect(leave).toHaveBeenCalledExactlyOnceWith(checkoutUrl)
    expect(rememberedOrderOf(session.sessionId)?.orderId).toBe(orderId)
  })

  test('with an open order of the same address, placed in another tab, goes on with it', async () => {
    ordersAre(stillOpen)
    orderIs(view('open', { checkout_url: checkoutUrl }))
    visit('/checkout')
    await screen.findByLabelText('Your mail address')
    rememberOrder({ orderId, sessionId: session.sessionId, token: session.token, email: mail })
    await order()
    await waitFor(() => expect(leave).toHaveBeenCalledExactlyOnceWith(checkoutUrl))
  })

  test('with a report that is paid leads to it', async () => {
    ordersAre(refusal(409, 'conflict', "this quiz's report is paid already"))
    visit('/checkout')
    await order()
    await screen.findByRole('heading', { level: 1, name: 'This report is paid already' })
    expect(screen.queryByText(/mail that confirmed your payment/)).not.toBeNull()
  })
})

describe('an order that was placed before', () => {
  beforeEach(() => {
    rememberOrder({ orderId, sessionId: session.sessionId, token: session.token, email: mail })
  })

  test('and is open goes on without a second one', async () => {
    orderIs(view('open', { checkout_url: checkoutUrl }))
    visit('/checkout')
    await userEvent.click(await screen.findByRole('button', { name: 'Continue to payment: €147' }))
    expect(leave).toHaveBeenCalledExactlyOnceWith(checkoutUrl)
    expect(screen.queryByText(mail)).not.toBeNull()
  })

  test('and is paid leads to its report', async () => {
    orderIs(view('paid', withReport))
    visit('/checkout')
    const report = await screen.findByRole('link', { name: 'Open your report' })
    expect(report.getAttribute('href')).toContain('#token=secret')
  })

  test('and has expired makes room for a new one, under a new key', async () => {
    const wanted = { sessionId: session.sessionId, tier: 'report', email: mail }
    const key = orderKey(wanted)
    orderIs(view('expired'))
    visit('/checkout')
    await screen.findByLabelText('Your mail address')
    expect(orderKey(wanted)).not.toBe(key)
    expect(rememberedOrderOf(session.sessionId)).toBeUndefined()
  })

  test('and is unknown to the server is no obstacle', async () => {
    server.use(
      http.get('/api/v1/orders/{id}', ({ response }) =>
        response('4XX').json(refusal(404, 'not_found'), { status: 404 }),
      ),
    )
    visit('/checkout')
    await screen.findByLabelText('Your mail address')
    expect(screen.queryByText('You have an open order')).toBeNull()
  })
})

describe('the key', () => {
  const wanted = { sessionId: session.sessionId, tier: 'report', email: mail }

  test('belongs to the quiz, the tier and the address', () => {
    const key = orderKey(wanted)
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(orderKey({ ...wanted })).toBe(key)
    expect(orderKey({ ...wanted, email: 'other@practice.example' })).not.toBe(key)
    expect(orderKey({ ...wanted, sessionId: orderId })).not.toBe(key)
    expect(orderKey(wanted)).toBe(key)
  })

  test('is a new one after the order has expired', () => {
    const key = orderKey(wanted)
    forgetOrderKeys(session.sessionId)
    expect(orderKey(wanted)).not.toBe(key)
  })

  test('stays the same where the browser keeps nothing', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(orderKey(wanted)).toBe(orderKey(wanted))
  })
})

test.each([
  ['https://checkout.stripe.com/c/pay/1', 'production', true],
  ['http://checkout.stripe.com/c/pay/1', 'production', false],
  ['http://127.0.0.1:8383/pay', 'production', false],
  ['http://127.0.0.1:8383/pay', 'development', true],
  ['http://localhost:8383/pay', 'development', true],
  ['http://192.168.1.2/pay', 'development', false],
  ['javascript:alert(1)', 'development', false],
  ['//evil.example', 'development', false],
])('%s in %s: %s', (address, environment, safe) => expect(isSafe(address, environment)).toBe(safe))
