// A section of the report: a heading that links land on, and what it says first.
import type { ReactNode } from 'react'

interface SectionProps {
  id: string
  title: string
  lead?: ReactNode
  /** At the right of the heading. */
  aside?: ReactNode
  children: ReactNode
}

export const Section = ({ id, title, lead, aside, children }: SectionProps) => (
  <section id={id} aria-labelledby={`${id}-title`} className="flow grid grid-cols-[minmax(0,1fr)] gap-6">
    <div className="heads flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="grid gap-2">
        <h2 id={`${id}-title`} className="text-2xl font-semibold sm:text-3xl">
          {title}
        </h2>
        {lead && <p className="max-w-3xl text-muted">{lead}</p>}
      </div>
      {aside}
    </div>
    {children}
  </section>
)

/** What can be unfolded: a full-width line to press, and its content. */
export function Fold({
  summary,
  open,
  id,
  opens = false,
  onToggle,
  children,
}: {
  summary: ReactNode
  open?: boolean
  id?: string
  /** A link to what surrounds it unfolds it, too. */
  opens?: boolean
  onToggle?: (open: boolean) => void
  children: ReactNode
}) {
  return (
    <details
      id={id}
      open={open}
      data-opens={opens ? '' : undefined}
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
      className="group/fold min-w-0"
    >
      <summary className="inline-flex min-h-11 max-w-full list-none items-center gap-2 rounded-lg font-medium text-accent hover:text-accent-strong [&::-webkit-details-marker]:hidden">
        <svg
          viewBox="0 0 16 16"
          className="no-print size-4 shrink-0 transition-transform group-open/fold:rotate-90"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          <path d="m6 3.5 4.5 4.5L6 12.5" />
        </svg>
        {summary}
      </summary>
      <div className="min-w-0 pt-2 print:pt-0">{children}</div>
    </details>
  )
}

/** A small heading over a few lines, below the headings of the document. */
export const Label = ({ children, className = '' }: { children: ReactNode; className?: string }) => (
  <p className={`text-sm font-semibold text-muted ${className}`}>{children}</p>
)

/** Lines with a dash, as wide as they need. */
export const Lines = ({ items, className = '' }: { items: readonly ReactNode[]; className?: string }) => (
  <ul className={`grid list-none gap-1.5 ${className}`}>
    {items.map((item, index) => (
      <li
        // Texts of the document: their place is the only name that they have.
        // oxlint-disable-next-line react/no-array-index-key
        key={index}
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-2 before:text-muted before:content-['–']"
      >
        <span className="min-w-0 wrap-anywhere">{item}</span>
      </li>
    ))}
  </ul>
)
