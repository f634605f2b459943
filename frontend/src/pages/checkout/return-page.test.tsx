// The way back from the payment page: the server's word counts, early or late.
import { act, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'

import type { OrderView, Problem } from '@/api/schema'
import {
  checkoutUrl,
  finishedQuiz,
  orderId,
  refusal,
  reportId,
  session,
  view,
  visit,
  withReport,
} from '@/pages/checkout/journey.fixtures'
import { orderKey } from '@/pages/checkout/order-key'
import { pauseMs } from '@/pages/checkout/order-status'
import { rememberOrder } from '@/pages/checkout/remembered-order'
import { http, server } from '@/test/server'

const back = `/checkout/return?order=${orderId}&outcome=success`
const open = view('open', { checkout_url: checkoutUrl })
const paid = view('paid', withReport)
const where = () => screen.getByTestId('where').textContent

beforeEach(finishedQuiz)

/** The tokens of the questions that arrived; each is answered by the next of the answers, the last one again. */
function answersAre(...answers: (OrderView | Problem)[]): (string | null)[] {
  const tokens: (string | null)[] = []
  server.use(
    http.get('/api/v1/orders/{id}', ({ request, response }) => {
      tokens.push(request.headers.get('Authorization'))
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (!answer) return response('4XX').json(refusal(404, 'not_found'), { status: 404 })
      if ('order_id' in answer) return response(200).json(answer)
      return response.untyped(Response.json(answer, { status: answer.status }))
    }),
  )
  return tokens
}

/** For the tests that wait longer than anybody would; the network goes on as it is. */
function timeIsOurs() {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    shouldAdvanceTime: true,
  })
  onTestFinished(() => void vi.useRealTimers())
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

/** The page asks every second at first. */
const until = (holds: () => void) => waitFor(holds, { timeout: 15_000 })
vi.setConfig({ testTimeout: 20_000 })

describe('the return from the payment', () => {
  test('waits for a late webhook and opens the report with its token', async () => {
    const tokens = answersAre(open, open, paid)
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'Waiting for the confirmation' })
    await until(() => expect(where()).toBe(`/reports/${reportId}#token=secret`))
    expect(tokens).toEqual(Array.from({ length: 3 }, () => `Bearer ${session.token}`))
  })

  test('opens the report of an order that the address calls cancelled', async () => {
    answersAre(paid)
    visit(`/checkout/return?order=${orderId}&outcome=cancelled`)
    await until(() => expect(where()).toBe(`/reports/${reportId}#token=secret`))
  })

  test('of a cancelled payment leads back to the score, where nothing is lost', async () => {
    answersAre(open)
    visit(`/checkout/return?order=${orderId}&outcome=cancelled`)
    await screen.findByRole('heading', { name: 'Nothing was charged' })
    expect(where()).toBe('/score')
    await screen.findByRole('img', { name: /41 of 100/ })
  })

  test('goes on asking while the server is away, and says so', async () => {
    answersAre(refusal(503, 'unavailable'), refusal(503, 'unavailable'), paid)
    visit(back)
    await screen.findByText(/We cannot reach our server at the moment/)
    await until(() => expect(where()).toContain('/reports/'))
  })

  test('becomes calm after a minute, with what to do', async () => {
    timeIsOurs()
    answersAre(open)
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'Waiting for the confirmation' })
    await pass(61_000)
    await screen.findByRole('heading', { level: 1, name: 'The confirmation takes longer than usual' })
    expect(screen.queryByText(orderId)).not.toBeNull()
    expect(screen.queryByRole('button', { name: 'Open the payment page' })).not.toBeNull()
  })

  test('asks nothing while nobody looks, and at once when somebody does', async () => {
    timeIsOurs()
    const tokens = answersAre(open)
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'Waiting for the confirmation' })
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    await act(async () => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
    const asked = tokens.length
    await pass(20_000)
    expect(tokens).toHaveLength(asked)
    visibility.mockReturnValue('visible')
    await act(async () => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
    await waitFor(() => expect(tokens.length).toBeGreaterThan(asked))
  })

  test('uses the token that the order was placed with', async () => {
    rememberOrder({ orderId, sessionId: session.sessionId, token: 'of-an-earlier-quiz' })
    const tokens = answersAre(open)
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'Waiting for the confirmation' })
    expect(tokens[0]).toBe('Bearer of-an-earlier-quiz')
  })
})

describe('an order that is not what it was', () => {
  test('expired: offers a new one, under a new key', async () => {
    rememberOrder({ orderId, sessionId: session.sessionId, token: session.token })
    const wanted = { sessionId: session.sessionId, tier: 'report', email: 'owner@practice.example' }
    const key = orderKey(wanted)
    answersAre(view('expired'))
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'This order has expired' })
    expect(screen.getByRole('link', { name: 'Order again' }).getAttribute('href')).toBe('/checkout')
    expect(orderKey(wanted)).not.toBe(key)
  })

  test('expired and paid after all: opens the report', async () => {
    answersAre(view('expired'), paid)
    visit(back)
    await until(() => expect(where()).toContain(`/reports/${reportId}`))
  })

  test.each([
    ['refunded', 'This payment was returned'],
    ['partially_refunded', 'A part of this payment was returned'],
    ['disputed', 'This payment is disputed'],
  ] as const)('%s: says so and leaves the report readable', async (status, title) => {
    answersAre(view(status, withReport))
    visit(back)
    await screen.findByRole('heading', { level: 1, name: title })
    expect(screen.getByRole('link', { name: 'Open your report' }).getAttribute('href')).toContain(
      '#token=secret',
    )
    expect(where()).toBe('/checkout/return')
  })

  test('unknown: says where the link is, and asks no more', async () => {
    timeIsOurs()
    const tokens = answersAre(refusal(404, 'not_found'))
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'We do not find this order' })
    await pass(10_000)
    expect(tokens).toHaveLength(1)
  })

  test('no order at all', async () => {
    visit('/checkout/return?order=../admin')
    await screen.findByRole('heading', { level: 1, name: 'We do not find this order' })
    expect(screen.queryByRole('button', { name: 'Copy the order number' })).toBeNull()
  })

  test('in another browser: explains that the mail has the link', async () => {
    localStorage.clear()
    visit(back)
    await screen.findByRole('heading', { level: 1, name: 'This browser did not place the order' })
    expect(screen.queryByText(/the link to your report is in your mail/)).not.toBeNull()
  })
})

test.each([
  [1, 1000],
  [10, 2000],
  [20, 5000],
])('after %i questions the next comes in %i ms', (asked, ms) => expect(pauseMs(asked, null)).toBe(ms))
