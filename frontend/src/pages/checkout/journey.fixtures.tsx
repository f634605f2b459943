// For the tests of the score and the checkout: a finished quiz, its API, and the pages in one router.
import { configure } from '@testing-library/react'

import type { Completed, OrderView, Problem, Tier } from '@/api/schema'
import { Route, Switch, useLocation } from '@/lib/navigation'
import { type QuizSession, quizSession } from '@/lib/quiz-session'
import Checkout from '@/pages/checkout/checkout'
import Score from '@/pages/score/score'
import { renderAround } from '@/test/render'
import { http, server } from '@/test/server'

// A machine that does much else may take its time; what comes is waited for.
configure({ asyncUtilTimeout: 10_000 })

export const session: QuizSession = {
  sessionId: '01a204d3-2ed1-770e-83c9-a5c7fec45a8f',
  token: '2Rg4qnusHnbJAtgWDZ_nxdwIvbz0F7iUGwV5KkCnKhY',
  industry: 'dental',
  expiresAt: '2026-11-29T19:54:38Z',
}

export const orderId = '01a204de-4cec-7564-9ed7-48990c95e9ae'
export const reportId = '01a204de-599d-771d-8573-49579acd040d'
export const checkoutUrl = 'https://checkout.stripe.com/c/pay/cs_test_1'

const readiness: Completed['readiness'] = {
  score: 41,
  band: 'developing',
  components: [
    { key: 'data', score: 35, weight_bp: 2500 },
    { key: 'process', score: 30, weight_bp: 2500 },
    { key: 'tech', score: 17.36, weight_bp: 2000 },
    { key: 'team', score: 62.67, weight_bp: 1500 },
    { key: 'strategy', score: 79.75, weight_bp: 1500 },
  ],
}

export const completed: Completed = {
  readiness,
  teaser: {
    readiness,
    reflections: ['What you would fix tomorrow: “<img src=x onerror=alert(1)> the phone”'],
    opportunity_areas: [
      { area: 'scheduling', title: 'Appointments', potential: 'high', opportunities: ['Online booking'] },
    ],
    benchmarks: [
      {
        id: 'no-show-rate',
        title: 'Missed appointments',
        statement: '18 % of appointments are missed.',
        publisher: 'Journal of Dental Hygiene',
        year: 2024,
        status: 'unverified',
        url: 'javascript:alert(1)',
      },
    ],
    quick_win: { title: 'Online booking', first_step: 'Write down the appointment types.', minutes: 20 },
    locked: { findings_planned: 10, options_per_recommendation: 3 },
  },
}

export const tier: Tier = {
  id: 'report',
  name: 'Cost, risk and benefit report',
  amount_cents: 14_700,
  currency: 'EUR',
  findings_planned: 10,
  recommendations: 5,
  options_per_recommendation: 3,
}

export function view(status: OrderView['status'], more: Partial<OrderView> = {}): OrderView {
  return { order_id: orderId, status, tier: 'report', amount_cents: 14_700, currency: 'EUR', ...more }
}

/** The API's own address of the page; only its fragment counts. */
export const withReport: Partial<OrderView> = {
  report_id: reportId,
  report_url: `https://elsewhere.example/reports/${reportId}#token=secret`,
}

export function refusal(status: number, code: Problem['code'], detail = 'words of the API'): Problem {
  return { type: 'about:blank', title: code, status, detail, code, request_id: 'req-1', errors: [] }
}

/** A finished quiz in this browser, and an API that knows its score and the price. */
export function finishedQuiz(): void {
  quizSession.write(session)
  server.use(
    http.get('/api/v1/quiz/sessions/{id}/teaser', ({ response }) => response(200).json(completed)),
    http.get('/api/v1/tiers', ({ response }) => response(200).json({ items: [tier] })),
  )
}

export function visit(address: string) {
  return renderAround(
    address,
    <>
      <Switch>
        <Route path="/score">
          <Score />
        </Route>
        <Route path="/checkout/*">
          <Checkout />
        </Route>
      </Switch>
      <Where />
    </>,
  )
}

/** Where the browser would be. */
function Where() {
  const { pathname, hash } = useLocation()
  return <output data-testid="where">{pathname + hash}</output>
}
