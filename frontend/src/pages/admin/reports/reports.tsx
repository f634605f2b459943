// The queue: every report, newest first, its state, what it cost, and what went wrong.

import type { ReportRow } from '@/api/schema'
import { reports as say } from '@messages/admin-reports'
import { Link, useSearchParams } from '@/lib/navigation'
import { dollars } from '@/pages/admin/amounts'
import { FilterLinks, List, oneOf } from '@/pages/admin/list'
import { Age, useNow } from '@/pages/admin/moment'
import { RefreshBar, useAutoRefresh } from '@/pages/admin/refresh-bar'
import { useReports } from '@/pages/admin/reports/queries'
import { Progress, RefundDue, RetryButton, StatusBadge } from '@/pages/admin/reports/state'
import { Room } from '@/pages/admin/room'
import { href } from '@/routes'
import { CopyButton } from '@/ui/copy-button'
import { EmptyState } from '@/ui/empty-state'
import { type Column, Table } from '@/ui/table'

const FILTERS = ['all', 'failed', 'running', 'queued', 'ready'] as const
const SECONDS = 10

export default function Reports() {
  const [params] = useSearchParams()
  const status = oneOf(FILTERS, params.get('status'))
  const auto = useAutoRefresh(SECONDS)
  const query = useReports(status, auto.interval)
  const now = useNow()
  return (
    <Room title={say.title}>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <FilterLinks label={say.filter} name="status" values={FILTERS} words={say.filters} chosen={status} />
        <RefreshBar query={query} auto={auto} seconds={SECONDS} />
      </div>
      <List
        query={query}
        empty={<EmptyState title={say.empty[status].title}>{say.empty[status].text}</EmptyState>}
      >
        {(rows) => (
          <Table
            caption={say.caption(say.filters[status])}
            columns={columns(now)}
            rows={rows}
            rowKey={(row) => row.report_id}
          />
        )}
      </List>
    </Room>
  )
}

const columns = (now: number): Column<ReportRow>[] => [
  { key: 'company', label: say.columns.company, names: true, cell: (row) => <Company row={row} /> },
  { key: 'status', label: say.columns.status, cell: (row) => <Status row={row} /> },
  { key: 'progress', label: say.columns.progress, cell: (row) => <Progress report={row} /> },
  { key: 'attempt', label: say.columns.attempt, numeric: true, cell: (row) => row.attempt },
  { key: 'cost', label: say.columns.cost, numeric: true, cell: (row) => dollars(row.cost_microusd) },
  { key: 'age', label: say.columns.age, cell: (row) => <Age at={row.created_at} now={now} /> },
  {
    key: 'actions',
    label: say.columns.actions,
    plain: true,
    cell: (row) => (
      <span className="flex flex-wrap items-start gap-2 whitespace-nowrap md:justify-end xl:flex-nowrap">
        <RetryButton report={row} />
        <CopyButton text={() => row.report_id} label={say.copyId} size="small" />
      </span>
    ),
  },
]

const Company = ({ row }: { row: ReportRow }) => (
  <span className="grid min-w-0 lg:min-w-44">
    <Link
      to={`${href.admin('reports')}/${row.report_id}`}
      className="inline-flex min-h-11 items-center justify-self-start font-medium break-words text-accent underline underline-offset-4 md:min-h-0"
    >
      {row.company || say.noCompany}
    </Link>
    <span className="text-sm text-muted">{row.industry}</span>
  </span>
)

const Status = ({ row }: { row: ReportRow }) => (
  <span className="grid justify-items-end gap-1.5 lg:min-w-60 md:justify-items-start">
    <span className="flex flex-wrap justify-end gap-1.5 md:justify-start">
      <StatusBadge status={row.status} />
      {row.refund_due && <RefundDue />}
    </span>
    {(row.last_error ?? row.failed_reason) !== undefined && (
      <span className="line-clamp-3 max-w-72 text-sm break-words text-muted">
        {row.last_error ?? row.failed_reason}
      </span>
    )}
  </span>
)
