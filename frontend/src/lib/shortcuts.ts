// Keyboard shortcuts of a page: single keys, off while somebody types or a dialog is open, and off for whoever wants that.
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import * as v from 'valibot'

import { stored } from '@/lib/storage'

const OPTION_KEYS = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The key that picks the option at this place: 1 to 9, then A to Z; none for those behind. */
export const optionKey = (index: number): string | undefined => OPTION_KEYS[index]

/** The place of the option that a key picks. */
export function optionAt(key: string): number | undefined {
  const index = key.length === 1 ? OPTION_KEYS.indexOf(key.toUpperCase()) : -1
  return index < 0 ? undefined : index
}

interface Shortcuts {
  /** True where the key did something; the browser then does nothing with it. */
  onKey: (key: string, event: KeyboardEvent) => boolean
}

/** Listens to the whole page. Keys with Ctrl, Alt or Meta belong to the browser. */
export function useShortcuts({ onKey }: Shortcuts): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (isOff(event)) return
    if (onKey(event.key, event)) event.preventDefault()
  })
  useEffect(() => {
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

/** Whether the keys of this element's own make text, or choose in a list. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select')) return true
  return target.matches('input:not([type=radio], [type=checkbox], [type=button], [type=submit])')
}

/** Whether Enter and the space bar already mean something on this element. */
export const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('a, button, input, textarea, select, summary') !== null

function isOff(event: KeyboardEvent): boolean {
  return (
    event.defaultPrevented ||
    event.isComposing ||
    event.repeat ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    isTyping(event.target) ||
    document.querySelector('dialog[open]') !== null
  )
}

// Speech input says letters by accident: single keys can be switched off, and stay off.
const choice = stored('shortcuts', v.picklist(['on', 'off']))
const listeners = new Set<() => void>()
let now: 'on' | 'off' | undefined

const areOn = () => (now ??= choice.read() ?? 'on') === 'on'

export function switchShortcuts(on: boolean): void {
  now = on ? 'on' : 'off'
  choice.write(now)
  for (const listener of listeners) listener()
}

export const useShortcutsOn = () => useSyncExternalStore(subscribe, areOn)

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
