// A drawing with what it needs to be understood without it: a title, one sentence, and its numbers as a table.
// The drawing's code comes when it is near the window; its place is kept free until then.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

import { report as say } from '@messages/report'

import { Fold } from './section'

type Charts = typeof import('@/charts/charts')

interface ChartFrameProps {
  title: string
  summary: string
  /** A class: the height that the drawing will have. */
  height: string
  /** Between the words and the drawing: a choice, a key. */
  controls?: ReactNode
  table: ReactNode
  /** On paper a drawing cannot measure its place. */
  children: (charts: Charts, printing: boolean) => ReactNode
}

export function ChartFrame({ title, summary, height, controls, table, children }: ChartFrameProps) {
  const place = useRef<HTMLDivElement>(null)
  const heading = useId()
  const { charts, printing, failed } = useCharts(place)
  return (
    <figure
      aria-labelledby={heading}
      className="keep m-0 grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-2"
    >
      <figcaption className="grid gap-1">
        <p id={heading} className="font-semibold">
          {title}
        </p>
        <p className="figure text-sm text-muted">{summary}</p>
      </figcaption>
      {controls}
      <div ref={place} className={`min-w-0 print:h-auto ${failed ? '' : height}`}>
        {charts ? (
          children(charts, printing)
        ) : failed ? (
          <p className="text-sm text-muted">{say.charts.failed}</p>
        ) : (
          <p className="sr-only">{say.charts.loading}</p>
        )}
      </div>
      <Fold summary={<span className="no-print text-sm">{say.charts.table}</span>} open={failed}>
        {table}
      </Fold>
    </figure>
  )
}

/** A plain table of figures: the first column names the row. */
export const NumberTable = ({
  caption,
  heads,
  rows,
}: {
  caption: string
  heads: readonly string[]
  rows: readonly (readonly string[])[]
}) => (
  // Wider than a phone: it scrolls on its own, and by keyboard only when it can hold the focus.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div role="group" aria-label={caption} tabIndex={0} className="overflow-x-auto -outline-offset-3">
    <table className="figure w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-edge text-muted">
          {heads.map((head, index) => (
            <th
              key={head}
              scope="col"
              className={`py-1.5 align-bottom font-medium ${index === 0 ? 'text-left' : 'pl-3 text-right'}`}
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name} className="border-b border-rule align-top">
            <th scope="row" className="min-w-20 py-1.5 text-left font-normal wrap-break-word">
              {name}
            </th>
            {cells.map((cell, index) => (
              <td key={heads[index + 1]} className="py-1.5 pl-3 text-right whitespace-nowrap">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

let loaded: Charts | undefined

/** The drawings' code, once for all of them. */
export async function loadCharts(): Promise<Charts> {
  loaded ??= await import('@/charts/charts')
  return loaded
}

function useCharts(place: React.RefObject<HTMLElement | null>): {
  charts: Charts | undefined
  printing: boolean
  failed: boolean
} {
  const [charts, setCharts] = useState<Charts>()
  const [printing, setPrinting] = useState(false)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let here = true
    const draw = () => {
      loadCharts().then(
        (found) => here && setCharts(found),
        () => here && setFailed(true),
      )
    }
    // Paper shows all of them, whether they were in the window or not.
    const before = () =>
      flushSync(() => {
        setCharts(loaded)
        setPrinting(true)
      })
    const after = () => setPrinting(false)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    const stopWatching = whenNear(place.current, draw)
    return () => {
      here = false
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
      stopWatching()
    }
  }, [place])
  return { charts, printing, failed }
}

/** Calls once, when the element comes within a screen's height of the window. */
function whenNear(element: HTMLElement | null, then: () => void): () => void {
  if (!element || !('IntersectionObserver' in window)) {
    then()
    return () => {}
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      observer.disconnect()
      then()
    },
    { rootMargin: '600px 0px' },
  )
  observer.observe(element)
  return () => observer.disconnect()
}
