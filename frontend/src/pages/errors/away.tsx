// Nobody answers: no connection, or a server that is being updated. Both pass, and the page goes on by itself.
import { type ReactNode, useEffect } from 'react'

import type { ApiProblem } from '@/api/problem'
import { PageState } from '@/pages/errors/page-state'
import { problems } from '@messages/problems'
import { Button } from '@/ui/button'

const say = problems.away

interface AwayProps {
  onRetry: () => void
  busy: boolean
}

export function Offline({ onRetry, busy }: AwayProps) {
  useEffect(() => {
    window.addEventListener('online', onRetry)
    return () => window.removeEventListener('online', onRetry)
  }, [onRetry])
  return <Away words={say.offline} onRetry={onRetry} busy={busy} />
}

const TRY_AGAIN_SECONDS = 15
/** Longer than this nobody waits in front of a page without a sign. */
const LONGEST_SECONDS = 60

export function Maintenance({ problem, onRetry, busy }: AwayProps & { problem: ApiProblem }) {
  const seconds = Math.min(problem.retryAfterSeconds ?? TRY_AGAIN_SECONDS, LONGEST_SECONDS)
  useEffect(() => {
    if (busy) return
    const timer = setTimeout(onRetry, Math.max(1, seconds) * 1000)
    return () => clearTimeout(timer)
  }, [onRetry, seconds, busy])
  return (
    <Away words={say.maintenance} onRetry={onRetry} busy={busy}>
      {problem.requestId && (
        <p className="text-sm text-muted">
          {problems.quote} <code className="break-all select-all">{problem.requestId}</code>
        </p>
      )}
    </Away>
  )
}

function Away({
  words,
  onRetry,
  busy,
  children,
}: AwayProps & { words: { title: string; text: string }; children?: ReactNode }) {
  return (
    <PageState
      title={words.title}
      text={words.text}
      actions={
        <Button onClick={onRetry} busy={busy}>
          {busy ? say.busy : problems.retry}
        </Button>
      }
    >
      {children}
    </PageState>
  )
}
