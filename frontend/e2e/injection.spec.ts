// Hostile words in every field, and a model that repeats them: on every page they are words and nothing else.
import type { Page } from '@playwright/test'

import { ANSWERS } from './support/buyer.ts'
import { expect, test } from './support/test.ts'

const HOSTILE = `"><img src=x onerror="window.hit=1"><script>window.hit=2</script>{{7*7}}\${7*7} javascript:alert(1)`
const HOSTILE_ANSWERS = {
  ...ANSWERS,
  company_name: HOSTILE,
  biggest_challenge: HOSTILE,
  past_attempts: HOSTILE,
}

/** Nothing ran, nothing became an element, and where the words are meant to be read they stand as typed. */
async function expectInert(page: Page, isShown: boolean): Promise<void> {
  if (isShown) await expect(page.getByText('onerror="window.hit=1"').first()).toBeVisible()
  const found = await page.evaluate(() => ({
    hit: Reflect.get(window, 'hit') ?? null,
    images: document.querySelectorAll('img[src="x"]').length,
    scripts: [...document.scripts].filter((script) => script.textContent.includes('window.hit')).length,
    links: document.querySelectorAll('a[href^="javascript:"]').length,
    computed: document.body.innerText.includes('49"') || document.body.innerText.includes('4949'),
  }))
  expect(found, page.url()).toEqual({ hit: null, images: 0, scripts: 0, links: 0, computed: false })
}

test('typed into the quiz it is shown as typed, from the questions to the score', async ({ page, buyer }) => {
  const session = await buyer.answer({ ...ANSWERS, past_attempts: 'none' })
  await buyer.enter(page, session)
  for (const id of ['company_name', 'biggest_challenge', 'past_attempts']) {
    await page.goto(`/quiz/dental/${id}`)
    const field = page.locator('[data-typed]')
    await field.fill(HOSTILE)
    await page.getByRole('button', { name: /continue/i }).click()
    await expect(page).not.toHaveURL(new RegExp(id))
    await expectInert(page, false)
  }
  await page.goto('/quiz/dental/current_tools')
  await page.getByLabel('Find in the list').fill(HOSTILE)
  await expectInert(page, true)
  await page.goto('/quiz/dental/review')
  await expectInert(page, true)
  await page.getByRole('checkbox', { name: /i agree/i }).check()
  await page.getByLabel(/mail address/i).fill(HOSTILE)
  await page.getByRole('button', { name: 'Show my score' }).click()
  await expectInert(page, true)
  await page.getByLabel(/mail address/i).fill('owner@example.org')
  await page.getByRole('button', { name: 'Show my score' }).click()
  await expect(page).toHaveURL(/\/score$/)
  await expectInert(page, true)
})

test('the same words stay words while the report is written, in it, and at the operators', async ({
  page,
  product,
  buyer,
}) => {
  test.slow()
  await product.setScenario({ claude: { pace: { first_ms: 800, min_ms: 0, max_ms: 0, frames: 10 } } })
  const paid = await buyer.pay(HOSTILE_ANSWERS)
  await page.goto(new URL(paid.reportUrl).pathname + new URL(paid.reportUrl).hash)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expectInert(page, false)
  await expect(page.getByRole('navigation', { name: 'Sections of the report' })).toBeVisible({
    timeout: 60_000,
  })
  await expectInert(page, true)
  await page.goto('/admin')
  await page.getByLabel('Operator token').fill(await product.adminToken())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectInert(page, true)
})

test('a model that writes such words everywhere writes words', async ({ page, product }) => {
  const answer = await fetch(`${product.url}/api/v1/reports/sample`)
  const hostile: unknown = JSON.parse(await answer.text(), (_, value: unknown) => {
    // Sentences only: ids, enums and dates are checked by the server.
    return typeof value === 'string' && value.includes(' ') ? HOSTILE : value
  })
  await page.route('**/api/v1/reports/sample', (route) => route.fulfill({ json: hostile }))
  await page.goto('/reports/sample')
  await expectInert(page, true)
  await page.getByRole('button', { name: 'Open all' }).click()
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true
  })
  await expectInert(page, true)
})

test('in an operator’s forms it is refused or shown as typed', async ({ page, product, expected }) => {
  expected.push(/status of (401|409|422)/)
  await page.goto('/admin/vendors/dentrix')
  await page.getByLabel('Operator token').fill(await product.adminToken())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /dentrix/i })).toBeVisible()
  await page.getByRole('button', { name: /^edit/i }).first().click()
  const name = page.getByRole('dialog').getByLabel('Name')
  await name.fill(HOSTILE.slice(0, 80))
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expectInert(page, true)
  await page.goto('/admin/audit')
  await expectInert(page, true)
  await page.goto(`/admin/vendors?query=${encodeURIComponent(HOSTILE)}`)
  await expectInert(page, false)
})
