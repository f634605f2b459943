// What every browser test gets: a product, a watch over the page that fails it for what nobody looked at, and buyers.
import { test as base, expect, type Page } from '@playwright/test'

import { Buyer } from './buyer.ts'
import { Product } from './product.ts'

export { expect }

interface PerWorker {
  product: Product
}

interface PerTest {
  /** Errors that this test provokes on purpose: the watch lets them pass. */
  expected: RegExp[]
  watch: void
  buyer: Buyer
}

export const test = base.extend<PerTest, PerWorker>({
  product: [
    async ({}, use) => {
      const product = await Product.start()
      await use(product)
      await product.stop()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  buyer: async ({ product }, use) => {
    await product.setScenario({ claude: {}, stripe: {}, sendgrid: {} })
    await use(new Buyer(product))
  },
  expected: async ({}, use) => use([]),
  // Every page of every test: no console error, no exception, no breach of the content security policy.
  watch: [
    async ({ context, expected, product }, use) => {
      const seen: string[] = []
      const follow = (page: Page) => {
        page.on('console', (message) => {
          // The stand-in for Stripe's page is not ours to judge.
          const isOurs = !message.location().url.startsWith(product.stubsUrl)
          if (message.type() === 'error' && isOurs) seen.push(`console: ${message.text()}`)
        })
        page.on('pageerror', (error) => seen.push(`exception: ${error.message}`))
      }
      context.on('page', follow)
      await context.exposeFunction('reportCspBreach', (text: string) => seen.push(`csp: ${text}`))
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const report: unknown = Reflect.get(window, 'reportCspBreach')
          if (typeof report === 'function')
            report(`${event.violatedDirective} ${event.blockedURI} at ${event.sourceFile}`)
        })
      })
      await use()
      const surprises = seen.filter((text) => !expected.some((pattern) => pattern.test(text)))
      expect(surprises, 'nothing goes wrong behind the page').toEqual([])
    },
    { auto: true },
  ],
})
