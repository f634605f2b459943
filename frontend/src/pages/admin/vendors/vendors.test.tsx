// The catalogue: its filters stand in the address, and a new vendor is refused at its fields.
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'

import '@/pages/admin/vendors/new-vendor'
import '@/pages/admin/vendors/vendor'
import '@/pages/admin/vendors/vendors'
import { aVendor, openAs, problem } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

let asked: string[] = []

beforeEach(() => {
  asked = []
  server.use(
    http.get('/api/v1/industries', ({ response }) =>
      response(200).json({ items: [{ slug: 'dental', name: 'Dental practices', description: '' }] }),
    ),
    http.get('/api/v1/vendors', ({ request, query, response }) => {
      // The walk for the filter's categories asks for a hundred at a time.
      if (!query.get('limit')) asked.push(new URL(request.url).search)
      return response(200).json({
        items: query.get('query') === 'nobody' ? [] : [aVendor({ freshness: 'stale' })],
      })
    }),
  )
})

test('what the address says is asked for and shown in the filters', async () => {
  openAs('/admin/vendors?industry=dental&category=crm&status=needs_review&query=att')
  expect(await screen.findByRole('link', { name: 'Attio' })).toBeTruthy()
  expect(asked).toEqual(['?query=att&category=crm&industry=dental&status=needs_review'])
  expect(screen.getByLabelText('Search')).toHaveProperty('value', 'att')
  expect(screen.getByLabelText('Category')).toHaveProperty('value', 'crm')
  expect(screen.getByLabelText('Industry')).toHaveProperty('value', 'dental')
  expect(screen.getByLabelText('Status')).toHaveProperty('value', 'needs_review')
  expect(screen.getByText('Stale')).toBeTruthy()
  expect(screen.getByText('€36 per user a month')).toBeTruthy()
})

test('typing searches once it pauses, keeps the focus, and an empty answer offers a way out', async () => {
  const user = userEvent.setup()
  openAs('/admin/vendors?status=active')
  await screen.findByRole('link', { name: 'Attio' })
  await user.keyboard('/')
  const field = screen.getByLabelText('Search')
  expect(document.activeElement).toBe(field)
  await user.keyboard('nobody')
  expect(await screen.findByText('No vendor fits')).toBeTruthy()
  expect(screen.getByTestId('address').textContent).toBe('/admin/vendors?status=active&query=nobody')
  expect(document.activeElement).toBe(field)
  expect(asked).toEqual(['?status=active', '?query=nobody&status=active'])
  await user.click(screen.getByRole('button', { name: 'Clear the filters' }))
  expect(await screen.findByRole('link', { name: 'Attio' })).toBeTruthy()
  await waitFor(() => expect(field).toHaveProperty('value', ''))
  expect(screen.getByTestId('address').textContent).toBe('/admin/vendors')
})

async function fillNewVendor(user: ReturnType<typeof userEvent.setup>) {
  const values = {
    Name: 'Café Nord',
    Category: 'crm',
    Description: 'Coffee.',
    Website: 'https://nord.example',
    'Page with the prices': 'https://nord.example/prices',
    'Starting price a month': '39,90',
  }
  for (const [label, text] of Object.entries(values)) {
    await user.click(await screen.findByLabelText(label))
    await user.paste(text)
  }
}

test('a new vendor is sent as cents, and leads to its page', async () => {
  const sent: unknown[] = []
  server.use(
    http.post('/api/v1/admin/vendors', async ({ request, response }) => {
      sent.push(await request.json())
      return response(201).json(aVendor({ slug: 'cafe-nord', name: 'Café Nord' }))
    }),
    http.get('/api/v1/vendors/{slug}', ({ response }) =>
      response(200).json(aVendor({ slug: 'cafe-nord', name: 'Café Nord' })),
    ),
  )
  const user = userEvent.setup()
  openAs('/admin/new-vendor')
  await fillNewVendor(user)
  expect(screen.getByLabelText('Short name')).toHaveProperty('value', 'cafe-nord')
  await user.click(screen.getByRole('button', { name: 'Add it' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Café Nord' })).toBeTruthy()
  expect(sent).toEqual([
    expect.objectContaining({
      slug: 'cafe-nord',
      starting_price_cents: 3990,
      company_sizes: ['smb'],
      api_openness: null,
    }),
  ])
})

test('what the server refuses stands at its field, and nothing typed is lost', async () => {
  server.use(
    http.post('/api/v1/admin/vendors', ({ response }) =>
      response('4XX').json(
        {
          ...problem(422, 'invalid'),
          errors: [
            { field: 'category', message: 'must be 1 to 60 characters on one line' },
            { field: 'colour', message: 'is unknown' },
          ],
        },
        { status: 422 },
      ),
    ),
  )
  const user = userEvent.setup()
  openAs('/admin/new-vendor')
  await fillNewVendor(user)
  await user.click(screen.getByRole('button', { name: 'Add it' }))
  expect(await screen.findByText('must be 1 to 60 characters on one line')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Category'))
  expect(screen.getByText('colour: is unknown')).toBeTruthy()
  expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Café Nord')
})

test('a short name that is taken is said at the short name', async () => {
  server.use(
    http.post('/api/v1/admin/vendors', ({ response }) =>
      response('4XX').json(problem(409, 'conflict'), { status: 409 }),
    ),
  )
  const user = userEvent.setup()
  openAs('/admin/new-vendor')
  await fillNewVendor(user)
  await user.click(screen.getByRole('button', { name: 'Add it' }))
  expect(await screen.findByText('There is a vendor of this short name already.')).toBeTruthy()
  expect(screen.getByLabelText('Short name').getAttribute('aria-invalid')).toBe('true')
})
