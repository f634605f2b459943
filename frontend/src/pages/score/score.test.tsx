// The free score: what it says, what it does not invent, and what it does where there is none.
import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'

import {
  completed,
  finishedQuiz,
  orderId,
  refusal,
  session,
  view,
  visit,
  withReport,
} from '@/pages/checkout/journey.fixtures'
import { rememberOrder } from '@/pages/checkout/remembered-order'
import { mostRoom } from '@/pages/score/parts'
import { http, server } from '@/test/server'

vi.setConfig({ testTimeout: 20_000 })

describe('with a finished quiz', () => {
  beforeEach(finishedQuiz)

  test('the score, its band and the five parts stand there in words', async () => {
    visit('/score')
    await screen.findByRole('img', { name: /41 of 100.*“Developing”/ })
    const parts = screen.getByRole('region', { name: 'What makes up the score' })
    const names = within(parts)
      .getAllByRole('heading', { level: 3 })
      .map((heading) => heading.textContent)
    expect(names).toEqual(['Data', 'ProcessWould lift the score most', 'Technology', 'Team', 'Strategy'])
    expect(within(parts).queryByText('17.36 of 100')).not.toBeNull()
    expect(within(parts).getAllByText('Counts 25%')).toHaveLength(2)
  })

  test("the customer's words are text, and a source that is no web address is no link", async () => {
    visit('/score')
    await screen.findByText(/<img src=x onerror=alert\(1\)> the phone/)
    expect(document.querySelector('img')).toBeNull()
    expect(screen.getByText('Source: Journal of Dental Hygiene, 2024').closest('a')).toBeNull()
    expect(screen.queryByText('Unverified')).not.toBeNull()
  })

  test('the price is the API’s, and the one primary action leads to the checkout', async () => {
    visit('/score')
    await screen.findByText('€147')
    expect(screen.getByRole('link', { name: 'Get the full report' }).getAttribute('href')).toBe('/checkout')
    expect(screen.queryByText('About 10 findings for your business')).not.toBeNull()
  })

  test('without a price the page stays, and says where the price will be', async () => {
    server.use(
      http.get('/api/v1/tiers', ({ response }) =>
        response('4XX').json(refusal(400, 'malformed'), { status: 400 }),
      ),
    )
    visit('/score')
    await screen.findByText(/The price could not be loaded/)
    expect(screen.queryByRole('img', { name: /41 of 100/ })).not.toBeNull()
  })

  test('whoever has paid is led to the report', async () => {
    rememberOrder({ orderId, sessionId: session.sessionId, token: session.token })
    server.use(
      http.get('/api/v1/orders/{id}', ({ response }) => response(200).json(view('paid', withReport))),
    )
    visit('/score')
    const report = await screen.findByRole('link', { name: 'Open your report' })
    expect(report.getAttribute('href')).toMatch(/^\/reports\/[0-9a-f-]+#token=secret$/)
    expect(screen.queryByRole('link', { name: 'Get the full report' })).toBeNull()
  })

  test.each([
    [409, 'conflict', 'Your quiz is not finished yet', '/quiz/dental/review'],
    [404, 'not_found', 'This quiz is no longer there', '/quiz'],
    [410, 'gone', 'This quiz is no longer there', '/quiz'],
  ] as const)('%i %s: %s', async (status, code, title, next) => {
    server.use(
      http.get('/api/v1/quiz/sessions/{id}/teaser', ({ response }) =>
        response('4XX').json(refusal(status, code), { status }),
      ),
    )
    visit('/score')
    await screen.findByRole('heading', { level: 1, name: title })
    expect(within(screen.getByRole('main')).getByRole('link').getAttribute('href')).toBe(next)
  })

  test('a server that is away for longer is said at once', async () => {
    server.use(
      http.get('/api/v1/quiz/sessions/{id}/teaser', ({ response }) =>
        response('5XX').json(refusal(503, 'unavailable'), { status: 503, headers: { 'Retry-After': '30' } }),
      ),
    )
    visit('/score')
    await screen.findByRole('heading', { level: 1, name: 'We will be back in a moment' })
    expect(screen.queryByText('req-1')).not.toBeNull()
  })
})

test('without a quiz the page says how to get a score', async () => {
  visit('/score')
  await screen.findByRole('heading', { level: 1, name: 'There is no score on this device yet' })
  expect(screen.getByRole('link', { name: 'Start the quiz' }).getAttribute('href')).toBe('/quiz')
})

describe('most room', () => {
  const { components } = completed.readiness

  test('is where missing points weigh most, not where the score is lowest', () => {
    expect(mostRoom(components)).toBe('process')
  })

  test('is nowhere when nothing is missing', () => {
    expect(mostRoom([{ key: 'data', score: 100, weight_bp: 2500 }])).toBeUndefined()
  })
})
