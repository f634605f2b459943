// The operator of this tab: the token that was pasted, whom it names, and until when. Gone with the tab.
import { useSyncExternalStore } from 'react'
import * as v from 'valibot'

import { queries } from '@/api/query'
import { stored } from '@/lib/storage'

const Held = v.object({ token: v.string(), actor: v.string(), expires: v.string() })

export type Operator = v.InferOutput<typeof Held>

interface State {
  operator: Operator | undefined
  /** The token was refused in the middle of work: expired, or the key was changed. */
  refused: boolean
}

const kept = stored('operator', Held, 'session')
const listeners = new Set<() => void>()
let state: State = { operator: kept.read(), refused: false }

export const currentOperator = (): Operator | undefined => state.operator

export const useOperator = (): State => useSyncExternalStore(subscribe, () => state)

export function signIn(operator: Operator): void {
  // Where the browser keeps nothing, the token lasts as long as the page.
  kept.write(operator)
  set({ operator, refused: false })
}

export function signOut(): void {
  leave(false)
}

/** The server no longer takes this token; one that was replaced meanwhile does not count. */
export function refuse(token: string): void {
  if (state.operator?.token === token) leave(true)
}

function leave(refused: boolean) {
  kept.clear()
  set({ operator: undefined, refused })
  // What the last operator saw is not for the next person at this screen.
  queries.removeQueries({ queryKey: ['admin'] })
}

function set(next: State) {
  state = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
