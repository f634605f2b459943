// Errors and web vitals: reported where a DSN is set, after the page is idle, without anybody's secrets.
import { createServer, type Server } from 'node:http'

import { expect, test } from './support/test.ts'

/** Stands where Sentry would: keeps what it is sent. */
async function collector(): Promise<{ dsn: string; received: string[]; server: Server }> {
  const received: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    received.push(body)
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json' })
      .end('{}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (!address || typeof address !== 'object') throw new Error('the collector has no address')
  return { dsn: `http://public@127.0.0.1:${address.port}/1`, received, server }
}

test('an error and the vitals arrive, with release and route, and without secrets', async ({
  page,
  product,
  expected,
}) => {
  expected.push(/exception: planted/)
  const { dsn, received, server } = await collector()
  const told = { FRONTEND_SENTRY_DSN: dsn, RELEASE: 'page-4711' }
  const url = await product.startPage(told)
  const loaded = page.waitForResponse(/\/assets\/sentry-[^/]+\.js$/)
  await page.goto(`${url}/reports/sample#token=this-is-a-secret-of-forty-three-characters-00`)
  await expect(page.locator('h1')).toBeVisible()
  await (await loaded).finished()
  await page.evaluate(() => {
    queueMicrotask(() => {
      throw new Error('planted for owner@example.org and 01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c')
    })
  })
  await expect
    .poll(() => received.join(), { message: 'the error arrives' })
    .toContain('planted for :email and :id')
  // Vitals are final when the page is left.
  await page.goto(`${url}/privacy`)
  await expect.poll(() => received.join(), { message: 'a vital arrives' }).toContain('web-vital LCP')
  const all = received.join()
  expect(all).toContain('"release":"page-4711"')
  for (const secret of ['this-is-a-secret', 'owner@example.org', '01935f6e-7c1a'])
    expect(all).not.toContain(secret)
  server.close()
})

test('without a DSN nothing of it is even loaded', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto('/reports/sample')
  await expect(page.locator('figure:has(svg)').first()).toBeAttached()
  await page.evaluate(() => new Promise((idle) => window.requestIdleCallback(idle, { timeout: 6000 })))
  expect(asked.some((url) => url.includes('/assets/'))).toBe(true)
  expect(asked.filter((url) => url.includes('sentry'))).toEqual([])
})
