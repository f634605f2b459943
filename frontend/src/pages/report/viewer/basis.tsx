// What a figure rests on: how it is computed, its assumptions, and its sources with their state.
import type { ReactNode } from 'react'

import { report as say } from '@messages/report'
import { words } from '@messages/report-words'
import type { Assumption, Source } from '@/api/schema'
import { Badge } from '@/ui/badge'
import { Popover } from '@/ui/popover'

import { anchor, useReport } from './lookup'

const NOTHING: readonly never[] = []

interface BasisProps {
  /** The figure, by name. */
  of: string
  how: ReactNode
  /** Its inputs, by name. */
  facts?: readonly (readonly [name: string, value: string])[]
  /** Ids of assumptions and of sources; what the document does not hold is left out. */
  assumptions?: readonly string[]
  sources?: readonly string[]
}

export function Basis({ of, how, facts = NOTHING, assumptions = NOTHING, sources = NOTHING }: BasisProps) {
  return (
    <Popover label={say.basis.about(of)}>
      {() => (
        <div className="grid gap-3">
          <p className="text-base font-semibold">{of}</p>
          <div className="wrap-anywhere">{how}</div>
          {facts.length > 0 && <Facts facts={facts} />}
          <Assumptions ids={assumptions} />
          <Sources ids={sources} />
          <a
            href={`#${assumptions.length > 0 || sources.length > 0 ? anchor.assumptions : anchor.method}`}
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {say.basis.all}
          </a>
        </div>
      )}
    </Popover>
  )
}

export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: string])[] }) => (
  <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
    {facts.map(([name, value]) => (
      <div key={name} className="contents">
        <dt className="text-muted">{name}</dt>
        <dd className="figure text-right font-medium">{value}</dd>
      </div>
    ))}
  </dl>
)

function Assumptions({ ids }: { ids: readonly string[] }) {
  const { assumption } = useReport()
  const found = ids.flatMap((id) => assumption(id) ?? [])
  if (found.length === 0) return null
  return (
    <div className="grid gap-2">
      <p className="font-semibold">{say.basis.assumptions}</p>
      <ul className="grid gap-3">
        {found.map((one) => (
          <li key={one.id} className="grid gap-1 border-l-2 border-rule pl-3">
            <AssumptionText of={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

const AssumptionText = ({ of }: { of: Assumption }) => (
  <>
    <p className="wrap-anywhere">{of.statement}</p>
    <p className="flex flex-wrap items-center gap-2">
      <strong className="figure font-semibold wrap-anywhere">{of.value}</strong>
      <Badge>{words.origin[of.origin]}</Badge>
    </p>
    <p className="text-muted wrap-anywhere">
      {say.basis.sensitivity} {of.sensitivity}
    </p>
  </>
)

function Sources({ ids }: { ids: readonly string[] }) {
  const { source } = useReport()
  const found = ids.flatMap((id) => source(id) ?? [])
  if (found.length === 0) return null
  return (
    <div className="grid gap-2">
      <p className="font-semibold">{say.basis.sources}</p>
      <ul className="grid gap-3">
        {found.map((one) => (
          <li key={one.id} className="grid gap-1 border-l-2 border-rule pl-3">
            <p className="wrap-anywhere">{one.title}</p>
            <SourceState of={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Publisher, year, and how far it can be trusted; linked where there is an address. */
export const SourceState = ({ of }: { of: Source }) => (
  <p className="text-muted wrap-anywhere">
    {of.publisher} {of.year} · {statusWord(of)}, {statusMeaning(of)}
    {webAddress(of.url) && (
      <>
        {' · '}
        <SourceLink of={of} />
      </>
    )}
  </p>
)

export function SourceLink({ of }: { of: Source }) {
  const address = webAddress(of.url)
  if (!address) return null
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer noopener"
      className="text-accent underline underline-offset-4 break-all"
    >
      {new URL(address).hostname} <span className="no-print">{say.newTab}</span>
      <span className="hidden print:inline"> ({address})</span>
    </a>
  )
}

export const statusWord = (source: Source) => words.status[source.status]?.word ?? source.status
const statusMeaning = (source: Source) => words.status[source.status]?.meaning ?? ''

/** Only an ordinary web address becomes a link; whatever else stands there is no place to go. */
export function webAddress(text: string | undefined): string | undefined {
  return text && /^https:\/\//i.test(text) && URL.canParse(text) ? new URL(text).href : undefined
}
