// A part of the score page: its heading, a line of help, its content.
import { type ReactNode, useId } from 'react'

interface SectionProps {
  title: string
  help?: string
  children: ReactNode
}

export function Section({ title, help, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="grid gap-5">
      <div className="grid gap-1">
        <h2 id={id} className="text-2xl font-semibold">
          {title}
        </h2>
        {help && <p className="max-w-prose text-muted">{help}</p>}
      </div>
      {children}
    </section>
  )
}
