// Linear scales: a number's place on the drawing, and round numbers for its ticks.

export interface Scale {
  (value: number): number
  /** Round numbers within the domain, about as many as asked for. */
  ticks: (count: number) => number[]
}

export function linear([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  // A domain of one value has its place in the middle.
  const place = (value: number) =>
    low === high ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from)
  return Object.assign(place, { ticks: (count: number) => ticks(low, high, count) })
}

/** The same domain, widened to the next round numbers. */
export function nice([low, high]: readonly [number, number], count: number): [number, number] {
  const step = stepOf(low, high, count)
  return step === 0 ? [low, high] : [Math.floor(low / step) * step, Math.ceil(high / step) * step]
}

export function ticks(low: number, high: number, count: number): number[] {
  const step = stepOf(low, high, count)
  if (step === 0) return [low]
  const first = Math.ceil(low / step)
  // Multiples, not sums, so that nothing adds up to 0.30000000000000004; and no −0.
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step + 0)
}

/** One, two or five times a power of ten; none for a domain of one value. */
function stepOf(low: number, high: number, count: number): number {
  const rough = (high - low) / Math.max(1, count)
  if (!(rough > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5].find((one) => one * power >= rough * 0.999) ?? 10
  return factor * power
}

/** A line through points. */
export const polyline = (points: readonly (readonly [x: number, y: number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
