// The report while it is being written: real stages, what was found so far, and that it is safe to leave.
import { useEffect, useRef, useState } from 'react'

import { PHASES } from '@/api/event'
import type { Connection } from '@/api/events'
import type { Pending } from '@/api/schema'
import { clock } from '@/lib/date'
import { progress as say } from '@messages/progress'
import { Found } from '@/pages/report/progress/found'
import { Stages } from '@/pages/report/progress/stages'
import { useStory } from '@/pages/report/progress/use-story'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { Page } from '@/ui/page'

const LONG_SECONDS = 150

interface ProgressProps {
  id: string
  pending: Pending
  /** Asks for the report; whether an answer came. The page moves on by itself once it is there. */
  ask: () => Promise<boolean>
}

export function Progress({ id, pending, ask }: ProgressProps) {
  const { story, connection, seconds } = useStory(id, pending, ask)
  const isReady = story.ended === 'ready'
  const stagesDone = isReady ? PHASES.length : story.stagesDone
  const percent = isReady ? 100 : story.percent
  useAnnouncements(stagesDone, connection)
  return (
    <Page title={say.tab(percent)}>
      <div className="grid gap-8">
        <header className="grid gap-3">
          <h1 className="text-3xl font-semibold sm:text-4xl">
            <Steady text={isReady ? say.titleReady : say.title} room={say.title} />
          </h1>
          <p className="max-w-prose text-lg text-muted">
            <Steady
              text={isReady ? say.introReady : story.queued ? say.introQueued : say.intro}
              room={say.intro}
            />
          </p>
        </header>
        <div className="grid gap-4 rounded-card border border-rule bg-surface p-5 sm:p-7">
          <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
            <p className="figure text-5xl font-semibold tracking-tight">{say.percent(percent)}</p>
            {seconds !== undefined && (
              <p className="figure text-muted">
                {(isReady ? say.elapsedReady : say.elapsed)(clock(seconds))}
              </p>
            )}
          </div>
          <Bar percent={percent} />
          <div className="flex min-h-12 items-center">
            {isReady ? <OpenButton ask={ask} /> : <ConnectionNotice connection={connection} />}
          </div>
          {!isReady && (seconds ?? 0) > LONG_SECONDS && <p>{say.long}</p>}
          <p className="text-muted">
            <Steady text={isReady ? say.mailed : say.safe} room={say.safe} />
          </p>
        </div>
        <div className="grid gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
          <Stages done={stagesDone} />
          <Found findings={story.findings} recommendations={story.recommendations} />
        </div>
      </div>
    </Page>
  )
}

/** A text that changes in the room of the longest one, so that nothing below it jumps. */
const Steady = ({ text, room }: { text: string; room: string }) => (
  <span className="grid">
    <span className="[grid-area:1/1]">{text}</span>
    {text !== room && (
      <span aria-hidden="true" className="invisible [grid-area:1/1]">
        {room}
      </span>
    )}
  </span>
)

const Bar = ({ percent }: { percent: number }) => (
  <progress
    aria-label={say.bar}
    max={100}
    value={percent}
    className="h-3 w-full appearance-none overflow-hidden rounded-full bg-neutral-tint [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-neutral-tint [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[inline-size] [&::-webkit-progress-value]:duration-700"
  />
)

/** The page moves on by itself; the button is for when that does not succeed at once. */
function OpenButton({ ask }: { ask: () => Promise<boolean> }) {
  const [busy, setBusy] = useState(false)
  const openNow = async () => {
    setBusy(true)
    await ask()
    setBusy(false)
  }
  return (
    <Button onClick={() => void openNow()} busy={busy}>
      {say.open}
    </Button>
  )
}

/** How we hear of it, in words; the dot only goes along. */
function ConnectionNotice({ connection }: { connection: Connection }) {
  const tone = { connecting: 'text-muted', live: 'text-good', lost: 'text-alert', polling: 'text-warn' }
  return (
    <p className={`flex items-start gap-2 font-medium ${tone[connection]}`}>
      <svg viewBox="0 0 10 10" className="mt-2 size-2 shrink-0" fill="currentColor" aria-hidden="true">
        <circle cx="5" cy="5" r="5" />
      </svg>
      {say.connection[connection]}
    </p>
  )
}

/** One announcement a stage, after a burst of history has settled; and one when the line breaks or comes back. */
function useAnnouncements(stagesDone: number, connection: Connection) {
  useEffect(() => {
    const phase = PHASES[stagesDone]
    const words = phase ? say.stageNow(stagesDone + 1, PHASES.length, say.stages[phase].title) : say.allDone
    const timer = window.setTimeout(() => announce(words), 600)
    return () => window.clearTimeout(timer)
  }, [stagesDone])

  const wasLost = useRef(false)
  useEffect(() => {
    if (connection === 'lost' && !wasLost.current) announce(say.connection.lost)
    if (connection === 'live' && wasLost.current) announce(say.connection.back)
    if (connection === 'lost' || connection === 'live') wasLost.current = connection === 'lost'
  }, [connection])
}
