// What the drawings share: a width that follows their place, axes, euros short enough for a tick.
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

interface DrawingProps {
  label: string
  height: number
  /** Its width on paper, where nothing can be measured before. */
  onPaper: number
  printing: boolean
  children: (width: number) => ReactNode
}

/** A drawing as wide as its place; its text keeps its size on every screen. */
export function Drawing({ label, height, onPaper, printing, children }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(onPaper)
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth || onPaper)
    measure()
    if (!('ResizeObserver' in window)) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [onPaper])
  const drawn = printing ? onPaper : width
  return (
    <div ref={place} className="min-w-0 overflow-hidden">
      <svg
        viewBox={`0 0 ${drawn} ${height}`}
        className="block h-auto w-full text-xs"
        role="img"
        aria-label={label}
        fontSize="12"
      >
        {children(drawn)}
      </svg>
    </div>
  )
}

const short = new Intl.NumberFormat('en-GB', {
  style: 'currency',
  currency: 'EUR',
  notation: 'compact',
  maximumFractionDigits: 1,
})

/** `€12.5k`, for ticks only. */
export const shortEuros = (cents: number) => short.format(cents / 100).replace('-', '−')

/** Texts below each other with room between them: each as near to where it belongs as the others allow. */
export function spread(wanted: readonly number[], gap: number, least: number, most: number): number[] {
  const order = wanted
    .map((_, index) => index)
    .toSorted((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0))
  const placed = [...wanted]
  let floor = least
  for (const index of order) {
    placed[index] = Math.max(floor, wanted[index] ?? 0)
    floor = (placed[index] ?? 0) + gap
  }
  let ceiling = most
  for (const index of order.toReversed()) {
    placed[index] = Math.min(ceiling, placed[index] ?? 0)
    ceiling = (placed[index] ?? 0) - gap
  }
  return placed
}

/** As many characters as there is room for; the table beside a drawing holds every name whole. */
export const clipped = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name
