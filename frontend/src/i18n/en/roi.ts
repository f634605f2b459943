// The calculator beside a recommendation: the reader's own figures, by the report's formula.
import type { Confidence, OptionKind, RoiScenario } from '@/api/schema'
import type { Scenario } from '@/lib/roi'
import { number } from '@/lib/percent'

const paidAfter = ({ payback_months: months }: Pick<RoiScenario, 'payback_months'>) => {
  if (months === undefined) return 'Never'
  if (months === 0) return 'At once'
  return months === 1 ? '1 month' : `${number(months)} months`
}

/** The same inside a sentence. */
const paidBack = (shown: Pick<RoiScenario, 'payback_months'>) => {
  if (shown.payback_months === undefined) return 'never paid back'
  return shown.payback_months === 0 ? 'paid back at once' : `paid back after ${paidAfter(shown)}`
}

const scenarios: Record<Scenario, { title: string; text: string }> = {
  conservative: { title: 'Conservative', text: 'Counts 70% of the benefit. Plan with this one.' },
  expected: { title: 'Expected', text: 'Counts all of it.' },
  optimistic: { title: 'Optimistic', text: 'Counts 130% of it.' },
}

const options: Record<OptionKind, string> = {
  off_the_shelf: 'Off the shelf',
  best_in_class: 'Best in class',
  custom: 'Built for you',
}

const confidence: Record<Confidence, string> = { high: 'high', medium: 'medium', low: 'low' }

export const roi = {
  label: (title: string) => `Try your own figures: ${title}`,
  intro: 'It starts with the figures of the report. Change them and see what becomes of the result.',
  option: 'Option',
  options,
  winner: 'recommended',
  optionLabel: (kind: string, label: string) => (kind === label ? kind : `${kind}: ${label}`),
  ineligible: 'In the report this option is ruled out.',
  fields: {
    hours: { label: 'Hours saved a week', unit: 'hours', help: 'Of the whole team, before any deduction.' },
    rate: { label: 'Cost of an hour', unit: '€', help: 'What an hour of this work costs you, all in.' },
    revenue: { label: 'Added revenue a year', unit: '€', help: 'Only half of it is counted as benefit.' },
    implementation: { label: 'Introduction, once', unit: '€', help: 'Setting up, training, moving data.' },
    monthly: { label: 'Running cost a month', unit: '€', help: 'For everybody who uses it.' },
  },
  slider: (label: string) => `${label}, slider`,
  inReport: (value: string) => `In the report: ${value}`,
  hours: (value: number) => (value === 1 ? '1 hour' : `${number(value)} hours`),
  notANumber: 'Please enter a number, such as 7.5.',
  outside: (min: string, max: string) => `Please stay between ${min} and ${max}.`,
  stale: 'The result below uses the last figure that could be read.',
  confidence: {
    title: (level: Confidence, share: string) =>
      `Confidence: ${confidence[level]}, so ${share} of the benefit is counted`,
    text: 'It follows from the evidence behind the finding. It cannot be set here: better evidence raises it, a wish does not.',
  },
  adjusted:
    'Some figures in the link could not be used as they were. They were brought inside the bounds or left out.',
  older:
    'The report was computed by an earlier version of the formula, so its own figures can differ slightly.',
  result: 'Result',
  scenarios,
  returnYear1: 'Return in the first year',
  payback: 'Paid back after',
  net3y: 'Net over three years',
  benefit: 'Benefit a year',
  costYear1: (cost: string) => `First-year cost: ${cost}`,
  capped: 'or more: we show no return above 500%',
  paybackOf: paidAfter,
  paidBackOf: paidBack,
  same: 'As in the report',
  more: (amount: string) => `${amount} more than in the report`,
  less: (amount: string) => `${amount} less than in the report`,
  sensitivity: (percent: string, payback: string, net: string) =>
    `Almost too good? With only half of the expected benefit the return is ${percent}, ${payback}, net over three years ${net}.`,
  never: 'Never means: a year costs more than it brings, so the introduction is not earned back.',
  announced: (percent: string, payback: string, net: string) =>
    `Conservative: return ${percent}, ${payback}, net over three years ${net}.`,
  copy: 'Copy this scenario’s link',
  copyWarning: 'Whoever has the link can read the whole report.',
  copyHere: 'This link works only in this browser: the key of the report is not known here.',
  reset: 'Back to the report’s figures',
  wasReset: 'Back to the figures of the report.',
  formula: {
    title: 'How this is computed',
    intro:
      'The page uses the same formula as the report, in whole cents. Each figure is rounded once, at the end.',
    lines: (weeks: number, efficiency: string, adoption: string, confident: string, revenueShare: string) => [
      {
        name: 'Benefit a year',
        text: `hours a week × cost of an hour × ${weeks} weeks × ${efficiency} (saved time that becomes useful time) × ${adoption} (people who really use it) × ${confident} (confidence) + added revenue × ${confident} × ${revenueShare} (the part of revenue that counts as benefit)`,
      },
      { name: 'Scenarios', text: 'conservative counts 70% of this benefit, expected 100%, optimistic 130%' },
      { name: 'First-year cost', text: 'introduction + 12 × running cost' },
      {
        name: 'Return in the first year',
        text: '(benefit − first-year cost) ÷ first-year cost, shown up to 500%',
      },
      { name: 'Paid back after', text: 'introduction ÷ (benefit ÷ 12 − running cost), in months' },
      { name: 'Net over three years', text: '3 × benefit − introduction − 36 × running cost' },
      {
        name: 'Careful check',
        text: 'where the conservative payback is under three months or its return above 300%, the same with half of the expected benefit',
      },
    ],
    worked: 'With the figures above',
    workedText: (benefit: string, conservative: string) =>
      `the expected benefit is ${benefit} a year; the conservative scenario counts ${conservative} of it.`,
  },
}
