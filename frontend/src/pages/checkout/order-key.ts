// The Idempotency-Key of an order: the same for the same quiz, tier and address, through retries and reloads.
import * as v from 'valibot'

import { stored } from '@/lib/storage'

interface Wanted {
  sessionId: string
  tier: string
  email: string
}

const MOST_KEYS = 8
const Keys = v.array(
  v.object({ sessionId: v.string(), tier: v.string(), email: v.string(), key: v.string() }),
)
const kept = stored('order-keys', Keys, 'session')
/** Where the browser keeps nothing, as long as the page. */
let inMemory: v.InferOutput<typeof Keys> = []

export function orderKey(wanted: Wanted): string {
  const keys = kept.read() ?? inMemory
  const known = keys.find(
    (one) => one.sessionId === wanted.sessionId && one.tier === wanted.tier && one.email === wanted.email,
  )
  if (known) return known.key
  const key = random()
  keep([...keys, { ...wanted, key }].slice(-MOST_KEYS))
  return key
}

/** After an order has ended without a payment: the next one is meant to be a new one. */
export function forgetOrderKeys(sessionId: string): void {
  keep((kept.read() ?? inMemory).filter((one) => one.sessionId !== sessionId))
}

function keep(keys: typeof inMemory) {
  inMemory = kept.write(keys) ? [] : keys
}

/** Also where `randomUUID` is missing: on plain http beyond this machine. */
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join('')

const hex = (byte: number) => byte.toString(16).padStart(2, '0')
