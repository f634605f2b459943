// An event stream in tests' hands: opened, told and broken by them.
import { vi } from 'vitest'

import type { Event as Told } from '@/api/schema'

export class FakeEventSource extends EventTarget {
  static readonly streams: FakeEventSource[] = []

  /** In place of the browser's own, without any stream yet. */
  static install() {
    FakeEventSource.streams.length = 0
    vi.stubGlobal('EventSource', FakeEventSource)
  }

  static newest(): FakeEventSource {
    const stream = FakeEventSource.streams.at(-1)
    if (!stream) throw new Error('no stream was opened')
    return stream
  }

  closed = false
  readonly url: string

  constructor(url: string) {
    super()
    this.url = url
    FakeEventSource.streams.push(this)
  }

  close() {
    this.closed = true
  }

  open() {
    this.send(new Event('open'))
  }

  tell(event: Told) {
    this.say(event.kind, JSON.stringify(event))
  }

  say(kind: string, data: string) {
    this.send(new MessageEvent(kind, { data }))
  }

  break() {
    this.send(new Event('error'))
  }

  private send(event: Event) {
    if (!this.closed) this.dispatchEvent(event)
  }
}
