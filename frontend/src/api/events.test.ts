// The stream as the page lives with it: breaks, goes on behind the last event, gives way to plain requests and returns.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { type Connection, followReport } from '@/api/events'
import type { Event as Told } from '@/api/schema'
import { FakeEventSource } from '@/test/event-source'

const ID = '01a204d3-ef17-73c3-827b-a3900600ec19'
const event = (seq: number, more: Partial<Told> = {}): Told => ({
  seq,
  at: '2026-11-22T19:55:27Z',
  kind: 'progress',
  progress: seq,
  payload: {},
  ...more,
})

let stop = () => {}
let heard: Told[] = []
let connections: Connection[] = []
const poll = vi.fn<() => Promise<boolean>>()

beforeEach(() => {
  vi.useFakeTimers()
  FakeEventSource.install()
  // No jitter: the waits are the longest that there are.
  vi.spyOn(Math, 'random').mockReturnValue(1)
  poll.mockReset().mockResolvedValue(true)
  heard = []
  connections = []
  stop = followReport(ID, {
    onEvent: (one) => heard.push(one),
    onConnection: (one) => connections.push(one),
    poll,
  })
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

const { streams } = FakeEventSource
const stream = () => FakeEventSource.newest()
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)
/** Three streams in a row that break at once. */
async function breakThrice() {
  stream().break()
  await pass(1_000)
  stream().break()
  await pass(2_000)
  stream().break()
  await pass(0)
}

test('hands on what is told, and leaves out what is no event', () => {
  stream().open()
  stream().tell(event(1))
  stream().say('progress', 'not json')
  stream().say('finding', JSON.stringify({ seq: 'two' }))
  stream().tell(event(2, { kind: 'finding', payload: { id: 'f-01', title: 'A' } }))
  expect(heard.map(({ seq }) => seq)).toEqual([1, 2])
  expect(connections).toEqual(['connecting', 'live'])
})

test('goes on behind the last event, with the waits of the ladder', async () => {
  stream().open()
  stream().tell(event(7))
  stream().break()
  expect(connections.at(-1)).toBe('lost')
  await pass(999)
  expect(streams).toHaveLength(1)
  await pass(1)
  expect(streams).toHaveLength(2)
  expect(stream().url).toContain(`/reports/${ID}/events?after=7`)
  stream().break()
  await pass(1_999)
  expect(streams).toHaveLength(2)
  await pass(1)
  expect(streams).toHaveLength(3)
  stream().open()
  expect(connections.at(-1)).toBe('live')
})

test('a stream that lived is not held against the next', async () => {
  for (let round = 0; round < 5; round += 1) {
    stream().open()
    await pass(6_000)
    stream().break()
    await pass(1_000)
  }
  expect(streams).toHaveLength(6)
  expect(poll).not.toHaveBeenCalled()
})

describe('where no stream gets through', () => {
  test('asks every three seconds, tries the stream every thirty, and returns to it', async () => {
    await breakThrice()
    expect(poll).toHaveBeenCalledTimes(1)
    expect(connections.at(-1)).toBe('polling')
    await pass(6_000)
    expect(poll).toHaveBeenCalledTimes(3)
    expect(streams).toHaveLength(3)
    await pass(24_000)
    expect(streams).toHaveLength(4)
    stream().break()
    const before = poll.mock.calls.length
    await pass(30_000)
    expect(streams).toHaveLength(5)
    expect(poll.mock.calls.length).toBeGreaterThan(before + 8)
    stream().open()
    expect(connections.at(-1)).toBe('live')
    const after = poll.mock.calls.length
    await pass(20_000)
    expect(poll).toHaveBeenCalledTimes(after)
  })

  test('with nobody there it asks ever more rarely, and the first answer brings the stream back', async () => {
    poll.mockResolvedValue(false)
    await breakThrice()
    expect(connections.at(-1)).toBe('lost')
    await pass(4_000 + 8_000 + 15_000 - 1)
    expect(poll).toHaveBeenCalledTimes(3)
    poll.mockResolvedValue(true)
    await pass(1)
    expect(poll).toHaveBeenCalledTimes(4)
    await pass(0)
    expect(streams).toHaveLength(4)
  })
})

test('when the server leaves, the next stream comes at once and nothing counts as lost', async () => {
  stream().open()
  await pass(6_000)
  stream().say('reconnect', '{}')
  await pass(1_000)
  expect(streams).toHaveLength(2)
  expect(connections).not.toContain('lost')
})

test('a server that always leaves is not asked without a pause', async () => {
  for (let round = 0; round < 3; round += 1) {
    stream().open()
    stream().say('reconnect', '{}')
    await pass(3_000)
  }
  expect(poll).toHaveBeenCalled()
  expect(streams.length).toBeLessThanOrEqual(3)
})

test('after 45 s of silence a fresh stream is opened without a word, and one that hangs counts as broken', async () => {
  stream().open()
  stream().tell(event(3))
  await pass(44_999)
  expect(streams).toHaveLength(1)
  await pass(1)
  expect(streams).toHaveLength(2)
  expect(streams[0]?.closed).toBe(true)
  expect(connections.at(-1)).toBe('live')
  await pass(45_000)
  expect(connections.at(-1)).toBe('lost')
})

test('the end of the stream behind the end of the report is no break', async () => {
  stream().open()
  stream().tell(event(9, { kind: 'ready', progress: 100 }))
  stream().break()
  await pass(60_000)
  expect(streams).toHaveLength(1)
  expect(connections.at(-1)).toBe('live')
})

test('a failure that a retry goes on behind is not the end', async () => {
  stream().open()
  stream().tell(event(4, { kind: 'failed' }))
  stream().tell(event(5))
  stream().break()
  await pass(1_000)
  expect(streams).toHaveLength(2)
})

test('leaves its line when the page goes into the cache, and takes it up when it comes back', () => {
  stream().open()
  window.dispatchEvent(new PageTransitionEvent('pagehide'))
  expect(stream().closed).toBe(true)
  window.dispatchEvent(new PageTransitionEvent('pageshow'))
  expect(streams).toHaveLength(2)
})

test('a network that is back is used at once', async () => {
  stream().break()
  window.dispatchEvent(new Event('online'))
  expect(streams).toHaveLength(2)
  await pass(1_000)
  expect(streams).toHaveLength(2)
})

test('stops for good', async () => {
  await breakThrice()
  stop()
  const asked = poll.mock.calls.length
  window.dispatchEvent(new Event('online'))
  await pass(120_000)
  expect(streams).toHaveLength(3)
  expect(poll).toHaveBeenCalledTimes(asked)
})
