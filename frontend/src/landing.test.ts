// The static pages' script: theme, price, and warming up, on the markup that the build makes.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { http, server } from '@/test/server'

const tier = {
  id: 'report',
  name: 'Report',
  amount_cents: 14_700,
  currency: 'EUR',
  findings_planned: 10,
  recommendations: 5,
  options_per_recommendation: 3,
}

beforeEach(() => {
  document.body.dataset['warm'] = '/assets/a.js /assets/b.js'
  const page = new DOMParser().parseFromString(
    `<button id="theme" hidden></button>
    <script type="application/json" id="crb-config">{"apiBaseUrl":"http://localhost:3000"}</script>
    <a href="/quiz/dental">Start</a>
    <span data-price="One payment of {price}.">One payment.</span>`,
    'text/html',
  )
  document.body.replaceChildren(...page.head.childNodes, ...page.body.childNodes)
})

afterEach(() => {
  document.head.replaceChildren()
  delete document.documentElement.dataset['theme']
})

/** A module runs once; each test wants it fresh. */
async function run() {
  vi.resetModules()
  await import('@/landing')
}

const priceText = () => document.querySelector('[data-price]')?.textContent

function answer(items: (typeof tier)[]) {
  server.use(http.get('/api/v1/tiers', ({ response }) => response(200).json({ items })))
}

test('the theme button appears, and goes round', async () => {
  answer([tier])
  await run()
  const button = document.querySelector<HTMLButtonElement>('#theme')
  expect(button?.hidden).toBe(false)
  const seen = [1, 2, 3].map(() => {
    button?.click()
    return document.documentElement.dataset['theme']
  })
  expect(seen).toEqual(['light', 'dark', undefined])
})

test('the price of the API stands in the sentence', async () => {
  answer([tier])
  await run()
  await vi.waitFor(() => expect(priceText()).toBe('One payment of €147.'))
})

test.each([
  ['several tiers', [tier, { ...tier, id: 'other' }]],
  ['another currency', [{ ...tier, currency: 'USD' }]],
  ['no tier', []],
])('%s: the sentence stays', async (_, items) => {
  const asked = vi.fn<() => void>()
  server.events.on('response:mocked', asked)
  answer(items)
  await run()
  await vi.waitFor(() => expect(asked).toHaveBeenCalled())
  expect(priceText()).toBe('One payment.')
})

test('without speculation rules, the first sign of interest fetches the code of the quiz', async () => {
  answer([tier])
  await run()
  const preloads = () => [...document.head.querySelectorAll('link')].map((link) => `${link.rel} ${link.href}`)
  expect(preloads()).toEqual([])
  document.querySelector('a')?.dispatchEvent(new Event('pointerenter'))
  expect(preloads()).toEqual([
    'modulepreload http://localhost:3000/assets/a.js',
    'modulepreload http://localhost:3000/assets/b.js',
  ])
})
