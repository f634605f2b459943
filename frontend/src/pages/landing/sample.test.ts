// The start page's figures are a copy of `GET /api/v1/reports/sample`, which the backend computes: the page is made at
// build time, where no API answers. Here they are held to the rules by which they came about.
import { expect, test } from 'vitest'

import { parts, sample } from '@/pages/landing/sample'

const { options, winner } = sample.recommendation

test.each(options)('the NET of $label is benefit less cost less risk', (option) => {
  const { benefit, cost, risk } = parts(option)
  expect(Math.round((benefit - cost - risk) * 100) / 100).toBe(option.net)
})

test('the recommended option has the highest NET of those that are open', () => {
  const open = options.filter((option) => option.eligible).toSorted((a, b) => b.net - a.net)
  expect(open[0]?.kind).toBe(winner)
})

test('one way is closed, and says why', () => {
  const closed = options.filter((option) => !option.eligible)
  expect(closed).toHaveLength(1)
  expect(closed[0]?.ineligible_reason).toMatch(/\.$/)
})

test('each option has a price with its date, or an estimate', () => {
  for (const option of options) {
    expect([option.price, option.custom].filter(Boolean)).toHaveLength(1)
  }
})
