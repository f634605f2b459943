// The page's arithmetic against the sample document, and against documents that could be.
import { describe, expect, it } from 'vitest'

import type { Finding, ReportOption } from '@/api/schema'
import { sampleReport } from '@/test/sample-report'

import {
  breakEven,
  confidenceReasons,
  cumulative,
  netParts,
  paybackText,
  roiText,
  SCENARIOS,
  winnerFirst,
  winning,
} from './numbers'

const options = sampleReport.recommendations.flatMap((recommendation) => recommendation.options)

/** An option with nothing in it but costs. */
function option(change: Partial<ReportOption['roi']['inputs']>, benefit: number): ReportOption {
  const [first] = options
  if (!first) throw new Error('the sample has options')
  const scenario = { ...first.roi.conservative, benefit_year_cents: benefit }
  return {
    ...first,
    roi: {
      conservative: scenario,
      expected: scenario,
      optimistic: scenario,
      inputs: { ...first.roi.inputs, ...change },
    },
  }
}

describe('the net score', () => {
  it.each(options.map((one) => [`${one.label} ${one.net}`, one] as const))(
    '%s is the sum of its parts',
    (_, one) => {
      const { benefit, cost, risk } = netParts(one)
      const sum = benefit - cost - risk
      // Half away from zero, as the engine rounds; the tiny term undoes what binary fractions lose.
      const rounded = (Math.sign(sum) * Math.round(Math.abs(sum) * 100 + 1e-9)) / 100
      expect(rounded).toBe(one.net)
    },
  )

  it('has parts that can be below zero in sum and no part beyond its range', () => {
    for (const one of options) {
      const { benefit, cost, risk } = netParts(one)
      expect(benefit).toBeLessThanOrEqual(10)
      expect(cost).toBeLessThanOrEqual(10)
      expect(risk).toBeLessThanOrEqual(12.5)
    }
  })
})

describe('the timeline', () => {
  it('begins with the set-up and ends at the document’s figure, in all scenarios of all options', () => {
    for (const one of options) {
      for (const scenario of SCENARIOS) {
        const months = cumulative(one, scenario)
        expect(months).toHaveLength(37)
        expect(months[0]).toBe(-one.roi.inputs.implementation_cents)
        expect(months[36]).toBe(one.roi[scenario].net_3y_cents)
      }
    }
  })

  it('crosses zero where the document says that the money is back', () => {
    for (const one of options) {
      const at = breakEven(one.roi.conservative)
      if (at === undefined) continue
      const months = cumulative(one, 'conservative')
      expect(months[Math.floor(at)] ?? 0).toBeLessThanOrEqual(0)
      expect(months[Math.ceil(at)] ?? 0).toBeGreaterThanOrEqual(-1)
    }
  })

  it('falls every month where nothing comes in, and rounds half cents away from zero', () => {
    const falling = cumulative(option({ implementation_cents: 1000, monthly_cents: 100 }, 0), 'conservative')
    expect(falling[36]).toBe(-4600)
    const odd = cumulative(option({ implementation_cents: 0, monthly_cents: 0 }, 6), 'conservative')
    expect(odd.slice(0, 4)).toEqual([0, 1, 1, 2])
  })

  it('has no break-even beyond the three years or without one', () => {
    const [first] = options
    if (!first) throw new Error('the sample has options')
    const { payback_months: _, ...never } = first.roi.conservative
    expect(breakEven(never)).toBeUndefined()
    expect(breakEven({ ...never, payback_months: 36.01 })).toBeUndefined()
    expect(breakEven({ ...never, payback_months: 36 })).toBe(36)
    expect(breakEven({ ...never, payback_months: 0 })).toBe(0)
  })
})

describe('words for figures', () => {
  it('says when the money is back, or that it never is', () => {
    expect(paybackText(undefined)).toBe('not paid back by these figures')
    expect(paybackText(0)).toBe('paid back at once')
    expect(paybackText(1.77)).toBe('paid back in 1.8 months')
    expect(paybackText(1)).toBe('paid back in 1 month')
    expect(paybackText(634.84)).toBe('paid back in 634.8 months (about 53 years)')
  })

  it('says a capped return as more than it shows', () => {
    expect(roiText({ roi_bp: 50_000, capped: true })).toBe('over +500%')
    expect(roiText({ roi_bp: 26_349, capped: false })).toBe('+263.5%')
    expect(roiText({ roi_bp: -10_000 })).toBe('−100%')
    expect(roiText({ roi_bp: 0 })).toBe('0%')
  })
})

describe('the winner', () => {
  it('comes first, the others keep their order, and none is lost', () => {
    for (const recommendation of sampleReport.recommendations) {
      const ordered = winnerFirst(recommendation)
      expect(ordered[0]).toBe(winning(recommendation))
      expect(ordered).toHaveLength(3)
      const rest = recommendation.options.filter((one) => one.kind !== recommendation.winner)
      expect(ordered.slice(1)).toEqual(rest)
    }
  })

  it('must be among the options', () => {
    const [recommendation] = sampleReport.recommendations
    if (!recommendation) throw new Error('the sample has recommendations')
    expect(() => winning({ ...recommendation, options: [] })).toThrow(/r-01/)
  })
})

describe('the reasons for a confidence', () => {
  const [base] = sampleReport.findings
  if (!base) throw new Error('the sample has findings')
  const answer = { kind: 'answer', ref: 'admin_hours_week', text: 'a' } as const
  const calculation = { kind: 'calculation', ref: 'a-08', text: 'c' } as const
  const benchmark = { kind: 'benchmark', ref: 'checked', text: 'b' } as const
  const source = (id: string) =>
    id === 'checked'
      ? { id, title: 't', publisher: 'p', year: 2025, status: 'verified', url: 'https://example.org' }
      : undefined
  const finding = (change: Partial<Finding>): Finding => ({ ...base, ...change })

  it('names what speaks for it and what is missing', () => {
    expect(
      confidenceReasons(finding({ confidence: 'high', evidence: [answer, benchmark, calculation] }), source),
    ).toEqual([
      'It rests on your own answers.',
      'A benchmark that was checked at its source supports it.',
      'The calculation uses your own numbers.',
    ])
    expect(confidenceReasons(finding({ confidence: 'medium', evidence: [answer] }), source)).toContain(
      'No benchmark behind it was checked at its source.',
    )
  })

  it('says when a check lowered it', () => {
    const lowered = 'It was lowered by one level because a check left something out.'
    expect(confidenceReasons(finding({ confidence: 'low', evidence: [answer] }), source)).toContain(lowered)
    expect(confidenceReasons(finding({ confidence: 'medium', evidence: [answer] }), source)).not.toContain(
      lowered,
    )
  })
})
