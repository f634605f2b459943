// What can be done with a report: keep it as PDF, hand on its link, get the mail once more, print it.
import { type MouseEvent, useState } from 'react'

import { api, apiUrl, call, callWithResponse } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { dateTime } from '@/lib/date'
import { shareLink } from '@/lib/report-access'
import { reportActions as say } from '@messages/report-actions'
import { SAMPLE, withCookie } from '@/pages/report/access'
import { href } from '@/routes'
import { Button, buttonLook, LinkButton, Spinner } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { inWords } from '@/ui/problem-notice'

/** What became of the last action. */
interface Outcome {
  kind: 'done' | 'failed'
  text: string
}

export function ReportActions({ id }: { id: string }) {
  const [busy, setBusy] = useState<'pdf' | 'mail'>()
  const [outcome, setOutcome] = useState<Outcome>()
  const run = async (what: 'pdf' | 'mail', action: () => Promise<string>, failed: string) => {
    if (busy) return
    setBusy(what)
    setOutcome(undefined)
    try {
      setOutcome({ kind: 'done', text: await action() })
    } catch (error) {
      setOutcome({ kind: 'failed', text: `${failed}: ${reason(error, what)}` })
    } finally {
      setBusy(undefined)
    }
  }
  const print = (
    <Button variant="secondary" size="small" onClick={() => window.print()}>
      {say.print}
    </Button>
  )
  if (id === SAMPLE) {
    return (
      <Row>
        <LinkButton to={href.quiz()} size="small">
          {say.start}
        </LinkButton>
        {print}
      </Row>
    )
  }
  const canShare = shareLink(id) !== undefined
  return (
    <div className="no-print grid gap-2">
      <Row>
        <PdfLink
          id={id}
          busy={busy === 'pdf'}
          onSave={() => void run('pdf', () => savePdf(id), say.pdfFailed)}
        />
        {canShare && <CopyButton size="small" label={say.copy} text={() => shareLink(id) ?? ''} />}
        <Button
          variant="secondary"
          size="small"
          busy={busy === 'mail'}
          onClick={() => void run('mail', () => resend(id), say.resendFailed)}
        >
          {say.resend}
        </Button>
        {print}
      </Row>
      <p className="text-sm text-muted">{canShare ? say.warning : say.noLink}</p>
      <p role="status" className={outcome?.kind === 'failed' ? 'text-bad' : 'text-good'}>
        {outcome?.text}
      </p>
    </div>
  )
}

const Row = ({ children }: { children: React.ReactNode }) => (
  <div role="group" aria-label={say.label} className="no-print flex flex-wrap gap-2">
    {children}
  </div>
)

/** A real link, so that it opens in a new tab as links do; a plain click shows what happens and saves the file. */
function PdfLink({ id, busy, onSave }: { id: string; busy: boolean; onSave: () => void }) {
  const save = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onSave()
  }
  return (
    <a
      href={apiUrl(`/api/v1/reports/${id}/pdf`)}
      onClick={save}
      aria-disabled={busy || undefined}
      className={buttonLook({ size: 'small' })}
    >
      {busy && <Spinner />}
      {busy ? say.pdfBusy : say.pdf}
    </a>
  )
}

/** Fetches the file first: a refusal is then told in words and not shown as a page of its own. */
async function savePdf(id: string): Promise<string> {
  const { data, response } = await withCookie(id, () =>
    callWithResponse(api.GET('/api/v1/reports/{id}/pdf', { params: { path: { id } }, parseAs: 'blob' })),
  )
  const address = URL.createObjectURL(data)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName(response.headers.get('Content-Disposition')) ?? `crb-report-${id}.pdf`
  link.click()
  // Not at once: the browser reads it only after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return say.pdfDone(size(data.size))
}

async function resend(id: string): Promise<string> {
  await withCookie(id, () => call(api.POST('/api/v1/reports/{id}/resend', { params: { path: { id } } })))
  return say.resent
}

function reason(error: unknown, what: 'pdf' | 'mail'): string {
  if (what === 'pdf' && error instanceof ApiProblem && error.code === 'conflict') return say.notReady
  const { text } = inWords(error)
  const wait = error instanceof ApiProblem && error.status === 429 ? error.retryAfterSeconds : undefined
  if (wait === undefined) return text
  return `${text} ${say.tomorrow(dateTime(new Date(Date.now() + wait * 1_000).toISOString()))}`
}

const fileName = (disposition: string | null) => /filename="([\w.-]+)"/.exec(disposition ?? '')?.[1]

const size = (bytes: number) =>
  bytes < 1_000_000 ? say.kilobytes(Math.ceil(bytes / 1_000)) : say.megabytes((bytes / 1_000_000).toFixed(1))
