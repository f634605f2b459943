// The bar with the report's sections: stays at the top, and marks the one that is being read.
import { clsx } from 'clsx'
import { useEffect, useRef, useState } from 'react'

import { report as say } from '@messages/report'

import { anchor } from './lookup'

const SECTIONS = [
  [anchor.verdict, say.nav.verdict],
  [anchor.avoid, say.nav.avoid],
  [anchor.recommendations, say.nav.recommendations],
  [anchor.findings, say.nav.findings],
  [anchor.roadmap, say.nav.roadmap],
  [anchor.readiness, say.nav.readiness],
  [anchor.method, say.nav.method],
] as const

export function SectionNav() {
  const current = useCurrentSection()
  const bar = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const list = bar.current
    const link = current && list?.querySelector<HTMLElement>(`[href="#${current}"]`)
    // Sideways only: the page itself stays where it is.
    if (list && link) list.scrollTo?.({ left: link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2 })
  }, [current])
  return (
    <nav
      aria-label={say.nav.label}
      className="no-print sticky top-0 z-20 -mx-4 min-w-0 border-b border-rule bg-paper/95 px-4 backdrop-blur-sm sm:mx-0 sm:px-0"
    >
      <ul
        ref={bar}
        className="relative flex gap-1 overflow-x-auto overscroll-x-contain [scrollbar-width:none] [&::-webkit-scrollbar]:hidden"
      >
        {SECTIONS.map(([id, label]) => (
          <li key={id} className="shrink-0">
            <a
              href={`#${id}`}
              aria-current={current === id ? 'location' : undefined}
              className={clsx(
                'flex min-h-12 items-center border-b-3 px-3 text-sm font-medium whitespace-nowrap -outline-offset-3',
                current === id
                  ? 'border-accent text-ink'
                  : 'border-transparent text-muted hover:border-rule hover:text-ink',
              )}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The section that crosses a line in the upper third of the window. */
function useCurrentSection(): string | undefined {
  const [current, setCurrent] = useState<string>()
  useEffect(() => {
    if (!('IntersectionObserver' in window)) return
    const crossing = new Set<string>()
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) crossing.add(target.id)
          else crossing.delete(target.id)
        }
        const first = SECTIONS.find(([id]) => crossing.has(id))
        // Between two sections the last one stays marked.
        if (first) setCurrent(first[0])
      },
      { rootMargin: '-30% 0px -69% 0px' },
    )
    for (const [id] of SECTIONS) {
      const section = document.getElementById(id)
      if (section) observer.observe(section)
    }
    return () => observer.disconnect()
  }, [])
  return current
}
