// A page that is one statement: a heading, what happened, what to do. The caller gives the frame.
import type { ReactNode } from 'react'

interface PageStateProps {
  title: string
  text: ReactNode
  /** One or two buttons or links. */
  actions?: ReactNode
  children?: ReactNode
}

export const PageState = ({ title, text, actions, children }: PageStateProps) => (
  <div className="grid max-w-prose gap-4">
    <h1 className="text-3xl font-semibold">{title}</h1>
    <p className="text-muted">{text}</p>
    {children}
    {actions && <p className="flex flex-wrap gap-3">{actions}</p>}
  </div>
)
