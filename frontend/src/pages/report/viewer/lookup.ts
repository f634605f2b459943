// The document and what its ids stand for, for every part of the page.
import { createContext, use } from 'react'

import type { Assumption, Finding, Recommendation, ReportDocument, Source } from '@/api/schema'

export interface Lookup {
  report: ReportDocument
  finding: (id: string) => Finding | undefined
  recommendation: (id: string) => Recommendation | undefined
  /** The recommendation that answers a finding. */
  answerTo: (findingId: string) => Recommendation | undefined
  assumption: (id: string) => Assumption | undefined
  source: (id: string) => Source | undefined
}

export function lookup(report: ReportDocument): Lookup {
  const findings = byId(report.findings)
  const recommendations = byId(report.recommendations)
  const assumptions = byId(report.methodology.assumptions)
  const sources = byId(report.methodology.sources)
  return {
    report,
    finding: (id) => findings.get(id),
    recommendation: (id) => recommendations.get(id),
    answerTo: (findingId) => report.recommendations.find((one) => one.finding_id === findingId),
    assumption: (id) => assumptions.get(id),
    source: (id) => sources.get(id),
  }
}

export const ReportContext = createContext<Lookup | undefined>(undefined)

export function useReport(): Lookup {
  const found = use(ReportContext)
  if (!found) throw new Error('a part of the report stands outside of it')
  return found
}

/** Where each part of the page stands in it, so that no link is spelled twice. */
export const anchor = {
  verdict: 'verdict',
  avoid: 'what-not-to-do',
  recommendations: 'recommendations',
  findings: 'findings',
  roadmap: 'roadmap',
  readiness: 'readiness',
  method: 'method',
  assumptions: 'assumptions',
  finding: (id: string) => `finding-${id}`,
  recommendation: (id: string) => `recommendation-${id}`,
  calculator: (id: string) => `calculator-${id}`,
}

function byId<Item extends { id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
