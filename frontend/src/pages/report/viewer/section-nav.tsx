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

/** The sections that it leads to are there once the report is whole. */
export function SectionNav({ isWhole }: { isWhole: boolean }) {
  const current = useCurrentSection(isWhole)
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

/** The last section whose beginning is above a line in the upper third of the window; at the top the first. */
function useCurrentSection(isWhole: boolean): string | undefined {
  const [current, setCurrent] = useState<string>()
  useEffect(() => {
    if (!isWhole || !('IntersectionObserver' in window)) return
    const sections = SECTIONS.flatMap(([id]) => document.getElementById(id) ?? [])
    // The observer only says when to look: whenever a section enters or leaves the line.
    const look = () => {
      const line = window.innerHeight * LINE
      const begun = sections.filter((section) => section.getBoundingClientRect().top <= line)
      setCurrent((begun.at(-1) ?? sections[0])?.id)
    }
    const observer = new IntersectionObserver(look, {
      rootMargin: `-${LINE * 100}% 0px -${99 - LINE * 100}% 0px`,
    })
    for (const section of sections) observer.observe(section)
    return () => observer.disconnect()
  }, [isWhole])
  return current
}

/** Where one reads, as a share of the window's height. */
const LINE = 0.3
