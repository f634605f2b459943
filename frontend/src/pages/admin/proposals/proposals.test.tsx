// Proposals: what would change is shown, and a person decides.
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import type { ProposalRow } from '@/api/schema'
import '@/pages/admin/proposals/proposals'
import { aVendor, openAs, problem } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

const proposal: ProposalRow = {
  id: '01a204e4-2ff3-7467-b491-99ffb757a3c8',
  vendor_slug: 'attio',
  tier_name: 'Plus',
  price_cents: 4200,
  currency: 'EUR',
  per: 'user',
  source_url: 'https://attio.com/pricing',
  excerpt: 'Plus <b>€ 42</b> per user',
  observed_on: '2026-11-22',
  status: 'proposed',
  created_at: '2026-11-22T20:00:00Z',
}

async function acceptIt() {
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: /^Accept/ }))
  const dialog = screen.getByRole('dialog', { name: 'Accept this price?' })
  expect(dialog.textContent).toContain('€36 per user a month')
  expect(dialog.textContent).toContain('€42 per user a month')
  await user.click(within(dialog).getByRole('button', { name: 'Accept' }))
}

test('accepting shows old and new price, asks, and leaves the list', async () => {
  let open = true
  server.use(
    http.get('/api/v1/admin/proposals', ({ query, response }) => {
      expect(query.get('status')).toBe('proposed')
      return response(200).json({ items: open ? [proposal] : [] })
    }),
    http.get('/api/v1/vendors/{slug}', ({ response }) => response(200).json(aVendor())),
    http.post('/api/v1/admin/proposals/{id}/accept', ({ params, response }) => {
      expect(params.id).toBe(proposal.id)
      open = false
      return response(200).json({ ...proposal, status: 'accepted' })
    }),
  )
  openAs('/admin/proposals')
  // The page's words are text, whatever they look like.
  expect(await screen.findByText('Plus <b>€ 42</b> per user')).toBeTruthy()
  expect(await screen.findByText('€36 per user a month')).toBeTruthy()
  await acceptIt()
  expect(await screen.findByText('The price is accepted.')).toBeTruthy()
  expect(await screen.findByText('Nothing to decide')).toBeTruthy()
})

test('a decision that somebody else made before is said', async () => {
  server.use(
    http.get('/api/v1/admin/proposals', ({ response }) => response(200).json({ items: [proposal] })),
    http.get('/api/v1/vendors/{slug}', ({ response }) => response(200).json(aVendor())),
    http.post('/api/v1/admin/proposals/{id}/accept', ({ response }) =>
      response('4XX').json(problem(409, 'conflict'), { status: 409 }),
    ),
  )
  openAs('/admin/proposals')
  await screen.findByText('€36 per user a month')
  await acceptIt()
  expect(await screen.findByText(/Nothing was decided\. The detail of conflict/)).toBeTruthy()
})

test('an amount in another currency is said to be noted only', async () => {
  server.use(
    http.get('/api/v1/admin/proposals', ({ response }) =>
      response(200).json({ items: [{ ...proposal, currency: 'USD' }] }),
    ),
    http.get('/api/v1/vendors/{slug}', ({ response }) => response(200).json(aVendor())),
  )
  openAs('/admin/proposals')
  expect(await screen.findByText(/it is only noted, reports go on in EUR/)).toBeTruthy()
})
