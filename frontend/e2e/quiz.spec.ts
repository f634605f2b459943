// The quiz under bad luck: no network, two tabs, a closed window, an expired session, a refusal.
import type { Page } from '@playwright/test'

import { expect, test } from './support/test.ts'

/** Everything that was answered stands at the server. */
const saved = (page: Page) => page.locator('[data-saving=saved]')
const NO_ANSWER = /Failed to load resource|net::ERR/

test('offline in the middle: answers are kept, and sent when the network is back', async ({
  page,
  context,
  buyer,
  expected,
}) => {
  expected.push(NO_ANSWER)
  const session = await buyer.answer()
  await buyer.enter(page, session)
  await page.goto('/quiz/dental/employee_count')
  await expect(page.getByLabel(/people|employees|team/i).first()).toBeVisible()
  await context.setOffline(true)
  await page.locator('input').fill('17')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-saving=offline]')).toBeVisible()
  await expect(page).toHaveURL(/annual_revenue_band/)
  // The address changes before the question does: a key pressed in between answers nothing.
  await expect(page.getByRole('radio').first()).toBeVisible()
  await page.keyboard.press('1')
  await expect(page).toHaveURL(/hourly_cost_eur/)

  await context.setOffline(false)
  await expect(saved(page)).toBeVisible()
  const view = await buyer.ask('GET', `/quiz/sessions/${session.sessionId}`, undefined, {
    token: session.token,
  })
  expect(view.answers).toMatchObject({ employee_count: 17, annual_revenue_band: 'under_100k' })
})

test('a window closed without network: the answer is sent when the quiz is opened again', async ({
  page,
  context,
  buyer,
  expected,
}) => {
  expected.push(NO_ANSWER)
  const session = await buyer.answer()
  await buyer.enter(page, session)
  await page.goto('/quiz/dental/employee_count')
  await expect(page.locator('input').first()).toBeVisible()
  await context.setOffline(true)
  await page.locator('input').fill('23')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-saving=offline]')).toBeVisible()
  await page.close()
  await context.setOffline(false)

  const again = await context.newPage()
  await again.goto('/quiz')
  await again
    .getByRole('link', { name: 'Continue' })
    .or(again.getByRole('button', { name: 'Continue' }))
    .first()
    .click()
  await expect(saved(again)).toBeVisible()
  const view = await buyer.ask('GET', `/quiz/sessions/${session.sessionId}`, undefined, {
    token: session.token,
  })
  expect(view.answers).toMatchObject({ employee_count: 23 })
})

test('two tabs: nothing is lost, and what both changed is explained and chosen', async ({
  page,
  context,
  buyer,
  expected,
}) => {
  // A conflict is an answer of the server's, which the browser also logs.
  expected.push(/status of 409/)
  const session = await buyer.answer()
  await buyer.enter(page, session)
  const other = await context.newPage()
  await page.goto('/quiz/dental/employee_count')
  await other.goto('/quiz/dental/employee_count')
  await expect(other.locator('input').first()).toHaveValue('12')
  await expect(page.locator('input').first()).toHaveValue('12')

  // The second tab is in the middle of typing when the first one saves.
  await other.locator('input').fill('30')
  await page.locator('input').fill('20')
  await page.keyboard.press('Enter')
  await expect(saved(page)).toBeVisible()
  await page.goto('/quiz/dental/admin_hours_week')
  await page.locator('input').fill('35')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/pain_points/)
  await expect(saved(page)).toBeVisible()

  await expect(other.locator('input').first(), 'what is being typed stays').toHaveValue('30')
  await other.keyboard.press('Enter')
  await expect(other.getByText('Answered in two places')).toBeVisible()
  await expect(other.getByText('20 people', { exact: true })).toBeVisible()
  await expect(other.getByText('30 people', { exact: true })).toBeVisible()
  await other.getByRole('button', { name: /take this one/i }).click()
  await expect(saved(other)).toBeVisible()

  const view = await buyer.ask('GET', `/quiz/sessions/${session.sessionId}`, undefined, {
    token: session.token,
  })
  expect(
    view.answers,
    'the choice counts, and the other answer of the first tab is still there',
  ).toMatchObject({
    employee_count: 30,
    admin_hours_week: 35,
  })
})

test("the browser's Back goes question by question", async ({ page, buyer }) => {
  await buyer.enter(page, await buyer.answer())
  await page.goto('/quiz/dental/data_location')
  await expect(page.getByRole('radio').first()).toBeVisible()
  await page.keyboard.press('1')
  await expect(page).toHaveURL(/technology_comfort/)
  await page.goBack()
  await expect(page).toHaveURL(/data_location/)
  await page.goForward()
  await expect(page).toHaveURL(/technology_comfort/)
})

test('the quiz goes on on another device by its link, which then leaves the address', async ({
  page,
  browser,
  product,
  buyer,
}) => {
  const session = await buyer.answer({ company_name: 'Bright Dental' })
  await page.close()
  const device = await browser.newContext({ baseURL: product.url })
  const phone = await device.newPage()
  await phone.goto(`/quiz/resume#session=${session.sessionId}&token=${session.token}`)
  await expect(phone).toHaveURL(/\/quiz\/dental\//)
  expect(phone.url()).not.toContain(session.token)
  await phone.goto('/quiz/dental/company_name')
  await expect(phone.locator('input').first()).toHaveValue('Bright Dental')
  await device.close()
})

test('a quiz that is gone says so, and begins again', async ({ page, buyer, expected }) => {
  expected.push(/status of (404|401)/)
  const session = await buyer.answer()
  await buyer.enter(page, { ...session, token: 'a'.repeat(64) })
  await page.goto('/quiz/dental/employee_count')
  await expect(page.getByRole('heading', { name: /expired/i })).toBeVisible()
  await page
    .getByRole('button', { name: /begin a new quiz/i })
    .first()
    .click()
  await expect(page).toHaveURL(/\/quiz\/dental\//)
  await expect(page.locator('fieldset, input, textarea').first()).toBeVisible()
})

test('what the server refuses is shown at its question, and kept as typed', async ({
  page,
  buyer,
  expected,
}) => {
  expected.push(/status of 422/)
  const session = await buyer.answer()
  await buyer.enter(page, session)
  await page.route(`**/quiz/sessions/${session.sessionId}`, async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback()
    const errors = [{ field: 'answers/employee_count', message: 'must be between 1 and 5000' }]
    const problem = {
      type: '/api/v1/problems/invalid',
      title: 'Invalid request',
      status: 422,
      code: 'invalid',
    }
    const body = JSON.stringify({
      ...problem,
      detail: 'an answer was refused',
      request_id: 'request-4711',
      errors,
    })
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body })
  })
  await page.goto('/quiz/dental/employee_count')
  await page.locator('input').fill('44')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/not accepted/i).first()).toBeVisible()
  await page.goto('/quiz/dental/employee_count')
  await expect(page.locator('input').first()).toHaveValue('44')
  await expect(page.getByText(/between 1 and 5000/i).first()).toBeVisible()
})
