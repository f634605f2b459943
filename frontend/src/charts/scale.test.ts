// Scales map ends to ends, and ticks are round and inside.
import { describe, expect, it } from 'vitest'

import { spread } from './frame'
import { linear, nice, polyline, ticks } from './scale'

describe('a linear scale', () => {
  it('maps its domain onto its range, downwards too', () => {
    const y = linear([-100, 300], [200, 0])
    expect([y(-100), y(100), y(300)]).toEqual([200, 100, 0])
  })

  it('puts the only value of a domain in the middle', () => {
    const x = linear([0, 0], [10, 30])
    expect(x(0)).toBe(20)
    expect(x.ticks(4)).toEqual([0])
  })
})

describe('ticks', () => {
  it.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [-2_000_000, 6_000_000, 4, [-2_000_000, 0, 2_000_000, 4_000_000, 6_000_000]],
    [-45, 398, 4, [0, 200]],
    [0.1, 0.5, 4, [0.1, 0.2, 0.3, 0.4, 0.5]],
  ])('between %d and %d are round', (low, high, count, wanted) => {
    const found = ticks(low, high, count)
    expect(found).toHaveLength(wanted.length)
    for (const [index, tick] of found.entries()) expect(tick).toBeCloseTo(wanted[index] ?? Number.NaN, 10)
  })

  it('never leave their domain', () => {
    for (const [low, high] of [
      [-792_366, 782_265],
      [0, 1],
      [-5, -1],
      [0, 9_307_611],
    ] as const) {
      for (const tick of ticks(low, high, 5)) {
        expect(tick).toBeGreaterThanOrEqual(low)
        expect(tick).toBeLessThanOrEqual(high)
      }
      const [least, most] = nice([low, high], 5)
      expect(least).toBeLessThanOrEqual(low)
      expect(most).toBeGreaterThanOrEqual(high)
    }
  })
})

describe('texts below each other', () => {
  it('keep their order and their distance, and stay inside', () => {
    const placed = spread([10, 12, 11, 90], 15, 0, 95)
    expect(placed).toEqual([10, 40, 25, 90])
    expect(spread([95, 94, 93], 15, 0, 95)).toEqual([95, 80, 65])
  })
})

it('a line goes through its points', () => {
  expect(
    polyline([
      [0, 1],
      [2, 3],
    ]),
  ).toBe('M0 1L2 3')
})
