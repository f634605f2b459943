// From the start page to the PDF as a buyer without a mouse, against the real backend and the stand-ins.
import type { Page } from '@playwright/test'

import { ANSWERS } from './support/buyer.ts'
import { pdfText } from './support/pdf.ts'
import { tabTo } from './support/keyboard.ts'
import { expect, test } from './support/test.ts'

interface Question {
  id: string
  kind: string
  multiline?: boolean
  options?: { value: string }[]
}

const OPTION_KEYS = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const keyOf = (question: Question, value: unknown) =>
  OPTION_KEYS.charAt(question.options?.findIndex((option) => option.value === value) ?? 0)

/** What a person at the keyboard does for an answer of this kind. */
async function answer(page: Page, question: Question): Promise<void> {
  const given: unknown = Reflect.get(ANSWERS, question.id)
  const next = question.multiline ? 'Control+Enter' : 'Enter'
  if (given === undefined) {
    await tabTo(page, page.getByRole('button', { name: 'Skip this question' }))
    await page.keyboard.press('Enter')
  } else if (question.kind === 'select') {
    await page.keyboard.press(keyOf(question, given))
  } else if (question.kind === 'scale') {
    await page.keyboard.press(given === 10 ? '0' : String(given))
  } else if (question.id === 'current_tools') {
    // The list is long: whoever knows what he looks for types it.
    await tabTo(page, page.getByRole('searchbox').or(page.getByLabel('Find in the list')))
    await page.keyboard.type('Something else')
    await tabTo(page, page.getByRole('checkbox', { name: /something else/i }))
    await page.keyboard.press('Space')
    await tabTo(page, page.getByRole('button', { name: 'Continue' }))
    await page.keyboard.press('Enter')
  } else if (Array.isArray(given)) {
    for (const value of given) await page.keyboard.press(keyOf(question, value))
    await page.keyboard.press('Enter')
  } else {
    // Just begin to type: the field is found by itself.
    await page.keyboard.type(String(given))
    await page.keyboard.press(next)
  }
}

test('the whole way by keyboard alone: quiz, score, payment, live progress, report, PDF', async ({
  page,
  product,
  buyer,
}) => {
  test.slow()
  await product.setScenario({ claude: { pace: { first_ms: 1500, min_ms: 5, max_ms: 20, frames: 20 } } })
  const questionnaire = await buyer.ask('GET', '/questionnaires/dental')
  const questions: Question[] = JSON.parse(JSON.stringify(questionnaire.questions))

  await page.goto('/')
  await tabTo(page, page.getByRole('link', { name: 'Start the free quiz' }).first())
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/quiz$/)
  await tabTo(page, page.getByRole('button', { name: /dental practices/i }))
  await page.keyboard.press('Enter')

  let shown = 0
  let doneBefore = 0
  for (const question of questions) {
    await expect(page).toHaveURL(new RegExp(`/quiz/dental/${question.id}$`))
    await expect(page.locator('h1')).toBeFocused()
    const bar = page.getByRole('progressbar')
    await expect(bar).toBeVisible()
    const done = Number(await bar.getAttribute('value'))
    expect(done, 'progress never runs backwards').toBeGreaterThanOrEqual(doneBefore)
    doneBefore = done
    await answer(page, question)
    shown += 1
  }
  expect(shown).toBe(23)

  await expect(page).toHaveURL(/\/quiz\/dental\/review$/)
  await expect(page.getByText('Bright Dental')).toBeVisible()
  await tabTo(page, page.getByRole('checkbox', { name: /i agree/i }))
  await page.keyboard.press('Space')
  await tabTo(page, page.getByLabel(/mail address/i))
  await page.keyboard.type('owner@example.org')
  await tabTo(page, page.getByRole('button', { name: 'Show my score' }))
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(/\/score$/)
  await expect(page.getByRole('img', { name: /41 of 100/ })).toBeVisible()
  await expect(page.getByText('€147').first()).toBeVisible()
  await tabTo(page, page.getByRole('link', { name: 'Get the full report' }).first())
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(/\/checkout$/)
  const mail = page.getByLabel('Your mail address')
  if ((await mail.inputValue()) === '') {
    await tabTo(page, mail)
    await page.keyboard.type('owner@example.org')
  }
  await tabTo(page, page.getByRole('button', { name: /go to payment/i }))
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'Test payment' })).toBeVisible()
  await page.getByRole('button', { name: 'Pay' }).focus()
  await page.keyboard.press('Enter')

  await expect(page).toHaveURL(/\/reports\/[0-9a-f-]{36}$/)
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: /being written/i })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: /Bright Dental/ })).toBeVisible({
    timeout: 60_000,
  })
  expect(new URL(page.url()).hash, 'the token has left the address').toBe('')

  await tabTo(
    page,
    page.getByRole('link', { name: 'Download PDF' }).or(page.getByRole('button', { name: 'Download PDF' })),
  )
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const text = await pdfText(await (await downloading).path())
  const total = await page
    .getByText(/^€[\d,.]+$/)
    .first()
    .textContent()
  expect(text).toContain('Bright Dental')
  expect(total, 'the page names a total').toMatch(/^€[\d,.]+$/)
  expect(text, 'page and PDF tell the same total').toContain(total)
})
