// The report in the browser: whole, linkable, printable, and only for whoever has its link.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ANSWERS } from './support/buyer.ts'
import { expect, test } from './support/test.ts'
import { pdfText } from './support/pdf.ts'

interface Finding {
  id: string
  title: string
  description: string
  current_state: string
}

interface Recommendation {
  id: string
  title: string
  why_winner: string
  options: { label: string; net: number; pros: string[]; cons: string[] }[]
}

interface Document {
  company: { name: string }
  verdict: { headline: string }
  findings: Finding[]
  recommendations: Recommendation[]
  methodology: { assumptions: { statement: string }[]; limitations: string[]; sources: { title: string }[] }
}

test('printed by the browser it is complete, nothing is cut', async ({ page, buyer }) => {
  test.slow()
  const paid = await buyer.report()
  const document: Document = JSON.parse(JSON.stringify(paid.document))
  await page.goto(new URL(paid.reportUrl).pathname + new URL(paid.reportUrl).hash)
  await expect(page.getByRole('heading', { level: 1, name: /Bright Dental/ })).toBeVisible()
  const file = join(mkdtempSync(join(tmpdir(), 'crb-print-')), 'report.pdf')
  await page.pdf({ path: file, format: 'A4' })
  const printed = (await pdfText(file)).replaceAll(/[\s-]/g, '')
  const { methodology } = document
  const texts = [
    document.verdict.headline,
    ...document.findings.flatMap((finding) => [finding.title, finding.description, finding.current_state]),
    ...document.recommendations.flatMap((one) => [one.title, one.why_winner]),
    ...document.recommendations.flatMap((one) =>
      one.options.flatMap((option) => [...option.pros, ...option.cons]),
    ),
    ...methodology.assumptions.map((one) => one.statement),
    ...methodology.limitations,
    ...methodology.sources.map((one) => one.title),
  ]
  expect(texts.length).toBeGreaterThan(60)
  // Line breaks fall anywhere, and columns stand side by side: word by word each text is there.
  const missing = texts.filter((text) => text.split(/[\s-]+/).some((word) => !printed.includes(word)))
  expect(missing, 'every text of the document stands on paper').toEqual([])
  for (const hidden of ['Skip to the content', 'Copy share link', 'Send the mail again']) {
    expect(printed).not.toContain(hidden.replaceAll(' ', ''))
  }
})

test('a link to a finding opens there, below the bar', async ({ page, product }) => {
  const answer = await fetch(`${product.url}/api/v1/reports/sample`)
  const document: Document = JSON.parse(await answer.text())
  const last = document.findings.at(-1)
  if (!last) throw new Error('the sample has no finding')
  await page.goto(`/reports/sample#finding-${last.id}`)
  const title = page.locator(`#finding-${last.id}`).getByText(last.title).first()
  await expect(title).toBeVisible()
  await expect(title).toBeInViewport()
})

test('every chart has its figures as a table', async ({ page }) => {
  await page.goto('/reports/sample')
  await expect(page.locator('h1')).toBeVisible()
  // Charts come as they come into view.
  const sections = page.locator('main section')
  for (let index = 0; index < (await sections.count()); index += 1)
    await sections.nth(index).scrollIntoViewIfNeeded()
  const charts = page.locator('figure:has(svg)')
  await expect(charts.first()).toBeVisible()
  expect(await charts.count()).toBeGreaterThan(2)
  for (let index = 0; index < (await charts.count()); index += 1) {
    await expect(charts.nth(index).locator('table')).toHaveCount(1)
  }
})

test('a scenario of the calculator stands in the address and comes back from it', async ({ page }) => {
  await page.goto('/reports/sample?roi=r-01&hours=10&rate=60')
  const hours = page
    .getByRole('spinbutton', { name: /hours saved a week/i })
    .or(page.getByRole('textbox', { name: /hours saved a week/i }))
  await expect(hours.first()).toHaveValue('10')
  await hours.first().fill('12')
  await expect(page).toHaveURL(/hours=12/)
  await page.getByRole('button', { name: /back to the report.s figures/i }).click()
  await expect(page).not.toHaveURL(/hours=/)
})

test('a wrong link, a cut link and somebody else: the same answer, and nothing is told', async ({
  page,
  browser,
  product,
  buyer,
  expected,
}) => {
  test.slow()
  expected.push(/status of (401|404)/)
  const mine = await buyer.report()
  const theirs = await buyer.report({
    ...ANSWERS,
    company_name: 'Other Dental',
  })
  const token = new URL(mine.reportUrl).hash
  const path = new URL(theirs.reportUrl).pathname
  const texts: string[] = []
  for (const address of [
    path,
    `${path}${token}`,
    `${path}#token=nonsense`,
    '/reports/01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c#token=nonsense',
  ]) {
    const stranger = await browser.newContext({ baseURL: product.url })
    const window = await stranger.newPage()
    await window.goto(address)
    await expect(window.getByRole('heading', { level: 1, name: /does not open a report/i })).toBeVisible()
    texts.push((await window.locator('main').textContent()) ?? '')
    await stranger.close()
  }
  expect(new Set(texts).size, 'nothing tells which of them exists').toBe(1)
  expect(texts[0]).not.toContain('Other Dental')
  await page.goto(new URL(mine.reportUrl).pathname + token)
  await expect(page.getByRole('heading', { level: 1, name: /Bright Dental/ })).toBeVisible()
})
