// The report itself: verdict and money first, then what not to do, what to do, what we found, when, and how we know.
import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'

import { report as say } from '@messages/report'
import type { ReportDocument } from '@/api/schema'
import { Page } from '@/ui/page'

import { Avoid } from './viewer/avoid'
import { loadCharts } from './viewer/chart-frame'
import { useDeepLinks, usePrintUnfolded } from './viewer/deep-links'
import { Findings } from './viewer/findings'
import { lookup, ReportContext } from './viewer/lookup'
import { Method } from './viewer/method'
import { Opening, Verdict } from './viewer/opening'
import { Readiness } from './viewer/readiness'
import { Recommendations } from './viewer/recommendations'
import { Roadmap } from './viewer/roadmap'
import { SectionNav } from './viewer/section-nav'

interface ViewerProps {
  document: ReportDocument
  /** What can be done with the report: download, share, print. */
  actions: ReactNode
}

export default function Viewer({ document: report, actions }: ViewerProps) {
  const found = useMemo(() => lookup(report), [report])
  // The first screen is shown before the rest is made.
  const isRest = useDeferredValue(true, false)
  const isWhole = useWholeForPrint() || isRest
  useDeepLinks(isWhole)
  usePrintUnfolded()
  useChartsWhenIdle()
  return (
    <Page title={say.title(report.company.name)}>
      <ReportContext value={found}>
        <div className="flow grid grid-cols-[minmax(0,1fr)] gap-8 wrap-anywhere">
          <Opening actions={actions} />
          <SectionNav isWhole={isWhole} />
          <div className="flow grid grid-cols-[minmax(0,1fr)] gap-16 pt-2 sm:gap-20">
            <Verdict />
            {isWhole && (
              <>
                <Avoid />
                <Recommendations />
                <Findings />
                <Roadmap />
                <Readiness />
                <Method />
              </>
            )}
          </div>
        </div>
      </ReportContext>
    </Page>
  )
}

/** Whoever prints at once gets all of it at once. Before the listener that unfolds: there has to be something to unfold. */
function useWholeForPrint(): boolean {
  const [isAsked, setAsked] = useState(false)
  useEffect(() => {
    const ask = () => flushSync(() => setAsked(true))
    window.addEventListener('beforeprint', ask)
    return () => window.removeEventListener('beforeprint', ask)
  }, [])
  return isAsked
}

/** The drawings' code comes when nothing else is to do: printing cannot wait for it. */
function useChartsWhenIdle(): void {
  useEffect(() => {
    const load = () => void loadCharts().catch(() => undefined)
    if (!('requestIdleCallback' in window)) {
      const later = setTimeout(load, 2000)
      return () => clearTimeout(later)
    }
    const idle = window.requestIdleCallback(load, { timeout: 5000 })
    return () => window.cancelIdleCallback(idle)
  }, [])
}
