// Whoever has it harder: no JavaScript, a small window, large letters, less motion, a deploy in between.
import { expect, test } from './support/test.ts'

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the start page and the legal pages say everything and lead on', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Start the free quiz' }).first()).toHaveAttribute(
      'href',
      '/quiz',
    )
    await page.getByText('Is the score really free?').click()
    await expect(page.locator('details[open]')).toHaveCount(1)
    for (const path of ['/privacy', '/terms', '/imprint']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    }
  })

  test('the app says that it needs it', async ({ page }) => {
    await page.goto('/quiz')
    await expect(page.getByText(/needs JavaScript/)).toBeVisible()
  })
})

// 320 px wide, which is also a window of 640 px at 200 % zoom.
for (const width of [320, 640]) {
  test(`at ${width} px nothing is cut and nothing scrolls sideways`, async ({ page, buyer, expected }) => {
    expected.push(/status of 404/)
    await page.setViewportSize({ width, height: 700 })
    await buyer.enter(page, await buyer.complete())
    for (const path of [
      '/',
      '/privacy',
      '/quiz',
      '/score',
      '/checkout',
      '/reports/sample',
      '/admin',
      '/nothing-here/at-all',
    ]) {
      await page.goto(path)
      await expect(page.locator('h1')).toBeVisible()
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `${path} at ${width} px`).toBeLessThanOrEqual(0)
    }
  })
}

test('with reduced motion nothing moves', async ({ page, product, buyer }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await product.setScenario({ claude: { pace: { first_ms: 4000, min_ms: 0, max_ms: 0, frames: 10 } } })
  const paid = await buyer.pay()
  await page.goto(new URL(paid.reportUrl).pathname + new URL(paid.reportUrl).hash)
  await expect(page.getByRole('progressbar')).toBeVisible()
  const longest = await page.evaluate(() =>
    Math.max(
      0,
      ...document.getAnimations().map((one) => Number(one.effect?.getComputedTiming().activeDuration ?? 0)),
    ),
  )
  expect(longest, 'milliseconds of motion').toBeLessThan(20)
})

test('a tab that was open through a deploy loads the new page, once', async ({ page, buyer, expected }) => {
  expected.push(/status of 404|Failed to fetch dynamically imported module/)
  await buyer.enter(page, await buyer.complete())
  await page.goto('/quiz')
  await expect(page.locator('h1')).toBeVisible()
  let refused = 0
  // The chunk of the next page is gone, as after a deploy; the second time the new document asks for one that exists.
  await page.route(/\/assets\/(score|checkout)-[^/]*\.js$/, async (route) => {
    refused += 1
    if (refused > 1) return route.fallback()
    return route.fulfill({ status: 404, body: 'not found' })
  })
  await page.evaluate(() => {
    window.history.pushState({}, '', '/score')
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  })
  await expect(page.getByRole('heading', { level: 1, name: 'Your readiness score' })).toBeVisible()
  await expect(page.getByText('€147').first()).toBeVisible()
  expect(refused).toBeGreaterThan(1)
})

test('a chunk that never comes ends in words, not in a loop', async ({ page, buyer, expected }) => {
  expected.push(
    /status of 404|Failed to fetch dynamically imported module|net::ERR|error loading dynamically imported module/i,
  )
  await buyer.enter(page, await buyer.complete())
  let loads = 0
  page.on('load', () => (loads += 1))
  await page.route(/\/assets\/score-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: 'not found' }))
  await page.goto('/score')
  await expect(page.getByRole('heading', { name: 'This page broke' })).toBeVisible()
  expect(loads).toBeLessThanOrEqual(2)
})

test('the server away: the page says so and comes back by a button', async ({
  page,
  product,
  buyer,
  expected,
}) => {
  expected.push(/Failed to load resource/)
  await buyer.enter(page, await buyer.complete())
  await product.killApi()
  await page.goto('/score')
  const again = page.getByRole('button', { name: /try again/i })
  await expect(again).toBeVisible({ timeout: 60_000 })
  await product.startApi()
  await again.click()
  await expect(page.getByRole('img', { name: /readiness score/i })).toBeVisible()
})

test('an address that does not exist is a 404 with a way on', async ({ page, expected }) => {
  expected.push(/status of 404/)
  const answer = await page.goto('/nothing-here')
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1, name: 'This page does not exist' })).toBeVisible()
  const asset = await page.request.get('/assets/gone-12345678.js')
  expect(asset.status()).toBe(404)
  expect(await asset.text()).not.toContain('<html')
})
