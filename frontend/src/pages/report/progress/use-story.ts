// Follows a report and tells what is known of it: the story, how we hear of it, and for how long it has been going on.
import { useEffect, useEffectEvent, useState } from 'react'

import { type Connection, followReport } from '@/api/events'
import type { Pending } from '@/api/schema'
import { asked, BEGINNING, heard } from '@/pages/report/progress/story'

export function useStory(id: string, pending: Pending, ask: () => Promise<boolean>) {
  const [told, setTold] = useState({ story: BEGINNING, heardAt: 0 })
  const [connection, setConnection] = useState<Connection>('connecting')
  const poll = useEffectEvent(ask)

  useEffect(
    () =>
      followReport(id, {
        onEvent: (event) =>
          setTold((before) => ({ story: heard(before.story, event), heardAt: performance.now() })),
        onConnection: setConnection,
        poll: () => poll(),
      }),
    [id],
  )

  const story = asked(told.story, pending)
  const { ended } = story
  useEffect(() => {
    // The event says that it is over; the report itself says how.
    if (ended) void poll()
  }, [ended])

  const seconds = useElapsed(told.heardAt, told.story.startedAt, told.story.lastAt, ended !== undefined)
  return { story, connection, seconds }
}

/** By the server's clock up to the last event and by this device's since, so that a wrong clock does no harm. */
function useElapsed(
  heardAt: number,
  startedAt: number | undefined,
  lastAt: number | undefined,
  stopped: boolean,
): number | undefined {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (stopped) return
    const timer = window.setInterval(() => setNow(performance.now()), 1_000)
    return () => window.clearInterval(timer)
  }, [stopped])
  if (startedAt === undefined || lastAt === undefined) return undefined
  const since = stopped ? 0 : Math.max(0, now - heardAt)
  return Math.floor((lastAt - startedAt + since) / 1_000)
}
