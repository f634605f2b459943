// A price with its unit, and how old it is, in words and signs.
import type { Freshness, PriceUnit, VendorStatus, VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { amount } from '@/pages/admin/amounts'
import { Badge, type Tone } from '@/ui/badge'

const say = catalogue.prices

/** `€39 per user a month`, `On request`. */
export function priced(cents: number | undefined, currency: string, per: PriceUnit): string {
  if (cents === undefined) return say.onRequest
  return cents === 0 ? say.free : say.per[per](amount(cents, currency))
}

/** What reports count with. */
export function startingPrice(vendor: VendorView): string {
  if (vendor.price_model === 'custom' || vendor.starting_price_cents === undefined) return say.onRequest
  const per = UNITS[vendor.price_model]
  return say.from(priced(vendor.starting_price_cents, vendor.currency, per))
}

const UNITS = { flat: 'flat', per_user: 'user', per_location: 'location', usage: 'usage' } as const

const AGES: Record<Freshness, { tone: Tone; sign: string }> = {
  fresh: { tone: 'good', sign: '✓' },
  aging: { tone: 'warn', sign: '◔' },
  stale: { tone: 'alert', sign: '!' },
  unverified: { tone: 'neutral', sign: '?' },
}

export const FreshnessBadge = ({ freshness }: { freshness: Freshness }) => (
  <Badge tone={AGES[freshness].tone}>
    <span aria-hidden="true">{AGES[freshness].sign}</span>
    {catalogue.freshness[freshness]}
  </Badge>
)

const STANDINGS: Record<VendorStatus, { tone: Tone; sign: string }> = {
  active: { tone: 'good', sign: '✓' },
  needs_review: { tone: 'warn', sign: '!' },
  deprecated: { tone: 'neutral', sign: '–' },
}

export const VendorStatusBadge = ({ status }: { status: VendorStatus }) => (
  <Badge tone={STANDINGS[status].tone}>
    <span aria-hidden="true">{STANDINGS[status].sign}</span>
    {catalogue.vendorStatus[status]}
  </Badge>
)

/** To another site, which learns nothing about this one. */
export const OutLink = ({ to, children }: { to: string; children: string }) => (
  <a
    href={/^https?:\/\//.test(to) ? to : undefined}
    target="_blank"
    rel="noreferrer noopener"
    className="break-all text-accent underline underline-offset-4 hover:text-accent-strong"
  >
    {children}
    <span className="sr-only"> {admin.newWindow}</span>
  </a>
)
