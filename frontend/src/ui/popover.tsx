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
/** In a very low window it is this high nevertheless, and the page scrolls. */
const LEAST_PX = 160

/** On the side of the button that has more room, no higher than that; never beyond the window's edge. Scrolls with the page. */
function placeBeside(panel: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.documentElement
  const roomBelow = clientHeight - at.bottom - GAP_PX - EDGE_PX
  const roomAbove = at.top - GAP_PX - EDGE_PX
  panel.style.maxHeight = ''
  const isBelow = panel.offsetHeight <= roomBelow || roomBelow >= roomAbove
  panel.style.maxHeight = `${Math.max(LEAST_PX, Math.min(panel.offsetHeight, isBelow ? roomBelow : roomAbove))}px`
  const furthest = clientWidth - panel.offsetWidth - EDGE_PX
  const left = Math.max(EDGE_PX, Math.min(at.left + (at.width - panel.offsetWidth) / 2, furthest))
  const top = isBelow ? at.bottom + GAP_PX : at.top - GAP_PX - panel.offsetHeight
  panel.style.left = `${left + window.scrollX}px`
  panel.style.top = `${top + window.scrollY}px`
}
