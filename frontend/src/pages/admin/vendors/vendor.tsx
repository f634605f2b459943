// One vendor: what reports know about it, every price it ever had, and what an operator can do.
import { useState } from 'react'

import type { PriceView, VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { useParam } from '@/lib/navigation'
import { isRefusal } from '@/pages/admin/ask'
import { Confirm } from '@/pages/admin/confirm'
import { Fact, Facts } from '@/pages/admin/facts'
import { ListSkeleton, Refused } from '@/pages/admin/list'
import { Day, Moment, today } from '@/pages/admin/moment'
import { Room } from '@/pages/admin/room'
import { useRemove, useSave } from '@/pages/admin/vendors/changes'
import { EditVendor } from '@/pages/admin/vendors/edit'
import { LookUp } from '@/pages/admin/vendors/look-up'
import {
  FreshnessBadge,
  OutLink,
  priced,
  startingPrice,
  VendorStatusBadge,
} from '@/pages/admin/vendors/price'
import { AddPrice } from '@/pages/admin/vendors/price-dialog'
import { useVendor } from '@/pages/admin/vendors/queries'
import { href } from '@/routes'
import { Badge } from '@/ui/badge'
import { Button } from '@/ui/button'
import { TextLink } from '@/ui/page'
import { inWords } from '@/ui/problem-notice'
import { type Column, Table } from '@/ui/table'
import { toast } from '@/ui/toast'

const say = catalogue.vendor

export default function Vendor() {
  const slug = useParam('slug')
  const query = useVendor(slug)
  const vendor = query.data
  return (
    <Room
      title={vendor?.name ?? slug}
      lead={<TextLink to={href.admin('vendors')}>{say.back}</TextLink>}
      actions={vendor && <Actions key={slug} vendor={vendor} />}
    >
      {query.isPending && <ListSkeleton />}
      {query.isError && !vendor && <Refused query={query} />}
      {vendor && (
        <>
          <Details vendor={vendor} />
          <Prices vendor={vendor} />
        </>
      )}
    </Room>
  )
}

function Actions({ vendor }: { vendor: VendorView }) {
  const save = useSave(vendor.slug)
  const change = async (part: Parameters<typeof save.mutateAsync>[0]['change'], done: string) => {
    try {
      await save.mutateAsync({ change: part, version: vendor.version })
      toast(done)
    } catch (error) {
      if (!isRefusal(error)) toast(say.notSaved(inWords(error).text), { kind: 'failed' })
    }
  }
  const isVerified = vendor.verified_on === today()
  return (
    <>
      <AddPrice vendor={vendor} />
      <EditVendor vendor={vendor} />
      <Button
        variant="secondary"
        size="small"
        disabled={isVerified}
        busy={save.isPending}
        onClick={() => void change({ verified_on: today() }, say.verified)}
      >
        {isVerified ? say.isVerified : say.verify}
      </Button>
      <LookUp vendor={vendor} />
      {vendor.status === 'deprecated' ? (
        <Button
          variant="secondary"
          size="small"
          onClick={() => void change({ status: 'active' }, say.putBack(vendor.name))}
        >
          {say.restore}
        </Button>
      ) : (
        <Remove vendor={vendor} />
      )}
    </>
  )
}

function Remove({ vendor }: { vendor: VendorView }) {
  const [asking, setAsking] = useState(false)
  const remove = useRemove(vendor)
  return (
    <>
      <Button variant="danger" size="small" busy={remove.isPending} onClick={() => setAsking(true)}>
        {say.remove}
      </Button>
      <Confirm
        open={asking}
        title={say.removeTitle(vendor.name)}
        verb={say.remove}
        danger
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{say.removeText}</p>
      </Confirm>
    </>
  )
}

const Details = ({ vendor }: { vendor: VendorView }) => (
  <section aria-label={say.details} className="grid gap-5 rounded-card border border-rule p-5">
    <p className="max-w-prose break-words">{vendor.description}</p>
    <Facts>
      <Fact name={say.status}>
        <VendorStatusBadge status={vendor.status} />
      </Fact>
      <Fact name={say.freshness}>
        <span className="flex flex-wrap items-center gap-2">
          <FreshnessBadge freshness={vendor.freshness} />
          {vendor.verified_on && <Day on={vendor.verified_on} />}
        </span>
      </Fact>
      <Fact name={say.starting}>
        {startingPrice(vendor)}
        {vendor.free_tier && <span className="text-muted"> · {catalogue.vendors.freeTier}</span>}
      </Fact>
      <Fact name={catalogue.fields.category}>
        <code className="text-sm">{vendor.category}</code>
      </Fact>
      <Fact name={say.sizes}>{vendor.company_sizes.map((size) => catalogue.sizes[size]).join(', ')}</Fact>
      <Fact name={catalogue.fields.complexity}>
        {catalogue.complexity[vendor.complexity]}
        <span className="text-muted"> · {say.weeks(vendor.implementation_weeks)}</span>
      </Fact>
      <Fact name={say.openness}>
        {vendor.api_openness === undefined ? admin.nothing : say.outOfFive(vendor.api_openness)}
      </Fact>
      <Fact name={catalogue.fields.website}>
        <OutLink to={vendor.website}>{vendor.website}</OutLink>
      </Fact>
      <Fact name={catalogue.fields.pricing_url}>
        <OutLink to={vendor.pricing_url}>{vendor.pricing_url}</OutLink>
      </Fact>
      <Fact name={say.changed}>
        <Moment at={vendor.updated_at} />
        <span className="text-muted"> · {say.version(vendor.version)}</span>
      </Fact>
    </Facts>
  </section>
)

function Prices({ vendor }: { vendor: VendorView }) {
  // What counts now first, then what did, newest first.
  const until = (price: PriceView) =>
    price.superseded_at ? Date.parse(price.superseded_at) : Number.POSITIVE_INFINITY
  const prices = vendor.prices.toSorted((one, other) => (until(one) < until(other) ? 1 : -1))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-xl font-semibold">{catalogue.prices.title}</h2>
      {prices.length === 0 ? (
        <p className="text-muted">{catalogue.prices.none}</p>
      ) : (
        <Table
          caption={catalogue.prices.title}
          columns={COLUMNS}
          rows={prices}
          rowKey={(price) =>
            `${price.tier_name} ${price.observed_on} ${price.superseded_at} ${price.price_cents}`
          }
        />
      )}
    </div>
  )
}

const COLUMNS: readonly Column<PriceView>[] = [
  {
    key: 'tier',
    label: catalogue.prices.tier,
    names: true,
    cell: (price) => <span className="font-medium">{price.tier_name}</span>,
  },
  {
    key: 'price',
    label: catalogue.prices.price,
    cell: (price) => priced(price.price_cents, price.currency, price.per),
  },
  {
    key: 'state',
    label: catalogue.prices.state,
    cell: (price) =>
      price.superseded_at ? (
        <span className="text-sm text-muted">
          {catalogue.prices.superseded} <Moment at={price.superseded_at} />
        </span>
      ) : (
        <Badge tone="good">
          <span aria-hidden="true">✓</span>
          {catalogue.prices.current}
        </Badge>
      ),
  },
  { key: 'observed', label: catalogue.prices.observed, cell: (price) => <Day on={price.observed_on} /> },
  { key: 'origin', label: catalogue.prices.origin, cell: (price) => catalogue.prices.origins[price.source] },
  {
    key: 'source',
    label: catalogue.prices.source,
    cell: (price) => <OutLink to={price.source_url}>{host(price.source_url)}</OutLink>,
  },
]

const host = (address: string) => (URL.canParse(address) ? new URL(address).host : address)
