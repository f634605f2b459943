// A scenario in an address: short, complete, and harmless whatever somebody writes there.
import { describe, expect, test } from 'vitest'

import { readScenario, type Scenario, withScenario } from '@/pages/report/roi/address'
import { scenarioOwner } from '@/pages/report/roi/owner'
import { parse, textOf } from '@/pages/report/roi/figures'
import { recommendation, surroundings } from '@/test/recommendation'

const read = (search: string) => readScenario(search, recommendation, surroundings.company)
const own: Scenario = { option: 'off_the_shelf', changes: {} }

test('what is written is read again', () => {
  const scenario: Scenario = {
    option: 'custom',
    changes: { hours: 7.5, rate: 3_650, revenue: 1_200_000, implementation: 0, monthly: 4_999 },
  }
  const search = withScenario('', recommendation, scenario)
  expect(search).toBe(
    '?roi=r-01&option=custom&hours=7.5&rate=36.50&revenue=12000&implementation=0&monthly=49.99',
  )
  expect(read(search)).toEqual({ scenario, adjusted: false })
  expect(scenarioOwner(search)).toBe('r-01')
})

test('the report’s own figures need no words', () => {
  expect(withScenario('', recommendation, own)).toBe('')
  expect(withScenario('?roi=r-01&option=custom&hours=3&utm=x', recommendation, own)).toBe('?utm=x')
})

test('another recommendation’s scenario is neither read nor taken away', () => {
  const search = '?roi=r-02&option=custom&hours=3'
  expect(read(search)).toEqual({ scenario: own, adjusted: false })
  expect(withScenario(search, recommendation, own)).toBe(search)
  const mine = withScenario(search, recommendation, { option: 'custom', changes: {} })
  expect(mine).toBe('?roi=r-01&option=custom')
})

describe('what cannot be used is said', () => {
  test.each([
    ['?roi=r-01&option=nonsense', own],
    ['?roi=r-01&hours=abc', own],
    ['?roi=r-01&hours=', own],
    ['?roi=r-01&hours=-3', own],
    ['?roi=r-01&hours=1e3', own],
    ['?roi=r-01&hours=Infinity', own],
    ['?roi=r-01&rate=10.005', own],
    ['?roi=r-01&rate=99999', { ...own, changes: { rate: 50_000 } }],
    ['?roi=r-01&rate=1', { ...own, changes: { rate: 1_000 } }],
    ['?roi=r-01&hours=999', { ...own, changes: { hours: 60 } }],
  ])('%s', (search, scenario) => expect(read(search)).toEqual({ scenario, adjusted: true }))
})

test('a figure that is the report’s own counts as unchanged', () => {
  expect(read('?roi=r-01&hours=5.0&rate=50')).toEqual({ scenario: own, adjusted: false })
})

test.each([
  ['19.99', 1_999],
  ['0.1', 10],
  ['1.', 100],
  ['1005', 100_500],
])('%s euros are %i cents', (text, cents) => {
  expect(parse('rate', text)).toBe(cents)
  expect(parse('rate', textOf('rate', cents))).toBe(cents)
})
