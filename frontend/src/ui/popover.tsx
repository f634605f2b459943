// A small button that opens a note beside it, by the browser's own popover: Escape or a click elsewhere closes it,
// and the focus goes back.
import { type ReactNode, useId, useRef, useState } from 'react'

interface PopoverProps {
  /** Names the button and the note. */
  label: string
  /** What is in the note; made only when it opens. */
  children: () => ReactNode
}

export function Popover({ label, children }: PopoverProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const settle = () => {
    if (button.current && panel.current) placeBeside(panel.current, button.current)
  }
  return (
    <div className="no-print inline-block align-middle">
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        className="-mx-2 -my-3 grid size-11 place-items-center rounded-full text-muted hover:text-accent"
      >
        <svg viewBox="0 0 20 20" className="size-4.5" fill="none" stroke="currentColor" aria-hidden="true">
          <circle cx="10" cy="10" r="8" strokeWidth="1.5" />
          <path d="M10 9.2v5" strokeWidth="1.8" strokeLinecap="round" />
          <circle cx="10" cy="6.2" r="1.1" fill="currentColor" stroke="none" />
        </svg>
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        onBeforeToggle={(event) => {
          if (event.newState !== 'open') return
          setOpen(true)
          // Its size is known only once it is shown, and that is before the next paint.
          requestAnimationFrame(settle)
        }}
        onToggle={(event) => {
          if (event.newState === 'closed') setOpen(false)
        }}
        className="absolute inset-auto m-0 max-h-[70vh] w-[min(24rem,calc(100vw-1.5rem))] overflow-y-auto rounded-card border border-rule bg-paper p-4 text-left text-sm font-normal whitespace-normal text-ink shadow-card"
      >
        {open && children()}
      </div>
    </div>
  )
}

const EDGE_PX = 12
const GAP_PX = 6

/** Below the button, or above it where there is more room; never beyond the window's edge. Scrolls with the page. */
function placeBeside(panel: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.documentElement
  const furthest = clientWidth - panel.offsetWidth - EDGE_PX
  const left = Math.max(EDGE_PX, Math.min(at.left + (at.width - panel.offsetWidth) / 2, furthest))
  const below = at.bottom + GAP_PX
  const above = at.top - GAP_PX - panel.offsetHeight
  const fitsBelow = below + panel.offsetHeight <= clientHeight - EDGE_PX
  const top = fitsBelow || above < EDGE_PX ? below : above
  panel.style.left = `${left + window.scrollX}px`
  panel.style.top = `${top + window.scrollY}px`
}
