// A report while it is written: servers that go, streams that do not get through, payments that come late.
import type { Page } from '@playwright/test'

import type { Paid } from './support/buyer.ts'
import { expect, test } from './support/test.ts'

/** Long enough to be in the middle of it, whenever that is looked at. */
const SLOW = { claude: { pace: { first_ms: 2500, min_ms: 20, max_ms: 60, frames: 20 } } }
const NO_ANSWER = /Failed to load resource|net::ERR/

const addressOf = (paid: Paid) => {
  const url = new URL(paid.reportUrl)
  return url.pathname + url.hash
}

const ready = (page: Page) => page.getByRole('heading', { level: 1, name: /Bright Dental/ })

/** Notes every value that the bar ever shows. */
async function recordProgress(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const seen: number[] = []
    Reflect.set(window, 'seenProgress', seen)
    const look = () => {
      const bar = document.querySelector('progress')
      if (bar && seen.at(-1) !== bar.value) seen.push(bar.value)
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
  })
  return () => page.evaluate((): number[] => Reflect.get(window, 'seenProgress'))
}

test('the server is killed in the middle and comes back: the page ends in the report', async ({
  page,
  product,
  buyer,
  expected,
}) => {
  test.slow()
  expected.push(NO_ANSWER)
  await product.setScenario(SLOW)
  const seen = await recordProgress(page)
  await page.goto(addressOf(await buyer.pay()))
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.getByText(/findings? so far/)).toBeVisible({ timeout: 30_000 })

  await product.killApi()
  await expect(page.getByText(/connection lost/i).first()).toBeVisible({ timeout: 30_000 })
  await product.startApi()

  await expect(ready(page)).toBeVisible({ timeout: 90_000 })
  const values = await seen()
  expect(values.length, 'the bar moved').toBeGreaterThan(2)
  expect(values, 'and never back').toEqual([...values].toSorted((one, other) => one - other))
})

test('a deploy in the middle: the old server says goodbye, the new one goes on', async ({
  page,
  product,
  buyer,
  expected,
}) => {
  test.slow()
  expected.push(NO_ANSWER)
  await product.setScenario(SLOW)
  await page.goto(addressOf(await buyer.pay()))
  await expect(page.getByRole('progressbar')).toBeVisible()
  await product.stopApi()
  await product.startApi()
  await expect(ready(page)).toBeVisible({ timeout: 90_000 })
})

test('where streams do not get through the page asks instead, and invents nothing', async ({
  page,
  product,
  buyer,
  expected,
}) => {
  test.slow()
  expected.push(NO_ANSWER)
  await product.setScenario({ claude: { pace: { first_ms: 6000, min_ms: 0, max_ms: 0, frames: 10 } } })
  await page.route('**/events*', (route) => route.abort())
  await page.goto(addressOf(await buyer.pay()))
  await expect(page.getByText(/we ask every few seconds instead/i)).toBeVisible({ timeout: 40_000 })
  await expect(ready(page)).toBeVisible({ timeout: 60_000 })
})

test('loaded again in the middle it shows the same history, nothing twice', async ({
  page,
  product,
  buyer,
}) => {
  await product.setScenario(SLOW)
  await page.goto(addressOf(await buyer.pay()))
  await expect(page.getByText(/findings? so far/)).toBeVisible({ timeout: 30_000 })
  await page.reload()
  await expect(page.getByText(/findings? so far/)).toBeVisible({ timeout: 30_000 })
  const titles = await page
    .getByRole('listitem')
    .filter({ hasText: /worth a closer look|better not/i })
    .allTextContents()
  expect(titles.length).toBeGreaterThan(0)
  expect(new Set(titles).size).toBe(titles.length)
})

test('a report that fails says so, and that nobody pays twice', async ({ page, product, buyer }) => {
  await product.setScenario({ claude: { faults: [{ fault: { status: 401 }, when: 'always' }] } })
  await page.goto(addressOf(await buyer.pay()))
  await expect(page.getByRole('heading', { level: 1, name: /could not be finished/i })).toBeVisible({
    timeout: 30_000,
  })
  await expect(page.getByText(/you are not charged again/i)).toBeVisible()
  await expect(page.getByText(/marked for a refund/i)).toBeVisible()
})

test('the confirmation comes after the buyer: the return page waits and then opens the report', async ({
  page,
  product,
  buyer,
}) => {
  const ordered = await buyer.order()
  await buyer.enter(page, ordered)
  await page.goto(`/checkout/return?order=${ordered.orderId}&outcome=success`)
  await expect(page.getByRole('heading', { name: 'Waiting for the confirmation' })).toBeVisible()
  const checkout = ordered.checkoutUrl.split('/').at(-1)?.split('?')[0]
  await fetch(`${product.stubsUrl}/__stub/stripe/${checkout}/pay`, { method: 'POST' })
  await expect(page).toHaveURL(/\/reports\/[0-9a-f-]{36}/, { timeout: 30_000 })
  await expect(ready(page)).toBeVisible({ timeout: 60_000 })
})

test('a payment that was cancelled leads back to the score, with everything kept', async ({
  page,
  buyer,
}) => {
  const session = await buyer.complete()
  await buyer.enter(page, session)
  await page.goto('/checkout')
  await page.getByLabel('Your mail address').fill('owner@example.org')
  await page.getByRole('button', { name: /go to payment/i }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page).toHaveURL(/\/score/)
  await expect(page.getByText('Nothing was charged')).toBeVisible()
})
