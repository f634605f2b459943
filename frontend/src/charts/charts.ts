// The drawings, in a chunk of their own: pure functions of numbers and words, nothing of the report's page.
export { CostBenefitMatrix } from './cost-benefit-matrix'
export { OptionBars } from './option-bars'
export { ValueTimeline } from './value-timeline'
