// The story of a report, however its events arrive.
import { expect, test } from 'vitest'

import type { Event } from '@/api/schema'
import { asked, BEGINNING, heard, type Story } from '@/pages/report/progress/story'

const START = Date.parse('2026-11-22T19:55:00Z')

function event(seq: number, progress: number, more: Partial<Event> = {}): Event {
  const at = new Date(START + seq * 1_000).toISOString()
  return { seq, at, kind: 'progress', progress, payload: {}, ...more }
}

const finding = (seq: number, id: string): Event =>
  event(seq, 35, {
    kind: 'finding',
    phase: 'findings',
    payload: { id, title: `About ${id}`, recommendable: true },
  })

const whole: Event[] = [
  event(1, 0, { payload: { queued: true } }),
  event(2, 5, { phase: 'assemble', payload: { done: true } }),
  event(3, 20, { phase: 'findings' }),
  finding(4, 'f-01'),
  finding(5, 'f-02'),
  event(6, 35, { phase: 'findings', payload: { done: true } }),
  event(7, 48, { phase: 'options' }),
  event(8, 75, { kind: 'recommendation', phase: 'compute', payload: { id: 'r-01', title: 'Do it' } }),
  event(9, 100, { kind: 'ready', phase: 'render' }),
]

const tell = (events: readonly Event[], from: Story = BEGINNING) => events.reduce(heard, from)

test('stages follow what is done: a finished one hands over to the next', () => {
  expect(tell(whole.slice(0, 1))).toMatchObject({ queued: true, stagesDone: 0, percent: 0 })
  expect(tell(whole.slice(0, 2))).toMatchObject({ queued: false, stagesDone: 1, percent: 5 })
  expect(tell(whole.slice(0, 6))).toMatchObject({ stagesDone: 2, percent: 35 })
  expect(tell(whole)).toMatchObject({ percent: 100, ended: 'ready', lastSeq: 9 })
})

test('the order in which events come does not matter', () => {
  const once = tell(whole)
  expect(tell(whole.toReversed())).toEqual(once)
  expect(tell([...whole.slice(4), ...whole.slice(0, 4)])).toEqual(once)
})

test('the same history again adds nothing', () => {
  const once = tell(whole)
  expect(tell(whole, once)).toEqual(once)
  expect(once.findings.map(({ id }) => id)).toEqual(['f-01', 'f-02'])
})

test('the percent never falls, whoever says so', () => {
  const story = tell([event(1, 60, { phase: 'options' }), event(2, 40, { phase: 'findings' })])
  expect(story).toMatchObject({ percent: 60, stagesDone: 2 })
  const pending = { report_id: 'x', status: 'running', phase: 'findings', progress: 20 } as const
  expect(asked(story, pending)).toMatchObject({ percent: 60, stagesDone: 2 })
  expect(asked(story, { ...pending, progress: 80, phase: 'narrative' })).toMatchObject({
    percent: 80,
    stagesDone: 4,
  })
})

test('a plain request that knows no phase leaves the report in the queue', () => {
  expect(asked(BEGINNING, { report_id: 'x', status: 'queued', progress: 0 }).queued).toBe(true)
})

test('a failure is the end until something newer is heard', () => {
  const failed = tell([event(1, 5), event(2, 5, { kind: 'failed', payload: { reason: 'no' } })])
  expect(failed.ended).toBe('failed')
  expect(heard(failed, event(1, 5)).ended).toBe('failed')
  expect(heard(failed, event(3, 5)).ended).toBeUndefined()
})

test('time runs by the server’s clock, from the first event to the last', () => {
  const story = tell(whole.toReversed())
  expect((story.lastAt ?? 0) - (story.startedAt ?? 0)).toBe(8_000)
  expect(tell([event(1, 0, { at: 'nonsense' })]).startedAt).toBeUndefined()
})

test('what has no title is no finding', () => {
  expect(tell([event(1, 35, { kind: 'finding', payload: { id: 'f-01' } })]).findings).toEqual([])
})
