// The formula of the report, to the cent: whole numbers in, three scenarios out, one rounding for each figure.
// It is the server's own and is held to it by the same test vectors.
import type { Confidence, Constants, Roi, RoiInputs, RoiScenario, Sensitivity } from '@/api/schema'

/** As the server computes today; a report brings its own along. */
export const CONSTANTS: Constants = { weeks: 48, efficiency_bp: 7_000, adoption_bp: 8_000 }

/** The share of a benefit that is counted, by how well it is founded. */
export const CONFIDENCE_BP: Record<Confidence, number> = { high: 10_000, medium: 8_500, low: 7_000 }

/** The share of added revenue that counts as benefit. */
export const REVENUE_SHARE_BP = 5_000

/** No more than 500 % is shown. */
export const CAP_BP = 50_000

/** The share of the benefit that each scenario counts. */
export const SCENARIO_BP = { conservative: 7_000, expected: 10_000, optimistic: 13_000 } as const

export type Scenario = keyof typeof SCENARIO_BP

/** The sensitivity line halves the expected benefit. */
export const SENSITIVITY_BP = 5_000

const BP = 10_000n
/** Denominator of a yearly value: tenths of hours, efficiency, adoption, confidence. */
const SCALE = 10n * BP * BP * BP

const MOST_CENTS = 10_000_000_000_000
const MOST_HOURS = 10_000

export function compute(inputs: RoiInputs, constants: Constants = CONSTANTS): Roi {
  return {
    conservative: scenario(inputs, constants, SCENARIO_BP.conservative),
    expected: scenario(inputs, constants, SCENARIO_BP.expected),
    optimistic: scenario(inputs, constants, SCENARIO_BP.optimistic),
    inputs,
  }
}

/** The same with half of the expected benefit. */
export function sensitivity(inputs: RoiInputs, constants: Constants = CONSTANTS): Sensitivity {
  const half = scenario(inputs, constants, SENSITIVITY_BP)
  return {
    roi_bp: half.roi_bp,
    net_3y_cents: half.net_3y_cents,
    ...(half.payback_months !== undefined && { payback_months: half.payback_months }),
  }
}

/** A payback under three months or a return above 300 % is too good to stand alone. */
export function needsSensitivity(shown: RoiScenario): boolean {
  return (shown.payback_months !== undefined && shown.payback_months < 3) || shown.roi_raw_bp > 30_000
}

/** What an option costs in its first year. */
export const yearOneCents = (inputs: RoiInputs) => Number(costOfYearOne(inputs))

/** Without any cost in the first year the ratio has no value: it counts as the cap where there is a benefit. */
function scenario(inputs: RoiInputs, constants: Constants, shareBp: number): RoiScenario {
  const benefit = divide(yearly(inputs, constants) * BigInt(shareBp), SCALE * BP)
  const implementation = cents(inputs.implementation_cents)
  const monthly = cents(inputs.monthly_cents)
  const cost = costOfYearOne(inputs)
  const isFree = cost === 0n && benefit > 0n
  const raw = cost > 0n ? divide((benefit - cost) * BP, cost) : isFree ? BigInt(CAP_BP) : 0n
  const gainOfYear = benefit - 12n * monthly
  return {
    benefit_year_cents: Number(benefit),
    roi_bp: Math.min(Number(raw), CAP_BP),
    roi_raw_bp: Number(raw),
    capped: raw > BigInt(CAP_BP) || isFree,
    // In hundredths of a month.
    ...(gainOfYear > 0n && { payback_months: Number(divide(implementation * 1200n, gainOfYear)) / 100 }),
    net_3y_cents: Number(3n * benefit - implementation - 36n * monthly),
  }
}

/** A year's benefit, numerator over `SCALE` cents. */
function yearly(inputs: RoiInputs, constants: Constants): bigint {
  const confidence = BigInt(CONFIDENCE_BP[inputs.confidence])
  const time =
    tenths(inputs.hours_week) *
    cents(inputs.rate_cents) *
    BigInt(constants.weeks) *
    BigInt(constants.efficiency_bp) *
    BigInt(constants.adoption_bp) *
    confidence
  const revenue =
    cents(inputs.revenue_year_cents) * confidence * BigInt(REVENUE_SHARE_BP) * (SCALE / (BP * BP))
  return time + revenue
}

const costOfYearOne = (inputs: RoiInputs) =>
  cents(inputs.implementation_cents) + 12n * cents(inputs.monthly_cents)

/** Half-hour steps are exact. Not a number and below zero count as none. */
const tenths = (hours: number) => BigInt(Math.round(within(hours, MOST_HOURS) * 10))

const cents = (amount: number) => BigInt(Math.round(within(amount, MOST_CENTS)))

const within = (value: number, most: number) => (Number.isNaN(value) ? 0 : Math.min(Math.max(value, 0), most))

/** Rounded half away from zero; the denominator is positive. */
function divide(numerator: bigint, denominator: bigint): bigint {
  const half = numerator < 0n ? -(denominator / 2n) : denominator / 2n
  return (numerator + half) / denominator
}
