// Any failure that leaves a page without content, in the shape that fits it. The caller gives the frame.
import { ApiProblem } from '@/api/problem'
import { Maintenance, Offline } from '@/pages/errors/away'
import { ProblemNotice } from '@/ui/problem-notice'

interface ProblemStateProps {
  /** Of the page that is missing. */
  title: string
  error: unknown
  /** Stays the same function between renders. */
  onRetry: () => void
  busy?: boolean
}

export function ProblemState({ title, error, onRetry, busy = false }: ProblemStateProps) {
  if (error instanceof ApiProblem && error.code === 'offline') return <Offline {...{ onRetry, busy }} />
  // A fault of ours may need somebody's help and is shown with its number; these pass by themselves.
  if (error instanceof ApiProblem && PASSING.has(error.code)) {
    return <Maintenance problem={error} {...{ onRetry, busy }} />
  }
  return (
    <div className="grid gap-6">
      <h1 className="text-3xl font-semibold">{title}</h1>
      <ProblemNotice error={error} onRetry={onRetry} busy={busy} />
    </div>
  )
}

const PASSING: ReadonlySet<ApiProblem['code']> = new Set(['unavailable', 'upstream', 'request_timeout'])
