// The audit: only what changed, as a person reads it.
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'

import '@/pages/admin/audit/audit'
import { differencesOf, fieldName } from '@/pages/admin/audit/differences'
import { aVendor, openAs } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

test('of a change, only the fields that are different', () => {
  // What is written down: the whole vendor before, and only what was asked for.
  expect(
    differencesOf(aVendor(), { name: 'Attio CRM', complexity: 'low', verified_on: '2026-11-22' }),
  ).toEqual([
    { field: 'name', before: 'Attio', after: 'Attio CRM' },
    { field: 'verified_on', before: undefined, after: '2026-11-22' },
  ])
})

test('something new, something gone, and nothing', () => {
  expect(differencesOf(undefined, { price_cents: 3990, free_tier: false, company_sizes: ['smb'] })).toEqual([
    { field: 'price_cents', before: undefined, after: '€39.90' },
    { field: 'free_tier', before: undefined, after: 'No' },
    { field: 'company_sizes', before: undefined, after: 'smb' },
  ])
  expect(differencesOf({ failed_reason: 'overloaded' }, undefined)).toEqual([
    { field: 'failed_reason', before: 'overloaded', after: undefined },
  ])
  expect(differencesOf({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([])
  expect(differencesOf(undefined, null)).toEqual([])
  expect(differencesOf('on', 'off')).toEqual([{ field: 'value', before: 'on', after: 'off' }])
})

test('names of fields are words', () => {
  expect(['starting_price_cents', 'verified_on'].map(fieldName)).toEqual(['Starting price', 'Verified on'])
})

test('each entry says who did what to what, and when', async () => {
  server.use(
    http.get('/api/v1/admin/audit', ({ response }) =>
      response(200).json({
        items: [
          {
            id: '01a204e4-2ff3-7467-b491-99ffb757a3c8',
            actor: 'ada@example.org',
            action: 'update',
            entity: 'vendor',
            entity_id: 'attio',
            before: aVendor(),
            after: { name: '<i>Attio</i>', verified_on: '2026-11-22' },
            at: '2026-11-22T20:13:00Z',
          },
        ],
      }),
    ),
  )
  openAs('/admin/audit')
  const table = within(await screen.findByRole('table', { name: 'Audit' }))
  expect(table.getByText('Changed a vendor')).toBeTruthy()
  expect(table.getByRole('link', { name: 'attio' }).getAttribute('href')).toBe('/admin/vendors/attio')
  expect(table.getByText('ada@example.org')).toBeTruthy()
  expect(table.getByText('<i>Attio</i>')).toBeTruthy()
  expect(table.getByRole('row', { name: /Changed a vendor/ }).textContent).toContain(
    'None → after: 2026-11-22',
  )
  expect(table.getByTitle('2026-11-22T20:13:00Z')).toBeTruthy()
})
