// The same texts as the PDF and the mails.
import { expect, test } from 'vitest'

import { euroRange, euros } from '@/lib/money'
import { net, signedPercent } from '@/lib/percent'

test.each([
  [1_483_600, '€14,836'],
  [399_840, '€3,998.40'],
  [-123_450, '−€1,234.50'],
  [0, '€0'],
])('%i cents are %s', (cents, text) => expect(euros(cents)).toBe(text))

test('a range of one figure is that figure', () => {
  expect(euroRange(24_000, 24_000)).toBe('€240')
  expect(euroRange(24_000, 120_000)).toBe('€240 to €1,200')
})

test('signs are true minus signs, and zero has none', () => {
  expect([26_349, -4_000, 0].map(signedPercent)).toEqual(['+263.5%', '−40%', '0%'])
  expect([4, -4, 5, 123_456].map(signedPercent)).toEqual(['0%', '0%', '+0.1%', '+1,234.6%'])
  expect([3.95, -1.93, 0].map(net)).toEqual(['+3.95', '−1.93', '0.00'])
})
