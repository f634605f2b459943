// The legal pages say what is missing, and say nothing about it once nothing is.
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { legal } from '@messages/legal'
import { hasGaps, Imprint, Privacy } from '@/pages/legal/legal'

test('a gap is marked where it stands, and announced at the top', () => {
  render(<Imprint />)
  expect(screen.getAllByRole('complementary', { name: legal.draft })).toHaveLength(1)
  const [gap] = screen.getAllByText('[operator: full legal name]')
  expect(gap?.tagName).toBe('MARK')
})

test('a text without gaps has no notice', () => {
  expect(hasGaps(legal.privacy)).toBe(true)
  expect(hasGaps({ ...legal.privacy, sections: [{ title: 'Done', text: ['Filled in.'] }] })).toBe(false)
})

test('privacy names how long everything is kept', () => {
  render(<Privacy />)
  for (const time of ['7 days, and is deleted 30 days later', '365 days', '90 days', 'thirty days']) {
    expect(screen.getAllByText(new RegExp(time))).toHaveLength(1)
  }
})
