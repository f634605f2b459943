// The operator's day: in by a token, a failed report tried again, a price noted, every change written down.
import type { Page } from '@playwright/test'

import type { Product } from './support/product.ts'
import { expect, test } from './support/test.ts'

async function signIn(page: Page, product: Product, path: string): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Operator token').fill(await product.adminToken())
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a token that is none is refused in words, and nothing is shown', async ({ page, expected }) => {
  expected.push(/status of 401/)
  await page.goto('/admin/reports')
  await page.getByLabel('Operator token').fill('crb1.bm90aGluZw.bm90aGluZw')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText(/not accepted/i)).toBeVisible()
  await expect(page.getByRole('table')).toHaveCount(0)
})

test('a failed report is found, tried again and becomes ready', async ({ page, product, buyer }) => {
  test.slow()
  await product.setScenario({ claude: { faults: [{ fault: { status: 401 }, when: 'always' }] } })
  const paid = await buyer.pay()
  await signIn(page, product, '/admin/reports?status=failed')
  const row = page.getByRole('row').filter({ hasText: 'Bright Dental' }).first()
  await expect(row).toBeVisible({ timeout: 30_000 })
  await product.setScenario({ claude: {} })
  await row.getByRole('button', { name: /try again/i }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /again|write/i })
    .click()
  await page.goto(`/admin/reports/${paid.reportId}`)
  await expect(page.getByText(/ready/i).first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('table').first()).toBeVisible()
})

test('a price is noted in euros, kept in cents, and written down', async ({ page, product }) => {
  await signIn(page, product, '/admin/vendors/weave')
  await expect(page.getByRole('heading', { level: 1, name: /weave/i })).toBeVisible()
  await page.getByRole('button', { name: 'Add a price' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByLabel(/plan|tier/i)
    .first()
    .fill('Pro')
  await dialog
    .getByLabel(/price|amount/i)
    .first()
    .fill('1.250,50')
  await dialog
    .getByLabel(/source|page|address/i)
    .first()
    .fill('https://example.org/prices')
  await dialog
    .getByRole('button', { name: /save|add|note/i })
    .first()
    .click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText('€1,250.50').first()).toBeVisible()
  await page.getByRole('link', { name: 'Audit' }).click()
  await expect(page.getByText('Noted a price').first()).toBeVisible()
  await expect(page.getByText('operator@example.org').first()).toBeVisible()
})

test('the status room says how each part is', async ({ page, product }) => {
  await signIn(page, product, '/admin/status')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(/database/i).first()).toBeVisible()
  await expect(page.getByText(/healthy/i).first()).toBeVisible()
})
