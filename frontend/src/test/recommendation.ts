// A recommendation with three options and what stands around it, with figures by the formula itself.
import type { OptionKind, Recommendation, ReportDocument, ReportOption, RoiInputs } from '@/api/schema'
import { compute } from '@/lib/roi'

const inputs: RoiInputs = {
  hours_week: 5,
  rate_cents: 5_000,
  revenue_year_cents: 0,
  confidence: 'medium',
  implementation_cents: 50_000,
  monthly_cents: 5_000,
}

const option = (kind: OptionKind, label: string, own: Partial<RoiInputs>): ReportOption => ({
  kind,
  label,
  weeks: 2,
  pros: ['quick'],
  cons: ['plain'],
  cost_dims: { financial: 3, time: 2, opportunity: 2, complexity: 2, risk_reversibility: 2, brand_trust: 1 },
  benefit_dims: { financial: 8, time: 7, strategic: 5, quality: 7 },
  risk: { p: 2, i: 2, v: 2, d: 2, score: 8, band: 'low', note: 'small' },
  net: 3.95,
  eligible: kind !== 'custom',
  ...(kind === 'custom' && { ineligible_reason: 'Somebody has to build it.' }),
  fit: 90,
  roi: compute({ ...inputs, ...own }),
})

export const recommendation: Recommendation = {
  id: 'r-01',
  finding_id: 'f-01',
  title: 'Reminders that run by themselves',
  why: { customers: 'They come.', business: 'Less to do.' },
  priority: 'quick_win',
  options: [
    option('off_the_shelf', 'Weave', {}),
    option('best_in_class', 'Curve', { implementation_cents: 120_000, monthly_cents: 35_000 }),
    option('custom', 'Built for you', {
      confidence: 'low',
      implementation_cents: 690_000,
      monthly_cents: 12_000,
    }),
  ],
  winner: 'off_the_shelf',
  why_winner: 'It pays back soonest.',
  choose_instead_if: ['you grow', 'you build'],
  credited_hours_week: 5,
  assumptions: [],
}

export const surroundings: Pick<ReportDocument, 'report_id' | 'sample' | 'company' | 'methodology'> = {
  report_id: '01a204d3-ef17-73c3-827b-a3900600ec19',
  sample: false,
  company: {
    name: 'Bright Dental',
    industry: 'dental',
    industry_name: 'Dental practices',
    employees: 12,
    size: 'smb',
  },
  methodology: {
    sources: [],
    assumptions: [],
    limitations: [],
    confidence_mix: { high: 0, medium: 1, low: 0 },
    constants: { weeks: 48, efficiency_bp: 7_000, adoption_bp: 8_000 },
  },
}
