// Who changed what, newest first, and how it stood before.
import { useInfiniteQuery } from '@tanstack/react-query'

import { api } from '@/api/client'
import type { AuditRow } from '@/api/schema'
import { admin } from '@messages/admin'
import { Link } from '@/lib/navigation'
import { ask } from '@/pages/admin/ask'
import { differencesOf, fieldName, isThere } from '@/pages/admin/audit/differences'
import { byCursor, List } from '@/pages/admin/list'
import { Moment } from '@/pages/admin/moment'
import { Room } from '@/pages/admin/room'
import { href } from '@/routes'
import { EmptyState } from '@/ui/empty-state'
import { type Column, Table } from '@/ui/table'

const say = admin.audit

export default function Audit() {
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit'],
    queryFn: ({ pageParam, signal }) => {
      const asked = pageParam === undefined ? {} : { cursor: pageParam }
      return ask((as) => api.GET('/api/v1/admin/audit', { ...as, params: { query: asked }, signal }))
    },
    ...byCursor,
    // What was just done elsewhere stands here when this is opened.
    staleTime: 0,
  })
  return (
    <Room title={say.title} lead={<p>{say.lead}</p>}>
      <List query={query} empty={<EmptyState title={say.empty}>{say.emptyText}</EmptyState>}>
        {(rows) => <Table caption={say.title} columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />}
      </List>
    </Room>
  )
}

const COLUMNS: readonly Column<AuditRow>[] = [
  { key: 'what', label: say.columns.what, names: true, cell: (row) => <What row={row} /> },
  { key: 'changes', label: say.columns.changes, wide: true, cell: (row) => <Changes row={row} /> },
  {
    key: 'actor',
    label: say.columns.actor,
    cell: (row) => <span className="break-all">{row.actor}</span>,
  },
  { key: 'at', label: say.columns.at, cell: (row) => <Moment at={row.at} /> },
]

const What = ({ row }: { row: AuditRow }) => (
  <span className="grid min-w-0 md:min-w-44">
    <span className="font-medium">{say.did(row.action, row.entity)}</span>
    <Entity row={row} />
  </span>
)

/** To where the thing itself is shown, if there is such a place. */
function Entity({ row }: { row: AuditRow }) {
  const room = row.entity === 'vendor' ? 'vendors' : row.entity === 'report' ? 'reports' : undefined
  if (!room) return <code className="text-sm break-all text-muted">{row.entity_id}</code>
  return (
    <Link
      to={`${href.admin(room)}/${row.entity_id}`}
      className="inline-flex min-h-11 items-center justify-self-start text-sm break-all text-accent underline underline-offset-4 md:min-h-0"
    >
      {row.entity_id}
    </Link>
  )
}

function Changes({ row }: { row: AuditRow }) {
  const changes = differencesOf(row.before, row.after)
  if (changes.length === 0) return <span className="text-muted">{say.noChanges}</span>
  return (
    <dl className="grid max-w-prose gap-1.5 text-left">
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <dt className="text-sm text-muted">{fieldName(field)}</dt>
          <dd className="break-words">
            {before === undefined && isThere(row.before) && (
              <span className="text-muted">{admin.nothing}</span>
            )}
            {before !== undefined && (
              <del className="text-muted decoration-1">
                <span className="sr-only">{say.before} </span>
                {before}
              </del>
            )}
            {isThere(row.before) && after !== undefined && <span aria-hidden="true"> → </span>}
            {after !== undefined && (
              <ins className="no-underline">
                <span className="sr-only">{say.after} </span>
                {after}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
