// What the report's fixed words mean to a reader: one entry for every value that the document may hold.
import type {
  Band,
  BenefitDims,
  Category,
  ComponentKey,
  Confidence,
  CostDims,
  EvidenceKind,
  Freshness,
  Horizon,
  OptionKind,
  Origin,
  PriceUnit,
  Priority,
  RiskBand,
  VerdictClass,
} from '@/api/schema'

interface Told {
  word: string
  meaning: string
}

const verdict: Record<VerdictClass, Told> = {
  proceed: { word: 'Proceed', meaning: 'The conditions are there. Begin.' },
  proceed_cautiously: {
    word: 'Proceed cautiously',
    meaning: 'Some steps pay off. Begin small and measure before you go on.',
  },
  wait: { word: 'Wait', meaning: 'Not yet. Prepare a few things first, then look again.' },
  not_recommended: { word: 'Not recommended', meaning: 'For now the money is better spent elsewhere.' },
}

const band: Record<Band, Told> = {
  early_stage: { word: 'Early stage', meaning: 'Below 30 of 100. The groundwork comes first.' },
  developing: { word: 'Developing', meaning: '30 to 49 of 100. Small, ready-made steps can work.' },
  established: {
    word: 'Established',
    meaning: '50 to 69 of 100. Most ready-made products will work for you.',
  },
  advanced: { word: 'Advanced', meaning: '70 of 100 and more. Larger steps are open to you, too.' },
}

const component: Record<ComponentKey, Told> = {
  data: {
    word: 'Data',
    meaning: 'Where your information lives: on paper, in files, or in systems that talk.',
  },
  process: { word: 'Process', meaning: 'How steadily work is done the same way each time.' },
  tech: { word: 'Technology', meaning: 'How many tools you use and how well they are connected.' },
  team: { word: 'Team', meaning: 'How at ease your people are with technology and AI.' },
  strategy: { word: 'Strategy', meaning: 'Who decides, what you can spend, and how soon you want it.' },
}

const category: Record<Category, string> = {
  efficiency: 'Efficiency',
  growth: 'Growth',
  risk: 'Risk',
  compliance: 'Compliance',
  customer_experience: 'Customer experience',
}

const horizon: Record<Horizon, Told> = {
  short: { word: 'Short term', meaning: 'within 6 months' },
  mid: { word: 'Mid term', meaning: '6 to 18 months' },
  long: { word: 'Long term', meaning: '18 months and more' },
}

const option: Record<OptionKind, Told> = {
  off_the_shelf: { word: 'Off the shelf', meaning: 'A ready product, quick to start.' },
  best_in_class: { word: 'Best in class', meaning: 'The leading product: does more, asks for more.' },
  custom: { word: 'Custom-built', meaning: 'Built for you, and yours to look after.' },
}

const priority: Record<Priority, Told> = {
  quick_win: { word: 'Quick win', meaning: 'High benefit, low cost and risk, ready within two weeks.' },
  strategic: { word: 'Strategic', meaning: 'High benefit at a risk you can carry; needs some weeks.' },
  consider: { word: 'Consider', meaning: 'Useful, but not urgent.' },
  defer: { word: 'Defer', meaning: 'Leave it until the others run.' },
}

const confidence: Record<Confidence, Told> = {
  high: { word: 'High confidence', meaning: 'Counted in full.' },
  medium: { word: 'Medium confidence', meaning: 'We count 85% of the benefit.' },
  low: { word: 'Low confidence', meaning: 'We count 70% of the benefit.' },
}

const risk: Record<RiskBand, string> = {
  low: 'Low risk',
  moderate: 'Moderate risk',
  high: 'High risk',
  severe: 'Severe risk',
}

const freshness: Record<Freshness, string> = {
  fresh: 'recently verified',
  aging: 'verified some months ago',
  stale: 'out of date',
  unverified: 'not verified with the vendor',
}

const origin: Record<Origin, string> = {
  answer: 'From your answers',
  default: 'Our default',
  benchmark: 'Benchmark',
}

