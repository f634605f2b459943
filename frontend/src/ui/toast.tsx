// Short notices at the bottom: what was done, and a way to take it back.
import { useSyncExternalStore } from 'react'

import { frame as say } from '@messages/frame'

interface Toast {
  id: number
  text: string
  kind: 'done' | 'failed'
  action?: { label: string; run: () => void }
}

const STAYS_MS = 8000
let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

/** Shows a notice; one with an action or a failure stays until it is closed. */
export function toast(text: string, options: { kind?: Toast['kind']; action?: Toast['action'] } = {}): void {
  last += 1
  const shown: Toast = {
    id: last,
    text,
    kind: options.kind ?? 'done',
    ...(options.action && { action: options.action }),
  }
  set([...toasts.slice(-2), shown])
  if (shown.kind === 'done' && !shown.action) setTimeout(() => dismiss(shown.id), STAYS_MS)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div
      role="status"
      className="no-print pointer-events-none fixed inset-x-0 bottom-4 z-40 grid justify-items-center gap-2 px-4"
    >
      {shown.map((one) => (
        <div
          key={one.id}
          className={`pointer-events-auto flex max-w-xl items-center gap-2 rounded-lg border py-1 pl-4 pr-1 shadow-card ${one.kind === 'failed' ? 'border-bad bg-bad-tint text-bad' : 'border-rule bg-surface text-ink'}`}
        >
          <p className="py-2">{one.text}</p>
          {one.action && (
            <button
              type="button"
              className="min-h-11 rounded-md px-3 font-semibold text-accent hover:bg-tint"
              onClick={() => {
                one.action?.run()
                dismiss(one.id)
              }}
            >
              {one.action.label}
            </button>
          )}
          <button
            type="button"
            aria-label={say.close}
            onClick={() => dismiss(one.id)}
            className="grid size-11 shrink-0 place-items-center rounded-md hover:bg-tint"
          >
            <span aria-hidden="true">×</span>
          </button>
        </div>
      ))}
    </div>
  )
}

const dismiss = (id: number) => set(toasts.filter((one) => one.id !== id))

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
