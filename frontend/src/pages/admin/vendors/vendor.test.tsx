// One vendor: prices to the cent, changes that show at once, conflicts, and taking a vendor out and back in.
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'

import type { VendorView } from '@/api/schema'
import '@/pages/admin/vendors/vendor'
import { aVendor, Gate, openAs, problem } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

/** What the server holds. */
let held: VendorView

beforeEach(() => {
  held = aVendor()
  server.use(
    http.get('/api/v1/vendors/{slug}', ({ response }) => response(200).json(held)),
    http.get('/api/v1/vendors', ({ response }) => response(200).json({ items: [held] })),
  )
})

async function openVendor() {
  openAs('/admin/vendors/attio')
  await screen.findByRole('heading', { level: 1, name: 'Attio' })
  return userEvent.setup()
}

test.each([
  ['39,90', 3990],
  ['1.000', 100_000],
  ['', null],
])('a price entered as %j is sent as %j', async (text, cents) => {
  const sent: unknown[] = []
  server.use(
    http.post('/api/v1/admin/vendors/{slug}/prices', async ({ request, response }) => {
      sent.push(await request.json())
      return response(201).json(held)
    }),
  )
  const user = await openVendor()
  await user.click(screen.getByRole('button', { name: 'Add a price' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Add a price of Attio' }))
  if (text) await user.type(dialog.getByLabelText('Price a month'), text)
  await user.click(dialog.getByRole('button', { name: 'Add a price' }))
  expect(await screen.findByText('The price is noted.')).toBeTruthy()
  expect(sent).toEqual([
    {
      tier_name: 'Plus',
      price_cents: cents,
      per: 'user',
      observed_on: new Date().toISOString().slice(0, 10),
      source_url: 'https://attio.com/pricing',
    },
  ])
})

test('a negative price is refused here, and how a price is read is shown', async () => {
  const user = await openVendor()
  await user.click(screen.getByRole('button', { name: 'Add a price' }))
  const dialog = within(screen.getByRole('dialog'))
  const field = dialog.getByLabelText('Price a month')
  await user.type(field, '1.000')
  expect(dialog.getByText('Reads as: €1,000 per user a month')).toBeTruthy()
  await user.clear(field)
  await user.type(field, '-5')
  // No request is expected: one would fail the test.
  await user.click(dialog.getByRole('button', { name: 'Add a price' }))
  expect(dialog.getByText('A price cannot be negative.')).toBeTruthy()
})

async function rename(user: ReturnType<typeof userEvent.setup>, name: string) {
  await user.click(screen.getByRole('button', { name: 'Edit' }))
  const field = within(screen.getByRole('dialog')).getByLabelText('Name')
  await user.clear(field)
  await user.type(field, name)
  await user.click(screen.getByRole('button', { name: 'Save' }))
}

test('a change shows before the server has answered, and names the version it is based on', async () => {
  const answered = new Gate()
  const sent: unknown[] = []
  server.use(
    http.patch('/api/v1/admin/vendors/{slug}', async ({ request, response }) => {
      sent.push(request.headers.get('If-Match'), await request.json())
      await answered.opened
      held = { ...held, name: 'Attio CRM', version: 4 }
      return response(200).json(held)
    }),
  )
  const user = await openVendor()
  await rename(user, 'Attio CRM')
  expect(await screen.findByRole('heading', { level: 1, name: 'Attio CRM' })).toBeTruthy()
  expect(screen.queryByText('Saved.')).toBeNull()
  answered.open()
  expect(await screen.findByText('Saved.')).toBeTruthy()
  expect(sent).toEqual(['"3"', { name: 'Attio CRM' }])
})

test('a refused change is taken back, and the dialog comes back as it was typed', async () => {
  const asked = new Gate()
  let times = 0
  server.use(
    http.get('/api/v1/vendors/{slug}', async ({ response }) => {
      times += 1
      if (times > 1) await asked.opened
      return response(200).json(held)
    }),
    http.patch('/api/v1/admin/vendors/{slug}', ({ response }) =>
      response('4XX').json(
        { ...problem(422, 'invalid'), errors: [{ field: 'name', message: 'must be on one line' }] },
        { status: 422 },
      ),
    ),
  )
  const user = await openVendor()
  await rename(user, 'Attio!')
  expect(await screen.findByText('must be on one line')).toBeTruthy()
  expect(screen.getByRole('heading', { level: 1, name: 'Attio', hidden: true })).toBeTruthy()
  expect(within(screen.getByRole('dialog')).getByLabelText('Name')).toHaveProperty('value', 'Attio!')
  asked.open()
})

test.each([409, 412] as const)(
  'after a %i both versions stand side by side, and the choice is saved',
  async (status) => {
    const sent: unknown[] = []
    server.use(
      http.patch('/api/v1/admin/vendors/{slug}', async ({ request, response }) => {
        const based = request.headers.get('If-Match')
        if (based !== `"${held.version}"`) {
          return response('4XX').json(problem(status, 'conflict'), { status })
        }
        const change = await request.json()
        sent.push(based, change)
        held = { ...held, version: held.version + 1, name: change.name ?? held.name }
        return response(200).json(held)
      }),
    )
    const user = await openVendor()
    // Somebody else is faster.
    held = { ...held, name: 'Attio by them', complexity: 'high', version: 7 }
    await rename(user, 'Attio by me')
    const dialog = within(await screen.findByRole('dialog', { name: 'Somebody else changed this vendor' }))
    const name = within(dialog.getByRole('group', { name: 'Name' }))
    expect(name.getByRole('radio', { name: /Attio by me/ })).toHaveProperty('checked', true)
    expect(name.getByRole('radio', { name: /Attio by them/ })).toHaveProperty('checked', false)
    // What I did not touch stays theirs.
    const complexity = within(dialog.getByRole('group', { name: 'Complexity' }))
    expect(complexity.getByRole('radio', { name: /High/ })).toHaveProperty('checked', true)
    expect(dialog.queryByRole('group', { name: 'Website' })).toBeNull()
    await user.click(dialog.getByRole('button', { name: 'Save this choice' }))
    expect(await screen.findByText('Saved.')).toBeTruthy()
    expect(sent).toEqual(['"7"', { name: 'Attio by me' }])
  },
)

test('taking theirs on every field changes nothing', async () => {
  server.use(
    http.patch('/api/v1/admin/vendors/{slug}', ({ response }) =>
      response('4XX').json(problem(409, 'conflict'), { status: 409 }),
    ),
  )
  const user = await openVendor()
  held = { ...held, name: 'Attio by them', version: 7 }
  await rename(user, 'Attio by me')
  await user.click(await screen.findByRole('radio', { name: /Attio by them/ }))
  await user.click(screen.getByRole('button', { name: 'Save this choice' }))
  expect(await screen.findByText('There was nothing to change.')).toBeTruthy()
  expect(screen.getByRole('heading', { level: 1, name: 'Attio by them' })).toBeTruthy()
})

test('a vendor is taken out after a question, and undo puts it back as it was', async () => {
  const sent: unknown[] = []
  held = aVendor({ status: 'needs_review' })
  server.use(
    http.delete('/api/v1/admin/vendors/{slug}', ({ response }) => {
      held = { ...held, status: 'deprecated', version: 4 }
      return response(204).empty()
    }),
    http.patch('/api/v1/admin/vendors/{slug}', async ({ request, response }) => {
      sent.push(request.headers.get('If-Match'), await request.json())
      held = { ...held, status: 'needs_review', version: 5 }
      return response(200).json(held)
    }),
  )
  const user = await openVendor()
  await user.click(screen.getByRole('button', { name: 'Take out' }))
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Take out' }))
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(await screen.findByText('Attio is back in the choice.')).toBeTruthy()
  expect(sent).toEqual(['"4"', { status: 'needs_review' }])
  expect(await screen.findByText('Needs review')).toBeTruthy()
})

test('an installation that cannot look prices up says so', async () => {
  server.use(
    http.post('/api/v1/admin/vendors/{slug}/price-lookup', ({ response }) =>
      response('4XX').json(
        { ...problem(409, 'conflict'), detail: 'no search service is configured' },
        { status: 409 },
      ),
    ),
  )
  const user = await openVendor()
  await user.click(screen.getByRole('button', { name: 'Look prices up' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Prices of Attio' }))
  expect(dialog.getByText('Prices cannot be looked up here')).toBeTruthy()
  expect(dialog.getByText('No search service is configured.')).toBeTruthy()
})

test('prices that count come first, then what they replaced', async () => {
  const [price] = held.prices
  if (!price) throw new Error('the vendor of these tests has a price')
  held = {
    ...held,
    prices: [
      { ...price, price_cents: 2900, superseded_at: '2026-01-01T00:00:00Z' },
      { ...price, price_cents: 3900 },
      { ...price, price_cents: 3100, superseded_at: '2026-06-01T00:00:00Z' },
    ],
  }
  await openVendor()
  const rows = within(screen.getByRole('table', { name: 'Prices' }))
    .getAllByRole('row')
    .slice(1)
  expect(rows.map((row) => /€\d+/.exec(row.textContent)?.[0])).toEqual(['€39', '€31', '€29'])
})
