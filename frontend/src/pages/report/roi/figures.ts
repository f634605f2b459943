// The figures that a reader may change: where each stands in the inputs, its bounds, and its text in a field.
import type { ReportDocument, RoiInputs } from '@/api/schema'

export const FIGURES = ['hours', 'rate', 'revenue', 'implementation', 'monthly'] as const
export type Figure = (typeof FIGURES)[number]

/** What differs from the report; in the units of the inputs: hours, and cents. */
export type Changes = Partial<Record<Figure, number>>

export interface Bounds {
  min: number
  /** What may be typed. */
  max: number
  /** Where the slider ends: a slider over a million euros could not be aimed. */
  reach: number
  step: number
}

const FIELD = {
  hours: 'hours_week',
  rate: 'rate_cents',
  revenue: 'revenue_year_cents',
  implementation: 'implementation_cents',
  monthly: 'monthly_cents',
} as const satisfies Record<Figure, keyof RoiInputs>

export const valueOf = (inputs: RoiInputs, figure: Figure): number => inputs[FIELD[figure]]

export function withChanges(own: RoiInputs, changes: Changes): RoiInputs {
  const inputs = { ...own }
  for (const figure of FIGURES) inputs[FIELD[figure]] = changes[figure] ?? inputs[FIELD[figure]]
  return inputs
}

/** The same as for the report itself; where the report's own figure lies outside, it widens them. */
export function boundsOf(figure: Figure, own: number, company: ReportDocument['company']): Bounds {
  const { min, max, least, step } = LIMITS[figure]
  const most = figure === 'hours' ? Math.min(max, company.employees * 20) : max
  const top = Math.max(most, own)
  const reach = Math.min(top, Math.ceil(Math.max(least, 2 * own) / step) * step)
  return { min: Math.min(min, own), max: top, reach, step }
}

/** `least`: how far the slider goes at the least. */
const LIMITS: Record<Figure, { min: number; max: number; least: number; step: number }> = {
  hours: { min: 0, max: 60, least: 20, step: 0.5 },
  rate: { min: 1_000, max: 50_000, least: 15_000, step: 100 },
  revenue: { min: 0, max: 100_000_000, least: 5_000_000, step: 10_000 },
  implementation: { min: 0, max: 5_000_000, least: 500_000, step: 5_000 },
  monthly: { min: 0, max: 200_000, least: 50_000, step: 500 },
}

/** `5`, `7.5`, `36.50`: as a number field and an address write it. */
export function textOf(figure: Figure, value: number): string {
  if (figure === 'hours') return String(value)
  const rest = value % 100
  const whole = String((value - rest) / 100)
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(2, '0')}`
}

/** The value of such a text; nothing where it is none. Cents come from the digits, never from a product. */
export function parse(figure: Figure, text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(text.trim())
  if (!match) return undefined
  const [, whole = '', part = ''] = match
  if (figure === 'hours') return part.length > 1 ? undefined : Number(`${whole}.${part || '0'}`)
  return Number(whole + part.padEnd(2, '0'))
}

export const clamp = (value: number, { min, max }: Bounds) => Math.min(Math.max(value, min), max)
