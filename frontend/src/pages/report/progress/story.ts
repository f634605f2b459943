// What is known about a report that is being written, gathered from events in whatever order and however often they come.
import { isDone, itemOf, PHASES, type Item } from '@/api/event'
import type { Event, Pending } from '@/api/schema'

export interface Story {
  /** Never falls. */
  percent: number
  /** How many of the stages are behind us; the next one is being worked on. */
  stagesDone: number
  /** It waits for its turn: no stage has begun. */
  queued: boolean
  findings: readonly Item[]
  recommendations: readonly Item[]
  /** The server's clock, so that only differences mean anything here. */
  startedAt: number | undefined
  lastAt: number | undefined
  lastSeq: number
  ended: 'ready' | 'failed' | undefined
}

export const BEGINNING: Story = {
  percent: 0,
  stagesDone: 0,
  queued: true,
  findings: [],
  recommendations: [],
  startedAt: undefined,
  lastAt: undefined,
  lastSeq: 0,
  ended: undefined,
}

/** An event heard of. The same one again, or an old one late, changes nothing that is newer. */
export function heard(story: Story, event: Event): Story {
  const at = Date.parse(event.at)
  const isNewest = event.seq > story.lastSeq
  return {
    ...reached(story, event.progress, event.phase, isDone(event)),
    findings: event.kind === 'finding' ? withItem(story.findings, event) : story.findings,
    recommendations:
      event.kind === 'recommendation' ? withItem(story.recommendations, event) : story.recommendations,
    startedAt: Number.isNaN(at) ? story.startedAt : Math.min(story.startedAt ?? at, at),
    lastAt: Number.isNaN(at) ? story.lastAt : Math.max(story.lastAt ?? at, at),
    lastSeq: Math.max(story.lastSeq, event.seq),
    ended: isNewest ? ending(event) : story.ended,
  }
}

/** What a plain request said. */
export const asked = (story: Story, pending: Pending): Story =>
  reached(story, pending.progress, pending.phase, false)

function reached(story: Story, percent: number, phase: Event['phase'], done: boolean): Story {
  const stages = phase ? PHASES.indexOf(phase) + (done ? 1 : 0) : 0
  return {
    ...story,
    percent: Math.max(story.percent, Math.round(percent)),
    stagesDone: Math.max(story.stagesDone, stages),
    queued: story.queued && phase === undefined,
  }
}

function withItem(items: readonly Item[], event: Event): readonly Item[] {
  const item = itemOf(event)
  if (!item || items.some((one) => one.id === item.id)) return items
  return [...items, item].toSorted((a, b) => a.id.localeCompare(b.id))
}

const ending = ({ kind }: Event) => (kind === 'ready' || kind === 'failed' ? kind : undefined)
