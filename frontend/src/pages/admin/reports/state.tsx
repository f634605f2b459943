// A report's state in a word, a sign and a colour; what it cost; and trying it again.
import { useState } from 'react'

import type { ReportRow, ReportStatus } from '@/api/schema'
import { reports as say } from '@messages/admin-reports'
import { Confirm } from '@/pages/admin/confirm'
import { Meter } from '@/pages/admin/meter'
import { isMoving, useRetry } from '@/pages/admin/reports/queries'
import { Badge, type Tone } from '@/ui/badge'
import { Button } from '@/ui/button'

const LOOKS: Record<ReportStatus, { tone: Tone; sign: string }> = {
  queued: { tone: 'neutral', sign: '…' },
  running: { tone: 'accent', sign: '▸' },
  ready: { tone: 'good', sign: '✓' },
  failed: { tone: 'bad', sign: '✕' },
}

export const StatusBadge = ({ status }: { status: ReportStatus }) => (
  <Badge tone={LOOKS[status].tone}>
    <span aria-hidden="true">{LOOKS[status].sign}</span>
    {say.status[status]}
  </Badge>
)

export const RefundDue = () => (
  <Badge tone="alert">
    <span aria-hidden="true">!</span>
    {say.refundDue}
  </Badge>
)

export function Progress({ report }: { report: ReportRow }) {
  const percent = report.status === 'ready' ? 100 : report.progress
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      {isMoving(report) && (
        <Meter max={100} value={percent} label={say.progressOf(report.company)} className="w-16" />
      )}
      <span className="figure">{say.percent(percent)}</span>
    </span>
  )
}

/** Only a failed report can be tried again, and only after a question: it costs money. */
export function RetryButton({ report }: { report: ReportRow }) {
  const [asking, setAsking] = useState(false)
  const retry = useRetry()
  if (report.status !== 'failed') return null
  return (
    <>
      <Button variant="secondary" size="small" busy={retry.isPending} onClick={() => setAsking(true)}>
        {say.retry}
        <span className="sr-only">{say.retryOf(report.company)}</span>
      </Button>
      <Confirm
        open={asking}
        title={say.retryTitle}
        verb={say.retry}
        onConfirm={() => retry.mutate(report.report_id)}
        onClose={() => setAsking(false)}
      >
        <p>
          <strong className="break-words">{report.company || say.noCompany}</strong>
        </p>
        <p>{say.retryText}</p>
        {report.refund_due && <p className="font-medium text-alert">{say.retryRefund}</p>}
      </Confirm>
    </>
  )
}
