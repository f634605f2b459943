// Nothing here: why, and what to do about it.
import type { ReactNode } from 'react'

export const EmptyState = ({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) => (
  <div className="grid justify-items-center gap-3 rounded-card border border-dashed border-rule px-6 py-12 text-center">
    <h2 className="text-lg font-semibold">{title}</h2>
    {children && <div className="max-w-prose text-muted">{children}</div>}
    {action}
  </div>
)
