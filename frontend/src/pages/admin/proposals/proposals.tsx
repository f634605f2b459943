// Prices that a look-up found, and what would change: a person accepts or rejects each.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '@/api/client'
import type { ProposalRow, ProposalStatus } from '@/api/schema'
import { proposals as say } from '@messages/admin-proposals'
import { Link, useSearchParams } from '@/lib/navigation'
import { ask, isRefusal } from '@/pages/admin/ask'
import { Confirm } from '@/pages/admin/confirm'
import { byCursor, FilterLinks, List, oneOf, type Pages } from '@/pages/admin/list'
import { Day } from '@/pages/admin/moment'
import { Room } from '@/pages/admin/room'
import { OutLink, priced } from '@/pages/admin/vendors/price'
import { useVendor } from '@/pages/admin/vendors/queries'
import { href } from '@/routes'
import { Badge, type Tone } from '@/ui/badge'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { inWords } from '@/ui/problem-notice'
import { type Column, Table } from '@/ui/table'
import { toast } from '@/ui/toast'

const FILTERS = ['proposed', 'accepted', 'rejected', 'all'] as const

export default function Proposals() {
  const [params] = useSearchParams()
  const status = oneOf(FILTERS, params.get('status'))
  const query = useInfiniteQuery({
    queryKey: ['admin', 'proposals', status],
    queryFn: ({ pageParam, signal }) => {
      const asked = {
        ...(status !== 'all' && { status }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      }
      return ask((as) => api.GET('/api/v1/admin/proposals', { ...as, params: { query: asked }, signal }))
    },
    ...byCursor,
  })
  return (
    <Room title={say.title} lead={<p>{say.lead}</p>}>
      <FilterLinks label={say.filter} name="status" values={FILTERS} words={say.filters} chosen={status} />
      <List query={query} empty={<EmptyState title={say.empty[status]}>{say.emptyText}</EmptyState>}>
        {(rows) => <Table caption={say.title} columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />}
      </List>
    </Room>
  )
}

const COLUMNS: readonly Column<ProposalRow>[] = [
  {
    key: 'vendor',
    label: say.columns.vendor,
    names: true,
    cell: (row) => (
      <span className="grid">
        <Link
          to={`${href.admin('vendors')}/${row.vendor_slug}`}
          className="inline-flex min-h-11 items-center justify-self-start font-medium text-accent underline underline-offset-4 md:min-h-0"
        >
          {row.vendor_slug}
        </Link>
        <span className="text-sm text-muted">{row.tier_name}</span>
      </span>
    ),
  },
  { key: 'change', label: say.columns.change, cell: (row) => <Change row={row} /> },
  {
    key: 'excerpt',
    label: say.columns.excerpt,
    wide: true,
    cell: (row) => (
      <span className="grid max-w-prose gap-1 text-left">
        <q className="text-sm break-words text-muted">{row.excerpt}</q>
        <span className="text-sm">
          <OutLink to={row.source_url}>{row.source_url}</OutLink>
        </span>
      </span>
    ),
  },
  { key: 'observed', label: say.columns.observed, cell: (row) => <Day on={row.observed_on} /> },
  { key: 'decision', label: say.columns.decision, plain: true, cell: (row) => <Decision row={row} /> },
]

const found = (row: ProposalRow) => priced(row.price_cents, row.currency, row.per)

/** `€49 → €59`; decided ones show their price alone, since what stood before may have changed since. */
function Change({ row }: { row: ProposalRow }) {
  if (row.status !== 'proposed') return <span>{found(row)}</span>
  return <Comparison row={row} />
}

function Comparison({ row }: { row: ProposalRow }) {
  const { data: vendor } = useVendor(row.vendor_slug)
  const current = vendor?.prices.find(
    (price) => price.superseded_at === undefined && price.tier_name === row.tier_name,
  )
  return (
    <span className="grid gap-1 text-right md:text-left">
      {vendor && (
        <span className="text-sm text-muted">
          <span className="sr-only">{say.before}</span>{' '}
          {current ? (
            <s className="decoration-1">{priced(current.price_cents, current.currency, current.per)}</s>
          ) : (
            say.newTier
          )}
        </span>
      )}
      <span className="font-medium">
        <span aria-hidden="true">→ </span>
        <span className="sr-only">{say.after}</span> {found(row)}
      </span>
      {vendor && row.currency !== vendor.currency && (
        <span className="text-sm text-warn">{say.otherCurrency(vendor.currency)}</span>
      )}
    </span>
  )
}

const LOOKS: Record<ProposalStatus, { tone: Tone; sign: string }> = {
  proposed: { tone: 'accent', sign: '?' },
  accepted: { tone: 'good', sign: '✓' },
  rejected: { tone: 'neutral', sign: '✕' },
}

type Verdict = 'accept' | 'reject'

function Decision({ row }: { row: ProposalRow }) {
  const [asking, setAsking] = useState<Verdict>()
  const decide = useDecide()
  if (row.status !== 'proposed') {
    return (
      <Badge tone={LOOKS[row.status].tone}>
        <span aria-hidden="true">{LOOKS[row.status].sign}</span>
        {say.filters[row.status]}
      </Badge>
    )
  }
  const verdict = asking ?? 'accept'
  return (
    <span className="flex flex-wrap gap-2 whitespace-nowrap md:justify-end lg:flex-nowrap">
      <Button variant="secondary" size="small" busy={decide.isPending} onClick={() => setAsking('accept')}>
        {say.accept}
        <span className="sr-only"> {say.of(row.vendor_slug, found(row))}</span>
      </Button>
      <Button variant="quiet" size="small" busy={decide.isPending} onClick={() => setAsking('reject')}>
        {say.reject}
        <span className="sr-only"> {say.of(row.vendor_slug, found(row))}</span>
      </Button>
      <Confirm
        open={asking !== undefined}
        title={verdict === 'accept' ? say.acceptTitle : say.rejectTitle}
        verb={verdict === 'accept' ? say.accept : say.reject}
        onConfirm={() => decide.mutate({ id: row.id, verdict })}
        onClose={() => setAsking(undefined)}
      >
        <p className="font-medium">{say.what(row.vendor_slug, row.tier_name)}</p>
        <Comparison row={row} />
        <p>{verdict === 'accept' ? say.acceptText : say.rejectText}</p>
      </Confirm>
    </span>
  )
}

function useDecide() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, verdict }: { id: string; verdict: Verdict }) => {
      const params = { path: { id } }
      return ask((as) =>
        verdict === 'accept'
          ? api.POST('/api/v1/admin/proposals/{id}/accept', { ...as, params })
          : api.POST('/api/v1/admin/proposals/{id}/reject', { ...as, params }),
      )
    },
    onSuccess: (decided) => {
      // Not to be decided twice while the list comes again.
      client.setQueriesData<Pages<ProposalRow>>({ queryKey: ['admin', 'proposals'] }, (data) => {
        const pages = data?.pages.map((page) => ({
          ...page,
          items: page.items.map((row) => (row.id === decided.id ? decided : row)),
        }))
        return data && pages && { ...data, pages }
      })
      toast(decided.status === 'accepted' ? say.accepted : say.rejected)
    },
    onError: (error) => {
      if (!isRefusal(error)) toast(say.notDecided(inWords(error).text), { kind: 'failed' })
    },
    // A price that was accepted is a vendor's from now on.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['admin', 'proposals'] })
      void client.invalidateQueries({ queryKey: ['admin', 'vendors'] })
    },
  })
}
