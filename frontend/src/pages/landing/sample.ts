// The figures of the API's own sample report that the start page shows. A copy, because the page is made at build time.
import * as v from 'valibot'

import json from './sample.json'

const Ints = v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)))
const Cents = v.pipe(v.number(), v.integer())

const Option = v.object({
  kind: v.picklist(['off_the_shelf', 'best_in_class', 'custom']),
  label: v.string(),
  eligible: v.boolean(),
  ineligible_reason: v.optional(v.string()),
  weeks: v.number(),
  price: v.optional(
    v.object({
      monthly_cents: Cents,
      implementation_cents: Cents,
      observed_on: v.pipe(v.string(), v.isoDate()),
    }),
  ),
  custom: v.optional(v.object({ min_cents: Cents, max_cents: Cents, running_monthly_cents: Cents })),
  cost_dims: v.pipe(Ints, v.length(6)),
  benefit_dims: v.pipe(Ints, v.length(4)),
  risk_score: v.number(),
  net: v.number(),
  conservative: v.object({ roi_bp: v.number(), payback_months: v.number(), net_3y_cents: Cents }),
})

const Sample = v.object({
  company: v.object({ name: v.string(), employees: v.number() }),
  recommendation: v.object({
    title: v.string(),
    winner: v.string(),
    why_winner: v.string(),
    choose_instead_if: v.array(v.string()),
    options: v.pipe(v.array(Option), v.length(3)),
  }),
  avoid: v.object({ title: v.string(), why_not: v.string(), what_instead: v.string() }),
})

export type SampleOption = v.InferOutput<typeof Option>

export const sample = v.parse(Sample, json)

/** What a NET score is made of; they add up to it before rounding. */
export function parts(option: SampleOption): { benefit: number; cost: number; risk: number } {
  return { benefit: mean(option.benefit_dims), cost: mean(option.cost_dims), risk: option.risk_score / 10 }
}

const mean = (figures: readonly number[]) => figures.reduce((sum, one) => sum + one, 0) / figures.length
