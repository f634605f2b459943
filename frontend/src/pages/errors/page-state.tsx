// A page that is one statement: a heading, what happened, what to do. The caller gives the frame.
import { type ReactNode, useEffect, useRef } from 'react'

interface PageStateProps {
  title: string
  text: ReactNode
  /** One or two buttons or links. */
  actions?: ReactNode
  /** It takes the place of what was clicked: keyboard and screen reader go on at its heading. */
  takesFocus?: boolean
  children?: ReactNode
}

export function PageState({ title, text, actions, takesFocus = false, children }: PageStateProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    heading.current?.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  }, [takesFocus])
  return (
    <div className="grid max-w-prose gap-4">
      <h1 ref={heading} tabIndex={takesFocus ? -1 : undefined} className="text-3xl font-semibold">
        {title}
      </h1>
      <p className="text-muted">{text}</p>
      {children}
      {actions && <p className="flex flex-wrap gap-3">{actions}</p>}
    </div>
  )
}