const evidence: Record<EvidenceKind, string> = {
  answer: 'Your answer',
  benchmark: 'Benchmark',
  calculation: 'Calculation',
}

const unit: Record<PriceUnit, string> = {
  flat: '',
  user: ' per user',
  location: ' per location',
  usage: ' by usage',
}

const cost: Record<keyof CostDims, string> = {
  financial: 'Money',
  time: 'Time to introduce',
  opportunity: 'What you leave undone meanwhile',
  complexity: 'Complexity',
  risk_reversibility: 'How hard to undo',
  brand_trust: 'Strain on trust',
}

const benefit: Record<keyof BenefitDims, string> = {
  financial: 'Money',
  time: 'Time',
  strategic: 'Long-term use',
  quality: 'Quality',
}

/** Of the risk, in the order in which they are multiplied. */
const riskPart: Record<'p' | 'i' | 'v' | 'd', Told> = {
  p: { word: 'Probability', meaning: 'how likely it goes wrong' },
  i: { word: 'Impact', meaning: 'how bad that would be' },
  v: { word: 'Visibility', meaning: 'how many people would notice' },
  d: { word: 'Detection', meaning: 'how hard it is to notice in time' },
}

const scenario: Record<'conservative' | 'expected' | 'optimistic', Told> = {
  conservative: { word: 'Conservative', meaning: '70% of the expected benefit' },
  expected: { word: 'Expected', meaning: 'the benefit as computed' },
  optimistic: { word: 'Optimistic', meaning: '130% of the expected benefit' },
}

/** Of a benchmark's source; the document holds it as plain text. */
const status: Record<string, Told> = {
  verified: { word: 'Verified', meaning: 'checked at the source' },
  estimate: { word: 'Estimate', meaning: 'an informed estimate, not a measurement' },
  unverified: { word: 'Unverified', meaning: 'reported by the publisher, not checked by us' },
}

/** Of the steps in which a model wrote. */
const task: Record<string, string> = {
  findings: 'Findings',
  options: 'Comparison of the options',
  narrative: 'Summary and roadmap',
}

/** What the checks noted: the sentence for one place and for several. */
const warning: Record<string, string> = {
  price_old:
    'Vendor prices were not verified recently. Every figure that uses one is counted with low confidence.',
  substitute: 'No product fitted a field exactly, so the nearest one from the catalogue stands in.',
  words_by_rule:
    'Some explanations were written by rule, because the model’s own words did not pass our checks.',
  comparison_left_out: 'One comparison could not be completed and was left out.',
  evidence_unknown: 'A reference that we could not resolve was dropped, and the confidence lowered.',
  money_dropped: 'A sentence with a sum of its own was dropped: sums come from the calculation alone.',
  address_dropped: 'A sentence with a web address was dropped: addresses come from our sources alone.',
  number_dropped: 'A sentence with a number that we could not trace was dropped.',
  vendor_dropped: 'A sentence that named a vendor of its own was dropped.',
  hours_too_low: 'Less than half an hour a week is not counted.',
  hours_too_high: 'Hours were cut to 60 a week.',
  hours_above_capacity: 'Hours were cut to half of your team’s working time.',
  rate_too_low: 'The cost of an hour was raised to the least that we count with.',
  rate_too_high: 'The cost of an hour was cut to the most that we count with.',
  no_benefit: 'An option without any benefit was left aside.',
  saving_high: 'A saving is large for your revenue. Check its assumptions before you rely on it.',
  saving_too_high: 'A saving was too large for your revenue to be believed, so its option is not offered.',
  implementation_too_high: 'An option costs more to set up than we recommend to anybody.',
  monthly_too_high: 'An option costs more a month than we recommend to a business of your size.',
}

export const words = {
  verdict,
  band,
  component,
  category,
  horizon,
  option,
  priority,
  confidence,
  risk,
  freshness,
  origin,
  evidence,
  unit,
  cost,
  benefit,
  riskPart,
  scenario,
  status,
  task,
  warning,
}
