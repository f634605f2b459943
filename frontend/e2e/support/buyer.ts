// A buyer who is already further: through the API alone, for tests that begin behind the quiz or the payment.
import { readFileSync } from 'node:fs'

import type { Page } from '@playwright/test'

import type { Product } from './product.ts'

/** A dental practice whose answers are worth a report; the pages are measured with the same. */
export const ANSWERS: Answers = JSON.parse(readFileSync(new URL('./answers.json', import.meta.url), 'utf8'))

export type Answers = Record<string, unknown>

export interface Session {
  sessionId: string
  token: string
  industry: string
  expiresAt: string
}

export interface Ordered extends Session {
  orderId: string
  checkoutUrl: string
}

export interface Paid extends Ordered {
  reportId: string
  /** With the token in its fragment. */
  reportUrl: string
}

export class Buyer {
  readonly #product: Product

  constructor(product: Product) {
    this.#product = product
  }

  /** A quiz with these answers, not yet completed. */
  async answer(answers: Answers = ANSWERS, industry = 'dental'): Promise<Session> {
    const questionnaire = await this.ask('GET', `/questionnaires/${industry}`)
    const created = await this.ask('POST', '/quiz/sessions', {
      industry,
      questionnaire_version: questionnaire.version,
    })
    const session = {
      sessionId: String(created.session_id),
      token: String(created.token),
      industry,
      expiresAt: String(created.expires_at),
    }
    const view = await this.ask('GET', `/quiz/sessions/${session.sessionId}`, undefined, {
      token: session.token,
    })
    const headers = { 'If-Match': `"${String(view.version)}"` }
    await this.ask(
      'PATCH',
      `/quiz/sessions/${session.sessionId}`,
      { answers },
      { token: session.token, headers },
    )
    return session
  }

  async complete(answers: Answers = ANSWERS, industry = 'dental'): Promise<Session> {
    const session = await this.answer(answers, industry)
    const body = { consent: true, email: 'owner@example.org' }
    await this.ask('POST', `/quiz/sessions/${session.sessionId}/complete`, body, { token: session.token })
    return session
  }

  async order(answers: Answers = ANSWERS): Promise<Ordered> {
    const session = await this.complete(answers)
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const body = { session_id: session.sessionId, tier: 'report', email: 'owner@example.org' }
    const order = await this.ask('POST', '/orders', body, { token: session.token, headers })
    return { ...session, orderId: String(order.order_id), checkoutUrl: String(order.checkout_url) }
  }

  /** Paid on Stripe's side; the signed webhook has arrived. The report is being written. */
  async pay(answers: Answers = ANSWERS): Promise<Paid> {
    const ordered = await this.order(answers)
    const checkout = ordered.checkoutUrl.split('/').at(-1)?.split('?')[0]
    const paid = await fetch(`${this.#product.stubsUrl}/__stub/stripe/${checkout}/pay`, { method: 'POST' })
    if (!paid.ok) throw new Error(`the stub does not pay: ${await paid.text()}`)
    const order = await this.#until(
      () => this.ask('GET', `/orders/${ordered.orderId}`, undefined, { token: ordered.token }),
      (view) => view.report_url !== undefined,
    )
    return { ...ordered, reportId: String(order.report_id), reportUrl: String(order.report_url) }
  }

  /** Paid, written and ready. */
  async report(answers: Answers = ANSWERS): Promise<Paid & { document: Record<string, unknown> }> {
    const paid = await this.pay(answers)
    const token = tokenOf(paid.reportUrl)
    const document = await this.#until(
      () => this.ask('GET', `/reports/${paid.reportId}`, undefined, { token }),
      (view) => {
        if (view.status === 'failed') throw new Error(`the report failed: ${String(view.failed_reason)}`)
        return view.schema_version !== undefined
      },
    )
    return { ...paid, document }
  }

  /** The quiz session in this browser's storage, as the quiz itself leaves it. */
  async enter(page: Page, session: Session): Promise<void> {
    const { sessionId, token, industry, expiresAt } = session
    await page.goto('/privacy')
    await page.evaluate(
      (kept) => localStorage.setItem('crb.quiz', kept),
      JSON.stringify({ sessionId, token, industry, expiresAt }),
    )
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    options: { token?: string; headers?: Record<string, string> } = {},
  ): Promise<Record<string, unknown>> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json', ...options.headers }
    if (options.token) headers['Authorization'] = `Bearer ${options.token}`
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`${this.#product.url}/api/v1${path}`, { method, headers, ...sent })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const parsed: unknown = text === '' ? {} : JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null)
      throw new Error(`${method} ${path}: not an object: ${text}`)
    return { ...parsed }
  }

  async #until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
    const end = Date.now() + 60_000
    for (;;) {
      const answer = await ask()
      if (isDone(answer)) return answer
      if (Date.now() > end) throw new Error('it takes more than a minute')
      await new Promise((wake) => setTimeout(wake, 100))
    }
  }
}

export const tokenOf = (reportUrl: string) => new URL(reportUrl).hash.replace('#token=', '')
