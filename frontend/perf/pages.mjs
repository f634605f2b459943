// What each measured page needs before somebody can see it: nothing, a finished quiz, or a report that is being written.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

const BUYER = 'perf@example.org'
/** The same practice as in the browser tests. */
const ANSWERS = JSON.parse(readFileSync(new URL('../e2e/support/answers.json', import.meta.url), 'utf8'))

/** By page: its address, and what the browser remembers when it comes there. */
export const preparations = {
    landing: async () => ({ path: '/' }),
    quiz: async () => ({ path: '/quiz' }),
    score: async (base) => ({ path: '/score', storage: { 'crb.quiz': await finishedQuiz(base) } }),
    progress: async (base) => ({ path: await growingReport(base) }),
    report: async () => ({ path: '/reports/sample' }),
}

async function finishedQuiz(base) {
    const { version } = await ask(base, '/questionnaires/dental')
    const session = await ask(base, '/quiz/sessions', {
        body: { industry: 'dental', questionnaire_version: version },
    })
    const { session_id: sessionId, token, expires_at: expiresAt } = session
    const quiz = `/quiz/sessions/${sessionId}`
    const { version: seen } = await ask(base, quiz, { token })
    await ask(base, quiz, {
        token,
        method: 'PATCH',
        headers: { 'If-Match': `"${seen}"` },
        body: { answers: ANSWERS },
    })
    await ask(base, `${quiz}/complete`, { token, body: { email: BUYER, consent: true } })
    return { sessionId, token, industry: 'dental', expiresAt }
}

/** Paid at the stand-in for Stripe, whose page has the two buttons; its webhook starts the writing. */
async function growingReport(base) {
    const { sessionId, token } = await finishedQuiz(base)
    const order = await ask(base, '/orders', {
        token,
        headers: { 'Idempotency-Key': randomUUID() },
        body: { session_id: sessionId, tier: 'report', email: BUYER },
    })
    await fetch(new URL(order.checkout_url, base), {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ action: 'pay' }),
    })
    const deadline = Date.now() + 20_000
    while (Date.now() < deadline) {
        const { report_url: address } = await ask(base, `/orders/${order.order_id}`, { token })
        if (address) {
            const { pathname, hash } = new URL(address)
            return pathname + hash
        }
        await new Promise((resolve) => {
            setTimeout(resolve, 200)
        })
    }
    throw new Error('the payment did not arrive: is the stand-in for Stripe running?')
}

async function ask(base, path, { token, method, headers = {}, body } = {}) {
    const answer = await fetch(`${base}/api/v1${path}`, {
        method: method ?? (body ? 'POST' : 'GET'),
        headers: {
            ...headers,
            ...(token && { Authorization: `Bearer ${token}` }),
            ...(body && { 'Content-Type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
}
