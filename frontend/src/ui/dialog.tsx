// A modal dialog by the browser's own: it holds the focus, closes on Escape or beside it, and gives the focus back.
import { type ReactNode, useEffect, useId, useRef } from 'react'

import { frame as say } from '@messages/frame'

interface DialogProps {
  open: boolean
  title: string
  onClose: () => void
  children: ReactNode
  width?: 'narrow' | 'wide'
}

export function Dialog({ open, title, onClose, children, width = 'narrow' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    if (open && !element?.open) element?.showModal()
    if (!open && element?.open) element.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
      closedby="any"
      className={`max-h-[90dvh] w-[calc(100%-2rem)] overflow-y-auto rounded-card border border-rule bg-paper p-0 shadow-card ${width === 'wide' ? 'max-w-4xl' : 'max-w-xl'}`}
    >
      {open && (
        <div className="grid gap-4 p-5 sm:p-7">
          <div className="flex items-start justify-between gap-4">
            <h2 id={heading} className="pt-1.5 text-xl font-semibold">
              {title}
            </h2>
            <button
              type="button"
              onClick={() => dialog.current?.close()}
              className="grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-surface hover:text-ink"
              aria-label={say.close}
            >
              <svg
                viewBox="0 0 24 24"
                className="size-5"
                fill="none"
                stroke="currentColor"
                strokeWidth="2"
                strokeLinecap="round"
                aria-hidden="true"
              >
                <path d="m6 6 12 12M18 6 6 18" />
              </svg>
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  )
}
