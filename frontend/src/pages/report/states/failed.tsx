// The report could not be written: what happened, that nothing more is charged, and what comes next.
import { useState } from 'react'

import type { Pending } from '@/api/schema'
import { reportStates } from '@messages/report-states'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { Page } from '@/ui/page'

const say = reportStates.failed

interface FailedProps {
  pending: Pending
  /** Asks how the report stands; the page changes by itself when it goes on. */
  ask: () => Promise<boolean>
}

export default function Failed({ pending, ask }: FailedProps) {
  const [looking, setLooking] = useState<'no' | 'now' | 'done'>('no')
  const look = async () => {
    setLooking('now')
    await ask()
    setLooking('done')
    announce(say.looked)
  }
  return (
    <Page title={say.title} width="narrow">
      <div className="grid gap-8">
        <h1 className="text-3xl font-semibold">{say.title}</h1>
        <section
          aria-labelledby="reason"
          className="grid gap-2 rounded-card border border-bad bg-bad-tint p-5"
        >
          <h2 id="reason" className="font-semibold text-bad">
            {say.reason}
          </h2>
          <p className="wrap-anywhere">{pending.failed_reason ?? say.noReason}</p>
        </section>
        <section aria-labelledby="next" className="grid gap-3">
          <h2 id="next" className="text-xl font-semibold">
            {say.next}
          </h2>
          <ul className="grid list-disc gap-2 pl-6">
            {say.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
          <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button variant="secondary" onClick={() => void look()} busy={looking === 'now'}>
              {say.look}
            </Button>
            {looking === 'done' && <span className="text-muted">{say.looked}</span>}
          </p>
        </section>
        <p className="grid justify-items-start gap-1 border-t border-rule pt-5 text-muted">
          {say.contact}
          <code className="break-all text-ink select-all">{pending.report_id}</code>
          <a
            href={`${href.home}#help`}
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {say.help}
          </a>
        </p>
      </div>
    </Page>
  )
}
