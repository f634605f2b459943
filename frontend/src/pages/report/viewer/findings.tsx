// All findings, to be filtered by what we say about them.
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

import { report as say } from '@messages/report'
import type { Finding } from '@/api/schema'
import { announce } from '@/ui/announcer'

import { FindingCard } from './finding'
import { anchor, useReport } from './lookup'
import { Section } from './section'

type Filter = 'all' | 'recommended' | 'not-recommended'

const KEEPS: Record<Filter, (finding: Finding) => boolean> = {
  all: () => true,
  recommended: (finding) => finding.recommendable,
  'not-recommended': (finding) => !finding.recommendable,
}

const FILTERS: readonly { id: Filter; label: (count: number) => string }[] = [
  { id: 'all', label: say.findings.all },
  { id: 'recommended', label: say.findings.recommended },
  { id: 'not-recommended', label: say.findings.notRecommended },
]

export function Findings() {
  const { report } = useReport()
  const [filter, setFilter] = useState<Filter>('all')
  const count = (id: Filter) => report.findings.filter(KEEPS[id]).length
  const choose = (id: Filter) => {
    setFilter(id)
    announce(say.findings.shown(count(id)))
  }
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const element = list.current
    const showAll = () => flushSync(() => setFilter('all'))
    element?.addEventListener('beforematch', showAll)
    return () => element?.removeEventListener('beforematch', showAll)
  }, [])
  return (
    <Section id={anchor.findings} title={say.findings.title} lead={say.findings.lead}>
      <fieldset className="no-print flex min-w-0 flex-wrap gap-2">
        <legend className="sr-only">{say.findings.filter}</legend>
        {FILTERS.map(({ id, label }) => (
          <label
            key={id}
            className="inline-flex min-h-11 items-center gap-2 rounded-full border border-edge px-4 text-sm font-medium has-checked:border-accent has-checked:bg-tint has-checked:text-accent has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="finding-filter"
              checked={filter === id}
              onChange={() => choose(id)}
              className="size-4"
            />
            {label(count(id))}
          </label>
        ))}
      </fieldset>
      {count(filter) === 0 && <p className="text-muted">{say.findings.none}</p>}
      {/* Hidden ones stay: a link to one shows all again, and paper shows them anyway. */}
      <ol ref={list} className="dense flow grid gap-4">
        {report.findings.map((finding) => (
          <li
            key={finding.id}
            className={KEEPS[filter](finding) ? undefined : 'filtered-out'}
            hidden={!KEEPS[filter](finding)}
          >
            <FindingCard of={finding} />
          </li>
        ))}
      </ol>
    </Section>
  )
}
