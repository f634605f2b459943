// One report: where it stands, what went wrong, and every call to the model with what it cost.

import type { CallRow, ReportRow } from '@/api/schema'
import { reports as say } from '@messages/admin-reports'
import { useParam } from '@/lib/navigation'
import { dollars } from '@/pages/admin/amounts'
import { Fact, Facts } from '@/pages/admin/facts'
import { ListSkeleton, Refused } from '@/pages/admin/list'
import { duration, latency, Moment } from '@/pages/admin/moment'
import { isMoving, useCalls, useReport } from '@/pages/admin/reports/queries'
import { Progress, RefundDue, RetryButton, StatusBadge } from '@/pages/admin/reports/state'
import { Room } from '@/pages/admin/room'
import { href } from '@/routes'
import { Badge } from '@/ui/badge'
import { CopyButton } from '@/ui/copy-button'
import { TextLink } from '@/ui/page'
import { type Column, Table } from '@/ui/table'

export default function Report() {
  const id = useParam('id')
  const report = useReport(id)
  const row = report.data
  return (
    <Room
      title={row ? row.company || say.noCompany : say.one}
      lead={<TextLink to={href.admin('reports')}>{say.back}</TextLink>}
      actions={
        <>
          {row && <RetryButton report={row} />}
          <CopyButton text={() => id} label={say.copyId} size="small" />
        </>
      }
    >
      {report.isPending && <ListSkeleton />}
      {report.isError && !row && <Refused query={report} />}
      {row === null && <p className="rounded-card border border-rule p-5">{say.notFound}</p>}
      {row && <Standing row={row} />}
      <Calls id={id} moving={isMoving(row)} />
    </Room>
  )
}

function Standing({ row }: { row: ReportRow }) {
  const took =
    row.started_at && row.ready_at
      ? duration((Date.parse(row.ready_at) - Date.parse(row.started_at)) / 1000)
      : undefined
  return (
    <section aria-label={say.standing} className="rounded-card border border-rule p-5">
      <Facts>
        <Fact name={say.columns.status}>
          <span className="flex flex-wrap gap-1.5">
            <StatusBadge status={row.status} />
            {row.refund_due && <RefundDue />}
          </span>
        </Fact>
        <Fact name={say.columns.progress}>
          <Progress report={row} />
        </Fact>
        <Fact name={say.columns.attempt}>
          {row.attempt}
          {row.job_state && <span className="text-muted"> · {say.job[row.job_state]}</span>}
        </Fact>
        <Fact name={say.columns.cost}>{dollars(row.cost_microusd)}</Fact>
        <Fact name={say.industry}>{row.industry}</Fact>
        <Fact name={say.created}>
          <Moment at={row.created_at} />
        </Fact>
        <Fact name={say.started}>{row.started_at ? <Moment at={row.started_at} /> : say.notYet}</Fact>
        <Fact name={say.ready}>
          {row.ready_at ? <Moment at={row.ready_at} /> : say.notYet}
          {took && <span className="text-muted"> · {say.took(took)}</span>}
        </Fact>
        <Fact name={say.order}>
          <code className="text-sm break-all select-all">{row.order_id}</code>
        </Fact>
        <Fact name={say.id} wide>
          <code className="text-sm break-all select-all">{row.report_id}</code>
        </Fact>
        {row.failed_reason && (
          <Fact name={say.failedReason} wide>
            {row.failed_reason}
          </Fact>
        )}
        {row.last_error && (
          <Fact name={say.lastError} wide>
            <span className="whitespace-pre-wrap">{row.last_error}</span>
          </Fact>
        )}
      </Facts>
    </section>
  )
}

function Calls({ id, moving }: { id: string; moving: boolean }) {
  const calls = useCalls(id, moving ? 10_000 : false)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-xl font-semibold">{say.calls.title}</h2>
      {calls.isPending && <ListSkeleton />}
      {calls.isError && !calls.data && <Refused query={calls} />}
      {calls.data?.length === 0 && <p className="text-muted">{say.calls.none}</p>}
      {calls.data && calls.data.length > 0 && (
        <Table
          caption={say.calls.title}
          columns={COLUMNS}
          rows={calls.data}
          rowKey={(call) => `${call.at} ${call.task} ${call.attempt}`}
          narrow="scroll"
          total={totals(calls.data)}
        />
      )}
    </div>
  )
}

const count = new Intl.NumberFormat('en-GB')

const COLUMNS: readonly Column<CallRow>[] = [
  { key: 'task', label: say.calls.task, names: true, cell: (call) => <Task call={call} /> },
  { key: 'outcome', label: say.calls.outcome, cell: (call) => <Outcome call={call} /> },
  { key: 'in', label: say.calls.input, numeric: true, cell: (call) => count.format(call.input_tokens) },
  { key: 'out', label: say.calls.output, numeric: true, cell: (call) => count.format(call.output_tokens) },
  {
    key: 'read',
    label: say.calls.cacheRead,
    numeric: true,
    cell: (call) => count.format(call.cache_read_tokens),
  },
  {
    key: 'write',
    label: say.calls.cacheWrite,
    numeric: true,
    cell: (call) => count.format(call.cache_write_tokens),
  },
  {
    key: 'ttft',
    label: say.calls.firstToken,
    numeric: true,
    cell: (call) => (call.ttft_ms === undefined ? '–' : latency(call.ttft_ms)),
  },
  { key: 'latency', label: say.calls.latency, numeric: true, cell: (call) => latency(call.latency_ms) },
  { key: 'cost', label: say.calls.cost, numeric: true, cell: (call) => dollars(call.cost_microusd) },
  { key: 'at', label: say.calls.at, cell: (call) => <Moment at={call.at} /> },
]

const Task = ({ call }: { call: CallRow }) => (
  <span className="grid">
    <span className="font-medium whitespace-nowrap">{say.calls.attempt(call.task, call.attempt)}</span>
    <span className="text-sm whitespace-nowrap text-muted">{call.model}</span>
  </span>
)

const Outcome = ({ call }: { call: CallRow }) => (
  <span className="grid justify-items-start gap-1">
    <Badge tone={call.outcome === 'ok' ? 'good' : 'bad'}>
      <span aria-hidden="true">{call.outcome === 'ok' ? '✓' : '✕'}</span>
      {say.outcome[call.outcome]}
    </Badge>
    {call.stop_reason && <code className="text-sm text-muted">{call.stop_reason}</code>}
  </span>
)

function totals(calls: readonly CallRow[]) {
  const sum = (of: (call: CallRow) => number) => calls.reduce((total, call) => total + of(call), 0)
  return {
    task: say.calls.total(calls.length),
    in: count.format(sum((call) => call.input_tokens)),
    out: count.format(sum((call) => call.output_tokens)),
    read: count.format(sum((call) => call.cache_read_tokens)),
    write: count.format(sum((call) => call.cache_write_tokens)),
    latency: latency(sum((call) => call.latency_ms)),
    cost: dollars(sum((call) => call.cost_microusd)),
  }
}
