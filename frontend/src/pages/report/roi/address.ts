// A scenario in the address: only what differs from the report, so that a link stays short and says what was changed.
import type { OptionKind, Recommendation, ReportDocument } from '@/api/schema'
import {
  boundsOf,
  type Changes,
  clamp,
  type Figure,
  FIGURES,
  parse,
  textOf,
  valueOf,
} from '@/pages/report/roi/figures'
import { OWNER } from '@/pages/report/roi/owner'

export interface Scenario {
  option: OptionKind
  changes: Changes
}

/** The scenario in the address, or the report's own; and whether something in it could not be used as it stood. */
export function readScenario(
  search: string,
  recommendation: Recommendation,
  company: ReportDocument['company'],
): { scenario: Scenario; adjusted: boolean } {
  const params = new URLSearchParams(search)
  const scenario: Scenario = { option: recommendation.winner, changes: {} }
  if (params.get(OWNER) !== recommendation.id) return { scenario, adjusted: false }
  let adjusted = false
  const wanted = params.get(OPTION)
  const option = recommendation.options.find(({ kind }) => kind === (wanted ?? recommendation.winner))
  if (!option) return { scenario, adjusted: true }
  scenario.option = option.kind
  for (const figure of FIGURES) {
    const text = params.get(figure)
    if (text === null) continue
    const own = valueOf(option.roi.inputs, figure)
    const value = parse(figure, text)
    const usable = value === undefined ? undefined : clamp(value, boundsOf(figure, own, company))
    if (usable !== value || value === undefined) adjusted = true
    if (usable !== undefined && usable !== own) scenario.changes[figure] = usable
  }
  return { scenario, adjusted }
}

/** The query with this scenario in it; everything else that stands there stays. */
export function withScenario(search: string, recommendation: Recommendation, scenario: Scenario): string {
  const params = new URLSearchParams(search)
  const isOwn = scenario.option === recommendation.winner && changed(scenario).length === 0
  // The report's own figures need no words, and those of another recommendation are not ours to take away.
  if (isOwn && params.get(OWNER) !== recommendation.id) return search
  for (const name of [OWNER, OPTION, ...FIGURES]) params.delete(name)
  if (!isOwn) {
    params.set(OWNER, recommendation.id)
    params.set(OPTION, scenario.option)
    for (const [figure, value] of changed(scenario)) params.set(figure, textOf(figure, value))
  }
  const query = params.toString()
  return query && `?${query}`
}

export const changed = ({ changes }: Scenario): [Figure, number][] =>
  FIGURES.flatMap((figure) => {
    const value = changes[figure]
    return value === undefined ? [] : [[figure, value]]
  })

const OPTION = 'option'
