// A report's events as they come: one stream, opened again when it breaks, and plain requests where no stream gets
// through. It never makes anything up: what it hands on was sent by the server.
import { apiUrl } from '@/api/client'
import { EVENT_KINDS, parseEvent } from '@/api/event'
import type { Event } from '@/api/schema'
import { config } from '@/lib/config'

/** `lost`: nobody answers just now. `polling`: the server answers, its stream does not get through. */
export type Connection = 'connecting' | 'live' | 'lost' | 'polling'

export interface Listener {
  onEvent: (event: Event) => void
  onConnection: (connection: Connection) => void
  /** Asks how far the report is by a plain request; whether an answer came. */
  poll: () => Promise<boolean>
}

/** The server breaks its silence every 15 s, in comments that a page cannot see; a fresh stream costs it nothing. */
const SILENCE_MS = 45_000
const STREAMS_BEFORE_POLLING = 3
const POLL_MS = 3_000
const STREAM_AGAIN_MS = 30_000
/** A stream that lived this long was a good one. */
const GOOD_MS = 5_000
const LONGEST_WAIT_MS = 15_000

/** Follows the events until the answer is called. */
export function followReport(id: string, { onEvent, onConnection, poll }: Listener): () => void {
  let source: EventSource | undefined
  let seen = 0
  let [openedAt, failures, missedPolls] = [0, 0, 0]
  let [again, silence, nextPoll]: (number | undefined)[] = []
  let [polling, ended] = [false, false]

  const open = () => {
    close()
    const query = seen > 0 ? `?after=${seen}` : ''
    const address = apiUrl(`/api/v1/reports/${id}/events${query}`)
    const stream = new EventSource(address, { withCredentials: config.apiBaseUrl !== '' })
    source = stream
    stream.addEventListener('open', () => {
      openedAt = Date.now()
      stopPolling()
      onConnection('live')
      watchSilence()
    })
    stream.addEventListener('error', broke)
    // The server is leaving: another one goes on, unless this happens all the time.
    stream.addEventListener('reconnect', () => (wasGood() ? reopen(Math.random() * 1_000) : broke()))
    for (const kind of EVENT_KINDS) stream.addEventListener(kind, receive)
    watchSilence()
  }

  const receive = ({ data }: MessageEvent<unknown>) => {
    watchSilence()
    const event = parseEvent(data)
    if (!event) return
    // Behind a failure an operator's retry may go on.
    if (event.seq > seen) ended = event.kind === 'ready' || event.kind === 'failed'
    seen = Math.max(seen, event.seq)
    onEvent(event)
  }

  const broke = () => {
    if (ended) return close()
    failures = wasGood() ? 1 : failures + 1
    if (failures < STREAMS_BEFORE_POLLING) onConnection('lost')
    else if (!polling) void ask()
    reopen(failures < STREAMS_BEFORE_POLLING ? wait(failures) : STREAM_AGAIN_MS)
  }

  const ask = async () => {
    polling = true
    const answered = await poll()
    if (!polling) return
    onConnection(answered ? 'polling' : 'lost')
    // Back after an outage: the stream is likely to be back as well.
    if (answered && missedPolls > 0) open()
    missedPolls = answered ? 0 : missedPolls + 1
    nextPoll = window.setTimeout(() => void ask(), answered ? POLL_MS : wait(missedPolls + 2))
  }

  const close = () => {
    source?.close()
    source = undefined
    openedAt = 0
    for (const timer of [again, silence]) window.clearTimeout(timer)
  }
  const reopen = (after: number) => {
    close()
    again = window.setTimeout(open, after)
  }
  const stopPolling = () => {
    polling = false
    window.clearTimeout(nextPoll)
  }
  const watchSilence = () => {
    window.clearTimeout(silence)
    silence = window.setTimeout(() => (openedAt > 0 ? open() : broke()), SILENCE_MS)
  }
  const wasGood = () => openedAt > 0 && Date.now() - openedAt >= GOOD_MS
  /** Back from the browser's cache, from a tunnel, to the front: no reason to wait any longer. */
  const wake = () => {
    if (!source && !ended && document.visibilityState === 'visible') open()
  }

  const wakers = [
    [window, 'pageshow'],
    [window, 'online'],
    [document, 'visibilitychange'],
  ] as const
  for (const [target, name] of wakers) target.addEventListener(name, wake)
  // An open stream would keep the page out of the browser's cache.
  window.addEventListener('pagehide', close)
  onConnection('connecting')
  open()
  return () => {
    close()
    stopPolling()
    for (const [target, name] of wakers) target.removeEventListener(name, wake)
    window.removeEventListener('pagehide', close)
  }
}

/** 1, 2, 4, 8, 15 seconds, up to half of it less: pages that broke together do not come back together. */
const wait = (failures: number) =>
  Math.min(1_000 * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.5 + Math.random() / 2)
