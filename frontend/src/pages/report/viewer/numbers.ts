// The page's own arithmetic: how figures of the document are shown again, never new ones.
import { report as say } from '@messages/report'
import type {
  Confidence,
  Evidence,
  Finding,
  Recommendation,
  ReportOption,
  RoiScenario,
  Source,
} from '@/api/schema'
import { number, signedPercent } from '@/lib/percent'

export const SCENARIOS = ['conservative', 'expected', 'optimistic'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

export const MONTHS = 36

/** B, C and R/10: what the net score is made of, unrounded. */
export function netParts(option: ReportOption): { benefit: number; cost: number; risk: number } {
  return {
    benefit: mean(Object.values(option.benefit_dims)),
    cost: mean(Object.values(option.cost_dims)),
    risk: option.risk.score / 10,
  }
}

/** The option that was chosen. The document names one of its three. */
export function winning(recommendation: Recommendation): ReportOption {
  const winner = recommendation.options.find((option) => option.kind === recommendation.winner)
  if (!winner) throw new Error(`${recommendation.id} has no winner among its options`)
  return winner
}

/** The winner first, then the others as they stand: the same order on every screen and for every reader. */
export function winnerFirst(recommendation: Recommendation): ReportOption[] {
  const winner = winning(recommendation)
  return [winner, ...recommendation.options.filter((option) => option !== winner)]
}

/** What has come in less what was paid, in cents, at the end of each month from 0 to 36. */
export function cumulative(option: ReportOption, scenario: ScenarioName): number[] {
  const { implementation_cents: setup, monthly_cents: monthly } = option.roi.inputs
  const benefit = option.roi[scenario].benefit_year_cents
  return Array.from(
    { length: MONTHS + 1 },
    (_, month) => rounded((benefit * month) / 12) - setup - monthly * month,
  )
}

/** The month in which the money is back, where that lies within the three years. */
export function breakEven(scenario: RoiScenario): number | undefined {
  const months = scenario.payback_months
  return months !== undefined && months <= MONTHS ? months : undefined
}

/** `+263.5%`, and `over +500%` where more was computed than is shown. */
export function roiText(scenario: Pick<RoiScenario, 'roi_bp'> & { capped?: boolean }): string {
  const percent = signedPercent(scenario.roi_bp)
  return scenario.capped ? say.option.over(percent) : percent
}

/** As part of a sentence: `paid back in 1.8 months`, `not paid back by these figures`. */
export function paybackText(months: number | undefined): string {
  if (months === undefined) return say.payback.never
  if (months === 0) return say.payback.atOnce
  return months > MONTHS
    ? say.payback.years(months.toFixed(1), number(Math.round(months / 12)))
    : say.payback.months(months.toFixed(1))
}

/** Why a finding has its confidence, in sentences, from the evidence that it shows. */
export function confidenceReasons(finding: Finding, source: (id: string) => Source | undefined): string[] {
  const has = (kind: Evidence['kind']) => finding.evidence.some((item) => item.kind === kind)
  const answers = has('answer')
  const calculated = has('calculation')
  const verified = finding.evidence.some(
    (item) => item.kind === 'benchmark' && source(item.ref)?.status === 'verified',
  )
  const lowered = LEVELS.indexOf(finding.confidence) < LEVELS.indexOf(level(answers, verified, calculated))
  return [
    answers ? say.confidence.answers : say.confidence.noAnswers,
    verified ? say.confidence.verified : say.confidence.noVerified,
    calculated ? say.confidence.calculated : say.confidence.notCalculated,
    ...(lowered ? [say.confidence.lowered] : []),
  ]
}

const LEVELS: readonly Confidence[] = ['low', 'medium', 'high']

/** The rule by which the level was set, before any check lowered it. */
function level(answers: boolean, verified: boolean, calculated: boolean): Confidence {
  if (answers && verified) return calculated ? 'high' : 'low'
  return answers || verified ? 'medium' : 'low'
}

const mean = (figures: number[]) => figures.reduce((sum, figure) => sum + figure, 0) / figures.length

/** Half away from zero, as the engine rounds. */
const rounded = (cents: number) => Math.sign(cents) * Math.round(Math.abs(cents))
