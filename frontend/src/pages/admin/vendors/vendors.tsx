// The catalogue: searched and filtered by its address, each vendor with its price and how old that is.
import { useEffect, useMemo, useRef, useState } from 'react'

import type { VendorView } from '@/api/schema'
import { catalogue } from '@messages/admin-catalogue'
import { Link, useSearchParams } from '@/lib/navigation'
import { useKeys } from '@/pages/admin/keys'
import { List, oneOf } from '@/pages/admin/list'
import { Room } from '@/pages/admin/room'
import { FreshnessBadge, startingPrice, VendorStatusBadge } from '@/pages/admin/vendors/price'
import { useCategories, useIndustries, useVendors, type VendorFilter } from '@/pages/admin/vendors/queries'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Select, TextField } from '@/ui/field'
import { type Column, Table } from '@/ui/table'

const say = catalogue.vendors
const STATUSES = ['', 'active', 'needs_review', 'deprecated'] as const

export default function Vendors() {
  const [params, setParams] = useSearchParams()
  const filter = useMemo<VendorFilter>(
    () => ({
      query: params.get('query') ?? '',
      category: params.get('category') ?? '',
      industry: params.get('industry') ?? '',
      status: oneOf(STATUSES, params.get('status')),
    }),
    [params],
  )
  const choose = (name: keyof VendorFilter, value: string, replace = false) => {
    const next = new URLSearchParams(params)
    if (value) next.set(name, value)
    else next.delete(name)
    setParams(next, { replace })
  }
  const isFiltered = Object.values(filter).some(Boolean)
  const query = useVendors(filter)
  return (
    <Room
      title={say.title}
      actions={
        <LinkButton to="/admin/new-vendor" size="small">
          {say.add}
        </LinkButton>
      }
    >
      <Filters filter={filter} choose={choose} />
      <List
        query={query}
        empty={
          <EmptyState
            title={isFiltered ? say.noMatch : say.none}
            action={
              isFiltered && (
                <Button variant="secondary" onClick={() => setParams(new URLSearchParams())}>
                  {say.clear}
                </Button>
              )
            }
          >
            {isFiltered ? say.noMatchText : say.noneText}
          </EmptyState>
        }
      >
        {(rows) => (
          <Table caption={say.title} columns={COLUMNS} rows={rows} rowKey={(vendor) => vendor.slug} />
        )}
      </List>
    </Room>
  )
}

interface FiltersProps {
  filter: VendorFilter
  choose: (name: keyof VendorFilter, value: string, replace?: boolean) => void
}

function Filters({ filter, choose }: FiltersProps) {
  const categories = useCategories().data ?? []
  const industries = useIndustries().data ?? []
  // What the address names stays offered, also before the list of them has come.
  const known = filter.category && !categories.includes(filter.category) ? [filter.category] : []
  const served = industries.map(({ slug, name }) => ({ value: slug, label: name }))
  const unnamed = filter.industry && !served.some(({ value }) => value === filter.industry)
  return (
    <search className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <SearchField query={filter.query} onSearch={(text) => choose('query', text, true)} />
      <Select
        label={say.category}
        value={filter.category}
        onChange={(value) => choose('category', value)}
        options={[
          { value: '', label: say.anyCategory },
          ...[...known, ...categories].map((value) => ({ value, label: spoken(value) })),
        ]}
      />
      <Select
        label={say.industry}
        value={filter.industry}
        onChange={(value) => choose('industry', value)}
        options={[
          { value: '', label: say.anyIndustry },
          ...(unnamed ? [{ value: filter.industry, label: filter.industry }] : []),
          ...served,
        ]}
      />
      <Select
        label={say.status}
        value={filter.status}
        onChange={(value) => choose('status', value)}
        options={STATUSES.map((value) => ({
          value,
          label: value ? catalogue.vendorStatus[value] : say.anyStatus,
        }))}
      />
    </search>
  )
}

const PAUSE_MS = 300

/** Asks when the typing pauses, not at every letter. */
function SearchField({ query, onSearch }: { query: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(query)
  const field = useRef<HTMLDivElement>(null)
  const sent = useRef(query)
  useKeys({ '/': () => field.current?.querySelector('input')?.focus() })
  useEffect(() => {
    // The address changed by itself: Back, or the filters were cleared.
    if (query === sent.current) return
    sent.current = query
    setText(query)
  }, [query])
  useEffect(() => {
    if (text.trim() === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text.trim()
      onSearch(text.trim())
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, onSearch])
  return (
    <div ref={field}>
      <TextField
        label={say.search}
        type="search"
        maxLength={80}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}

/** `dental_practice_management` as words. */
const spoken = (slug: string) => {
  const words = slug.replaceAll('_', ' ').replaceAll(/\b(?:ai|crm)\b/g, (short) => short.toUpperCase())
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const COLUMNS: readonly Column<VendorView>[] = [
  {
    key: 'name',
    label: say.columns.name,
    names: true,
    cell: (vendor) => (
      <span className="grid">
        <Link
          to={`${href.admin('vendors')}/${vendor.slug}`}
          className="inline-flex min-h-11 items-center justify-self-start font-medium text-accent underline underline-offset-4 md:min-h-0"
        >
          {vendor.name}
        </Link>
        <span className="text-sm text-muted">{spoken(vendor.category)}</span>
      </span>
    ),
  },
  {
    key: 'price',
    label: say.columns.price,
    cell: (vendor) => (
      <span className="grid">
        {startingPrice(vendor)}
        {vendor.free_tier && <span className="text-sm text-muted">{say.freeTier}</span>}
      </span>
    ),
  },
  {
    key: 'freshness',
    label: say.columns.freshness,
    cell: (vendor) => <FreshnessBadge freshness={vendor.freshness} />,
  },
  {
    key: 'complexity',
    label: say.columns.complexity,
    cell: (vendor) => catalogue.complexity[vendor.complexity],
  },
  {
    key: 'status',
    label: say.columns.status,
    cell: (vendor) => <VendorStatusBadge status={vendor.status} />,
  },
]
