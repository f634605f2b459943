// For the tests of the rooms: an operator who is signed in, a room at its address, and things to find there.
import { configure, fireEvent, screen } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

import type { ReportRow, VendorView } from '@/api/schema'
import { useLocation } from '@/lib/navigation'
import Admin from '@/pages/admin/admin'
import { signIn, signOut } from '@/pages/admin/operator'
import { renderAt } from '@/test/render'

// A room is a whole page: on a busy machine its first sight takes longer than a button's.
configure({ asyncUtilTimeout: 8_000 })
vi.setConfig({ testTimeout: 40_000 })

// Notices outlive the page that showed them; the next test starts without.
afterEach(() => {
  for (const close of screen.queryAllByRole('button', { name: 'Close', hidden: true })) fireEvent.click(close)
})

export const TOKEN = 'crb1.payload.signature'

/** Opens a room as an operator whose token lasts this long. */
export function openAs(address: string, secondsLeft = 3600) {
  const expires = new Date(Date.now() + secondsLeft * 1000).toISOString()
  signIn({ token: TOKEN, actor: 'ada@example.org', expires })
  return open(address)
}

export function openSignedOut(address: string) {
  signOut()
  return open(address)
}

const open = (address: string) =>
  renderAt(
    address,
    '/admin/*',
    <>
      <Admin />
      <Where />
    </>,
  )

/** The address, as a person would see it in the browser. */
function Where() {
  const { pathname, search } = useLocation()
  return (
    <p data-testid="address">
      {pathname}
      {search}
    </p>
  )
}

/** An answer that waits until a test has looked at what stands before it. */
export class Gate {
  open = () => {}
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve
  })
}

export const problem = (status: number, code: 'conflict' | 'unauthenticated' | 'too_many' | 'invalid') => ({
  type: `/api/v1/problems/${code}`,
  title: code,
  status,
  detail: `the detail of ${code}`,
  code,
  request_id: '01a204d3-11f0-7255-a5a1-596399933539',
})

export function aReport(change: Partial<ReportRow> = {}): ReportRow {
  return {
    report_id: '01a204e3-a546-7002-a3f3-f93737892774',
    order_id: '01a204e3-79f7-72b0-afc4-51f84f01cfc5',
    company: 'Bright Dental',
    industry: 'dental',
    status: 'failed',
    attempt: 3,
    progress: 40,
    cost_microusd: 73_207,
    created_at: '2026-11-22T20:12:37Z',
    refund_due: false,
    ...change,
  }
}

export function aVendor(change: Partial<VendorView> = {}): VendorView {
  return {
    slug: 'attio',
    name: 'Attio',
    category: 'crm',
    description: 'A customer database.',
    website: 'https://attio.com',
    pricing_url: 'https://attio.com/pricing',
    price_model: 'per_user',
    starting_price_cents: 3600,
    currency: 'EUR',
    free_tier: true,
    company_sizes: ['smb'],
    complexity: 'low',
    implementation_weeks: 2,
    freshness: 'unverified',
    status: 'active',
    prices: [
      {
        tier_name: 'Plus',
        price_cents: 3600,
        currency: 'EUR',
        per: 'user',
        observed_on: '2025-12-01',
        source_url: 'https://attio.com/pricing',
        source: 'seed',
      },
    ],
    updated_at: '2026-11-22T19:54:28Z',
    version: 3,
    ...change,
  }
}
