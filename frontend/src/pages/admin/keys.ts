// Single keys for people who work here all day. They can be switched off: such keys get in the way of speech input.
import { type RefObject, useEffect, useSyncExternalStore } from 'react'
import * as v from 'valibot'

import { stored } from '@/lib/storage'

const kept = stored('admin-keys', v.boolean())
const listeners = new Set<() => void>()

export const useKeysEnabled = () => useSyncExternalStore(subscribe, enabled)

export function enableKeys(on: boolean): void {
  kept.write(on)
  for (const listener of listeners) listener()
}

/** Runs what belongs to a key, unless somebody types or a dialog is open. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actions[event.key]
      if (!action || event.ctrlKey || event.metaKey || event.altKey || !enabled()) return
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
}

/** `j` and `k` move among the rows of a list by focusing each row's link; Enter then opens it by itself. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  const move = (by: number) => {
    // Rows that lead nowhere are passed over.
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]:has(a, button)') ?? [])]
    const at = rows.findIndex((row) => row.contains(document.activeElement))
    const next = at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)
    const link = rows[next]?.querySelector<HTMLElement>('a, button')
    link?.focus()
    link?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
}

const enabled = () => kept.read() ?? true

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
