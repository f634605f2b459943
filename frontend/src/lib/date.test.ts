// A day is the same day in every time zone.
import { afterEach, expect, test, vi } from 'vitest'

const zone = process.env['TZ']

afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  vi.resetModules()
})

test.each(['America/Los_Angeles', 'Europe/Berlin', 'Pacific/Auckland'])('in %s', async (name) => {
  process.env['TZ'] = name
  vi.resetModules()
  const { longDate, monthYear } = await import('@/lib/date')
  expect(longDate('2027-02-01')).toBe('1 February 2027')
  expect(monthYear('2025-12-01')).toBe('December 2025')
})
