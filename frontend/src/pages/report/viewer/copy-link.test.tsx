// A link to one place in the report: with the key of the report where this browser knows it.
import { fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { forgetToken, rememberToken } from '@/lib/report-access'
import { renderAt } from '@/test/render'

import { CopyLink } from './copy-link'

const ID = '01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c'
const TOKEN = 'k'.repeat(43)

afterEach(() => forgetToken(ID))

function copy() {
  renderAt(`/reports/${ID}`, '/reports/:id', <CopyLink to="finding-f-02" label="Copy it" />)
  const written = vi.fn<(text: string) => Promise<void>>().mockResolvedValue()
  vi.stubGlobal('navigator', { clipboard: { writeText: written } })
  fireEvent.click(screen.getByRole('link', { name: 'Copy it' }))
  return written
}

test('without the key it opens in this browser', async () => {
  const written = copy()
  expect(await screen.findByText('Link copied')).toBeTruthy()
  expect(written).toHaveBeenCalledExactlyOnceWith(`${window.location.origin}/reports/${ID}#finding-f-02`)
})

test('with the key it opens everywhere, and that is said', async () => {
  rememberToken(ID, TOKEN)
  const written = copy()
  expect(await screen.findByText('Link copied. Whoever has it can read this report.')).toBeTruthy()
  const link = `${window.location.origin}/reports/${ID}#token=${TOKEN}&finding-f-02`
  expect(written).toHaveBeenCalledExactlyOnceWith(link)
})
