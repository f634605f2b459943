// Every value that the API may send has its words.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { describe, expect, it } from 'vitest'

import { words } from './report-words'

const ENUMS = {
  VerdictClass: words.verdict,
  Band: words.band,
  ComponentKey: words.component,
  Category: words.category,
  Horizon: words.horizon,
  OptionKind: words.option,
  Priority: words.priority,
  Confidence: words.confidence,
  RiskBand: words.risk,
  Freshness: words.freshness,
  Origin: words.origin,
  EvidenceKind: words.evidence,
  PriceUnit: words.unit,
  BenchmarkStatus: words.status,
}

const schemas: Record<string, { enum?: string[]; properties?: Record<string, unknown> }> = JSON.parse(
  readFileSync(resolve('../backend/openapi.json'), 'utf8'),
).components.schemas

/** May be without a word: a flat price has no unit. */
const SILENT = new Set(['flat'])

describe.each(Object.entries(ENUMS))('%s', (name, told) => {
  it('has words for each of its values and for nothing else', () => {
    const values = schemas[name]?.enum ?? []
    expect(values.length).toBeGreaterThan(0)
    expect(Object.keys(told).toSorted()).toEqual(values.toSorted())
    for (const [value, entry] of Object.entries(told)) {
      const texts: unknown[] = typeof entry === 'string' ? [entry] : Object.values(entry)
      if (SILENT.has(value)) continue
      for (const text of texts) expect(text).toMatch(/\S/)
    }
  })
})

describe.each([
  ['CostDims', words.cost],
  ['BenefitDims', words.benefit],
])('%s', (name, told) => {
  it('has a name for each dimension', () => {
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(schemas[name]?.properties ?? {}).toSorted())
  })
})
