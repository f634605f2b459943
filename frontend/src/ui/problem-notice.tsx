// What went wrong, in words, with the next step and the number to quote.
import type { ReactNode } from 'react'

import { ApiProblem } from '@/api/problem'
import { problems as say } from '@messages/problems'
import { Button } from '@/ui/button'

interface ProblemNoticeProps {
  error: unknown
  /** Instead of the general words for this kind of problem. */
  title?: string
  onRetry?: () => void
  busy?: boolean
  children?: ReactNode
}

export function ProblemNotice({ error, title, onRetry, busy = false, children }: ProblemNoticeProps) {
  const words = inWords(error)
  return (
    <section role="alert" className="grid gap-3 rounded-card border border-bad bg-bad-tint p-5">
      <h2 className="font-semibold text-bad">{title ?? words.title}</h2>
      <p>{words.text}</p>
      {words.fields.length > 0 && (
        <ul className="list-disc pl-5">
          {words.fields.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      )}
      {children}
      {onRetry && (
        <p>
          <Button variant="secondary" onClick={onRetry} busy={busy}>
            {say.retry}
          </Button>
        </p>
      )}
      {words.requestId && (
        <p className="text-sm text-muted">
          {say.quote} <code className="break-all select-all">{words.requestId}</code>
        </p>
      )}
    </section>
  )
}

interface Words {
  title: string
  text: string
  fields: string[]
  requestId: string | undefined
}

/** Any failure as a person may read it. */
export function inWords(error: unknown): Words {
  if (!(error instanceof ApiProblem)) return { ...say.unexpected, fields: [], requestId: undefined }
  const { title, text } = say.byCode[error.code] ?? say.unexpected
  // What the API says is written for the caller; where it says nothing, the general words stand.
  const isOurs = error.code === 'internal' || error.code === 'upstream' || error.code === 'unavailable'
  return {
    title,
    text: error.message && !isOurs && error.fields.size === 0 ? sentence(error.message) : text,
    fields: [...error.fields.values()].map(sentence),
    requestId: error.requestId,
  }
}

const sentence = (text: string) => {
  const upper = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}
