// What operators type, as cents: never a fraction, never a guess.
import { expect, test } from 'vitest'

import { amount, dollars, entered } from '@/pages/admin/amounts'

test.each([
  ['39,90', 3990],
  ['39.90', 3990],
  ['39.9', 3990],
  ['39', 3900],
  ['0', 0],
  ['0,05', 5],
  ['1.000', 100_000],
  ['1,000', 100_000],
  ['1.000,50', 100_050],
  ['1,000.50', 100_050],
  ['€ 1 000', 100_000],
  ['1’250.00 €', 125_000],
  ['100000', 10_000_000],
  // As a product of floats this would be 1998.9999…
  ['19.99', 1999],
])('%s is %i cents', (text, cents) => expect(entered(text)).toEqual({ kind: 'cents', cents }))

test.each(['', '  ', '€'])('nothing at all is a price on request: %j', (text) =>
  expect(entered(text)).toEqual({ kind: 'none' }),
)

test.each([
  ['-5', 'negative'],
  ['−5,00', 'negative'],
  ['abc', 'unclear'],
  ['39,', 'unclear'],
  ['0.500', 'unclear'],
  ['1.00.00', 'unclear'],
  ['1.0000', 'unclear'],
  ['1e3', 'unclear'],
  ['39,905,1', 'unclear'],
  ['100000.01', 'too-much'],
  ['99999999999999999999', 'too-much'],
])('%s is refused as %s', (text, fault) => expect(entered(text)).toEqual({ kind: 'fault', fault }))

test('spend has two to four decimals, prices those of their currency', () => {
  expect([0, 73_207, 1_500_000, 12_345_678_900].map(dollars)).toEqual([
    '$0.00',
    '$0.0732',
    '$1.50',
    '$12,345.6789',
  ])
  expect(amount(3990, 'EUR')).toBe('€39.90')
  expect(amount(4900, 'USD')).toBe('$49.00')
})
