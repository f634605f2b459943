// What the gauge says to those who do not see it, and that it follows the bands.
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { Gauge, gaugeInWords } from '@/charts/gauge'

test.each([
  [
    10,
    'early_stage',
    'Readiness score: 10 of 100. That is in the band “Early stage”, which goes from 0 to 29.',
  ],
  [
    44,
    'developing',
    'Readiness score: 44 of 100. That is in the band “Developing”, which goes from 30 to 49.',
  ],
  [
    65,
    'established',
    'Readiness score: 65 of 100. That is in the band “Established”, which goes from 50 to 69.',
  ],
  [98, 'advanced', 'Readiness score: 98 of 100. That is in the band “Advanced”, which goes from 70 to 100.'],
] as const)('%i is said in words', (score, band, words) => expect(gaugeInWords(score, band)).toBe(words))

test('the drawing is one image with that sentence as its name', () => {
  render(<Gauge score={44} band="developing" />)
  const drawing = screen.getByRole('img', { name: gaugeInWords(44, 'developing') })
  expect(drawing.textContent).toContain('44')
})

test('a label of the caller takes its place', () => {
  render(<Gauge score={44} band="developing" label="44, on page 2" />)
  expect(screen.queryByRole('img', { name: '44, on page 2' })).not.toBeNull()
})
