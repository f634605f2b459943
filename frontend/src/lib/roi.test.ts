// The page's formula against the server's vectors, and what must hold for any figures.
import { describe, expect, test } from 'vitest'

import type { Confidence, RoiInputs } from '@/api/schema'
import { CAP_BP, compute, CONSTANTS, needsSensitivity, sensitivity, yearOneCents } from '@/lib/roi'
import vectors from '../../../backend/tests/vectors/roi.json'

const isConfidence = (word: string): word is Confidence => ['high', 'medium', 'low'].includes(word)

function inputsOf(given: (typeof vectors.cases)[number]['inputs']): RoiInputs {
  if (!isConfidence(given.confidence)) throw new Error(given.confidence)
  return { ...given, confidence: given.confidence }
}

test('the constants are the server’s', () => expect(CONSTANTS).toEqual(vectors.constants))

test('there are vectors', () => expect(vectors.cases.length).toBeGreaterThanOrEqual(20))

test.each(vectors.cases)('$name', (one) => {
  const inputs = inputsOf(one.inputs)
  const { conservative, expected, optimistic } = compute(inputs)
  expect({ conservative, expected, optimistic }).toEqual({
    conservative: one.conservative,
    expected: one.expected,
    optimistic: one.optimistic,
  })
  expect(needsSensitivity(conservative)).toBe(one.needs_sensitivity)
  expect(sensitivity(inputs)).toEqual(one.sensitivity)
})

describe('for any figures', () => {
  const many = Array.from(drawn(300))

  test('a better scenario is never worse', () => {
    for (const inputs of many) {
      const { conservative, expected, optimistic } = compute(inputs)
      expect(conservative.benefit_year_cents).toBeLessThanOrEqual(expected.benefit_year_cents)
      expect(expected.benefit_year_cents).toBeLessThanOrEqual(optimistic.benefit_year_cents)
      expect(conservative.net_3y_cents).toBeLessThanOrEqual(optimistic.net_3y_cents)
    }
  })

  test('the ratio is capped and the raw one kept', () => {
    for (const inputs of many) {
      for (const shown of [compute(inputs).conservative, compute(inputs).optimistic]) {
        expect(shown.roi_bp).toBe(Math.min(shown.roi_raw_bp, CAP_BP))
        expect(shown.roi_raw_bp).toBeGreaterThanOrEqual(-10_000)
      }
    }
  })

  test('a payback exists exactly where a year brings more than it costs', () => {
    for (const inputs of many) {
      const { expected } = compute(inputs)
      const gains = expected.benefit_year_cents > 12 * inputs.monthly_cents
      expect(expected.payback_months !== undefined).toBe(gains)
    }
  })

  test('more hours never bring less, more cost never brings more', () => {
    for (const inputs of many) {
      const now = compute(inputs).expected.net_3y_cents
      const more = { ...inputs, hours_week: inputs.hours_week + 0.5 }
      const dearer = { ...inputs, monthly_cents: inputs.monthly_cents + 100 }
      expect(compute(more).expected.net_3y_cents).toBeGreaterThanOrEqual(now)
      expect(compute(dearer).expected.net_3y_cents).toBe(now - 3_600)
      expect(yearOneCents(dearer)).toBe(yearOneCents(inputs) + 1_200)
    }
  })
})

test('what is not a number, or below zero, counts as none', () => {
  const nothing = compute({
    hours_week: Number.NaN,
    rate_cents: -5,
    revenue_year_cents: -1,
    confidence: 'high',
    implementation_cents: 0,
    monthly_cents: 0,
  }).expected
  expect(nothing).toEqual({
    benefit_year_cents: 0,
    roi_bp: 0,
    roi_raw_bp: 0,
    capped: false,
    net_3y_cents: 0,
  })
})

/** Figures by a fixed rule, so that a failure comes again. */
function* drawn(count: number): Generator<RoiInputs> {
  let state = 12_345
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
  const levels = ['high', 'medium', 'low'] as const
  for (let index = 0; index < count; index += 1) {
    yield {
      hours_week: next(121) / 2,
      rate_cents: 1_000 + next(49_001),
      revenue_year_cents: next(3) === 0 ? next(10_000_000) : 0,
      confidence: levels[next(3)] ?? 'low',
      implementation_cents: next(5_000_001),
      monthly_cents: next(200_001),
    }
  }
}
