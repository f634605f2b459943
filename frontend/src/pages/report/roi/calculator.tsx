// What if: a recommendation's return with the reader's own figures, by the report's formula, in a link to share.
import { useEffect, useRef, useState } from 'react'

import type { OptionKind, Recommendation, ReportDocument, RoiScenario } from '@/api/schema'
import { euros } from '@/lib/money'
import { share, signedPercent } from '@/lib/percent'
import { shareLink } from '@/lib/report-access'
import { compute, CONFIDENCE_BP, sensitivity } from '@/lib/roi'
import { roi as say } from '@messages/roi'
import { changed, readScenario, type Scenario, withScenario } from '@/pages/report/roi/address'
import { boundsOf, type Figure, FIGURES, valueOf, withChanges } from '@/pages/report/roi/figures'
import { Formula } from '@/pages/report/roi/formula'
import { Knob } from '@/pages/report/roi/knob'
import { Result } from '@/pages/report/roi/result'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { Select } from '@/ui/field'

/** What it takes from the report. */
type Surroundings = Pick<ReportDocument, 'report_id' | 'sample' | 'company' | 'methodology'>

interface RoiCalculatorProps {
  recommendation: Recommendation
  document: Surroundings
}

const ADDRESS_AFTER_MS = 400
const ANNOUNCE_AFTER_MS = 900

export function RoiCalculator({ recommendation, document }: RoiCalculatorProps) {
  const [read] = useState(() => readScenario(window.location.search, recommendation, document.company))
  const [scenario, setScenario] = useState(read.scenario)
  const [resets, setResets] = useState(0)
  const option = recommendation.options.find(({ kind }) => kind === scenario.option)
  const isTouched = useScenarioInAddress(recommendation, scenario)
  const constants = document.methodology.constants
  const inputs = option && withChanges(option.roi.inputs, scenario.changes)
  const now = inputs && compute(inputs, constants)
  useAnnouncement(isTouched && now ? announced(now.conservative) : undefined)
  // The document always holds the three options; a reader is not to see a broken page if it ever does not.
  if (!option || !inputs || !now) return null

  const own = option.roi
  const reproduced = compute(own.inputs, constants)
  const isOlder = reproduced.conservative.net_3y_cents !== own.conservative.net_3y_cents
  const choose = (kind: OptionKind) =>
    // Hours, rate and revenue are the reader's own whatever is bought; the costs are the option's.
    setScenario(({ changes: { implementation: _once, monthly: _running, ...kept } }) => ({
      option: kind,
      changes: kept,
    }))
  const change = (figure: Figure, value: number) =>
    setScenario((before) => {
      const { [figure]: _before, ...others } = before.changes
      return {
        ...before,
        changes: value === valueOf(own.inputs, figure) ? others : { ...others, [figure]: value },
      }
    })
  const reset = () => {
    setScenario({ option: recommendation.winner, changes: {} })
    setResets((count) => count + 1)
    announce(say.wasReset)
  }
  const isOwn = scenario.option === recommendation.winner && changed(scenario).length === 0
  return (
    <section aria-label={say.label(recommendation.title)} className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <p className="text-muted">{say.intro}</p>
      {read.adjusted && <p className="rounded-lg bg-warn-tint px-4 py-3 text-warn">{say.adjusted}</p>}
      <Select
        label={say.option}
        value={scenario.option}
        options={recommendation.options.map(({ kind, label }) => ({
          value: kind,
          label: optionLabel(recommendation, kind, label),
        }))}
        onChange={(value) => {
          const chosen = recommendation.options.find(({ kind }) => kind === value)
          if (chosen) choose(chosen.kind)
        }}
        help={option.eligible ? undefined : `${say.ineligible} ${option.ineligible_reason ?? ''}`}
      />
      <div>
        <div key={`${scenario.option} ${resets}`} className="grid gap-x-8 gap-y-5 md:grid-cols-2">
          {FIGURES.map((figure) => (
            <Knob
              key={figure}
              figure={figure}
              value={valueOf(inputs, figure)}
              own={valueOf(own.inputs, figure)}
              bounds={boundsOf(figure, valueOf(own.inputs, figure), document.company)}
              onChange={(value) => change(figure, value)}
            />
          ))}
          <div className="grid content-start gap-1">
            <p className="font-medium">
              {say.confidence.title(inputs.confidence, share(CONFIDENCE_BP[inputs.confidence]))}
            </p>
            <p className="text-sm text-muted">{say.confidence.text}</p>
          </div>
        </div>
        <Glance now={now.conservative} />
      </div>
      {isOlder && <p className="text-sm text-muted">{say.older}</p>}
      <Result inputs={inputs} now={now} half={sensitivity(inputs, constants)} own={own} />
      <Formula inputs={inputs} now={now} constants={constants} />
      <div className="no-print grid gap-2">
        <div className="flex flex-wrap gap-2">
          <CopyButton
            size="small"
            label={say.copy}
            text={() => linkTo(document, recommendation, scenario).link}
          />
          <Button variant="quiet" size="small" disabled={isOwn} onClick={reset}>
            {say.reset}
          </Button>
        </div>
        <p className="text-sm text-muted">{linkTo(document, recommendation, scenario).note}</p>
      </div>
    </section>
  )
}

/** On phones the result stands below the sliders: this keeps it in sight. Screen readers are told it anyway. */
const Glance = ({ now }: { now: RoiScenario }) => (
  <p
    aria-hidden="true"
    className="no-print figure sticky bottom-2 z-10 mt-4 rounded-lg border border-accent bg-tint px-4 py-2 text-sm shadow-card md:hidden"
  >
    {announced(now)}
  </p>
)

const optionLabel = (recommendation: Recommendation, kind: OptionKind, label: string) => {
  const words = say.optionLabel(say.options[kind], label)
  return kind === recommendation.winner ? `${words} (${say.winner})` : words
}

const announced = (shown: RoiScenario) =>
  say.announced(signedPercent(shown.roi_bp), say.paidBackOf(shown), euros(shown.net_3y_cents))

/** The report at this recommendation with these figures, and who can open that link. */
function linkTo(document: Surroundings, recommendation: Recommendation, scenario: Scenario) {
  const search = withScenario('', recommendation, scenario)
  const place = `calculator-${recommendation.id}`
  const plain = (path: string) => `${window.location.origin}${path}${search}#${place}`
  if (document.sample) return { link: plain(href.sample), note: undefined }
  const shared = shareLink(document.report_id, search, place)
  if (shared) return { link: shared, note: say.copyWarning }
  return { link: plain(href.report(document.report_id)), note: say.copyHere }
}

/** Keeps the address up to date, not at every step of a slider. Whether the reader has changed anything yet. */
function useScenarioInAddress(recommendation: Recommendation, scenario: Scenario): boolean {
  const [first] = useState(scenario)
  const isTouched = scenario !== first
  useEffect(() => {
    if (!isTouched) return
    const timer = window.setTimeout(() => {
      const { pathname, search, hash } = window.location
      const next = withScenario(search, recommendation, scenario)
      if (next !== search) window.history.replaceState(window.history.state, '', pathname + next + hash)
    }, ADDRESS_AFTER_MS)
    return () => window.clearTimeout(timer)
  }, [isTouched, recommendation, scenario])
  return isTouched
}

/** Said once the figures have come to rest, and never on arrival. */
function useAnnouncement(words: string | undefined) {
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (words === undefined || words === before.current) return
    const timer = window.setTimeout(() => {
      before.current = words
      announce(words)
    }, ANNOUNCE_AFTER_MS)
    return () => window.clearTimeout(timer)
  }, [words])
}
