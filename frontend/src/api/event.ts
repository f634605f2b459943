// One event of a report as the server sends it; what does not look like one is left out.
import * as v from 'valibot'

import type { Event } from '@/api/schema'

export const EVENT_KINDS = ['progress', 'finding', 'recommendation', 'warning', 'ready', 'failed'] as const

/** In the order of the work. */
export const PHASES = ['assemble', 'findings', 'options', 'compute', 'narrative', 'render'] as const

const Sent = v.object({
  seq: v.pipe(v.number(), v.safeInteger()),
  at: v.string(),
  kind: v.picklist(EVENT_KINDS),
  phase: v.exactOptional(v.picklist(PHASES)),
  progress: v.pipe(v.number(), v.toMinValue(0), v.toMaxValue(100)),
  payload: v.unknown(),
})

export function parseEvent(data: unknown): Event | undefined {
  try {
    const sent = v.safeParse(Sent, JSON.parse(String(data)))
    return sent.success ? sent.output : undefined
  } catch {
    return undefined
  }
}

const Item = v.object({ id: v.string(), title: v.string(), recommendable: v.exactOptional(v.boolean()) })
export type Item = v.InferOutput<typeof Item>

/** What a finding or a recommendation is about. */
export function itemOf(event: Event): Item | undefined {
  const item = v.safeParse(Item, event.payload)
  return item.success ? item.output : undefined
}

/** Whether the phase is finished with this event. */
export const isDone = (event: Event) => v.is(v.object({ done: v.literal(true) }), event.payload)
