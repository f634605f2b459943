// The keys of reports: kept for the last ten, read from an address, put into a link.
import { expect, test, vi } from 'vitest'

import { forgetToken, rememberToken, shareLink, tokenIn, tokenOf, withoutToken } from '@/lib/report-access'

const token = (number: number) => `token-of-report-number-${number}-xxxx`

test('the last ten are kept, the newest first', () => {
  for (let number = 1; number <= 12; number += 1) rememberToken(`report-${number}`, token(number))
  rememberToken('report-4', token(4))
  const kept = localStorage.getItem('crb.reports') ?? ''
  const order = [4, 12, 11, 10, 9, 8, 7, 6, 5, 3].map((number) => `report-${number}`)
  expect([...kept.matchAll(/"id":"([^"]*)"/g)].map(([, id]) => id)).toEqual(order)
})

test('a browser that keeps nothing still knows the report that is open', () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  rememberToken('private', token(1))
  expect(tokenOf('private')).toBe(token(1))
})

test('a forgotten key opens and shares nothing', () => {
  rememberToken('gone', token(1))
  forgetToken('gone')
  expect(tokenOf('gone')).toBeUndefined()
  expect(shareLink('gone')).toBeUndefined()
})

test('what somebody else has put into the storage counts as nothing', () => {
  localStorage.setItem('crb.reports', '{"id":1}')
  expect(tokenOf('unknown')).toBeUndefined()
})

test.each([
  ['#token=abc', 'abc', ''],
  ['#token=abc&finding-f-03', 'abc', '#finding-f-03'],
  ['#finding-f-03&token=abc', 'abc', '#finding-f-03'],
  ['#finding-f-03', undefined, '#finding-f-03'],
  ['#token=', undefined, ''],
  ['', undefined, ''],
])('%s', (hash, found, rest) => {
  expect(tokenIn(hash)).toBe(found)
  expect(withoutToken(hash)).toBe(rest)
})

test('a share link leads to a place on the page and holds the key behind the #', () => {
  rememberToken('mine', token(1))
  const link = shareLink('mine', '?roi=r-01', 'recommendation-r-01')
  expect(link).toBe(`http://localhost:3000/reports/mine?roi=r-01#token=${token(1)}&recommendation-r-01`)
  const { hash } = new URL(link ?? '')
  expect([tokenIn(hash), withoutToken(hash)]).toEqual([token(1), '#recommendation-r-01'])
})
