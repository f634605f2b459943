// The watch over every page proves itself: each of these must fail, and is red when it does not.
import { test } from './support/test.ts'

test.fail('a console error is noticed', async ({ page }) => {
  await page.goto('/privacy')
  await page.evaluate(() => console.error('planted'))
})

test.fail('an exception is noticed', async ({ page }) => {
  await page.goto('/privacy')
  const thrown = page.waitForEvent('pageerror')
  await page.evaluate(() => {
    queueMicrotask(() => {
      throw new Error('planted')
    })
  })
  await thrown
})

test.fail('a breach of the content security policy is noticed', async ({ page }) => {
  await page.goto('/privacy')
  await page.evaluate(async () => {
    const reported = new Promise((seen) =>
      document.addEventListener('securitypolicyviolation', seen, { once: true }),
    )
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    document.body.append(script)
    await reported
  })
})
