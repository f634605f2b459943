// Every page in every look: nothing that axe finds, nothing wider than the window, in light, dark, wide and narrow.
import AxeSource from 'axe-core'
import type { Page } from '@playwright/test'

import { tokenOf } from './support/buyer.ts'
import { expect, test } from './support/test.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator('h1')).toHaveCount(1)
  await page.evaluate(AxeSource.source)
  const found = await page.evaluate(async (tags) => {
    const axe: unknown = Reflect.get(window, 'axe')
    if (typeof axe !== 'object' || axe === null || !('run' in axe) || typeof axe.run !== 'function')
      throw new Error('no axe')
    const result = await axe.run(document, { runOnly: tags })
    return result.violations.map(
      (one: { id: string; nodes: { target: string[] }[] }) =>
        `${one.id}, ${one.nodes.length} times, first at ${one.nodes[0]?.target.join(' ')}`,
    )
  }, TAGS)
  expect(found, `axe at ${page.url()}`).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, 'nothing is wider than the window').toBeLessThanOrEqual(0)
}

// axe itself is put into the page, which the policy rightly forbids to anybody else.
test.use({ bypassCSP: true })

for (const path of [
  '/',
  '/privacy',
  '/terms',
  '/imprint',
  '/quiz',
  '/score',
  '/nothing-here',
  '/admin',
  '/reports/sample',
]) {
  test(`${path} is accessible`, async ({ page, expected }) => {
    if (path === '/nothing-here') expected.push(/status of 404/)
    await page.goto(path)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await expectAccessible(page)
  })
}

test('a question of every kind is accessible', async ({ page, buyer }) => {
  await buyer.enter(page, await buyer.answer())
  for (const id of [
    'company_name',
    'employee_count',
    'annual_revenue_band',
    'pain_points',
    'current_tools',
    'integration_level',
    'biggest_challenge',
  ]) {
    await page.goto(`/quiz/dental/${id}`)
    await expect(page.locator('fieldset, input, textarea').first()).toBeVisible()
    await expectAccessible(page)
  }
  await page.goto('/quiz/dental/review')
  await expect(page.getByRole('checkbox')).toBeVisible()
  await expectAccessible(page)
})

test('score, checkout and its return are accessible', async ({ page, buyer }) => {
  const ordered = await buyer.order()
  await buyer.enter(page, ordered)
  for (const path of ['/score', '/checkout', `/checkout/return?order=${ordered.orderId}&outcome=success`]) {
    await page.goto(path)
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
    await expectAccessible(page)
  }
})

test('a report is accessible while it is written and when it is ready', async ({ page, buyer, product }) => {
  await product.setScenario({ claude: { pace: { first_ms: 2500, min_ms: 0, max_ms: 0, frames: 10 } } })
  const paid = await buyer.pay()
  await page.goto(new URL(paid.reportUrl).pathname + new URL(paid.reportUrl).hash)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expectAccessible(page)
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('progressbar', { name: /report/i })).toHaveCount(0, { timeout: 60_000 })
  await expectAccessible(page)
  expect(tokenOf(paid.reportUrl).length).toBeGreaterThan(40)
})

test.fail('control: a button without a name is noticed', async ({ page }) => {
  await page.goto('/privacy')
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')))
  await expectAccessible(page)
})

test.fail('control: a line that is too wide is noticed', async ({ page }) => {
  await page.goto('/privacy')
  await page.evaluate(() => {
    const wide = document.createElement('p')
    wide.style.width = '300vw'
    wide.textContent = 'wide'
    document.querySelector('main')?.append(wide)
  })
  await expectAccessible(page)
})
