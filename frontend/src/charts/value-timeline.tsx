// Cumulated value over months: a band from conservative to optimistic, the expected line in it, and the month in which
// the money is back.
import { Drawing, shortEuros, spread } from './frame'
import { linear, nice, polyline } from './scale'

interface ValueTimelineProps {
  printing: boolean
  /** Cents at the end of each month, from 0. */
  conservative: readonly number[]
  expected: readonly number[]
  optimistic: readonly number[]
  months: number
  /** Of the conservative line. */
  breakEven: number | undefined
  say: {
    label: string
    axis: string
    breakEven: string
    key: { conservative: string; expected: string; optimistic: string }
  }
}

const HEIGHT = 256
const MARGIN = { top: 22, right: 98, bottom: 40, left: 52 }

export function ValueTimeline({
  conservative,
  expected,
  optimistic,
  months,
  breakEven,
  printing,
  say,
}: ValueTimelineProps) {
  const values = [...conservative, ...expected, ...optimistic, 0]
  return (
    <Drawing label={say.label} height={HEIGHT} onPaper={360} printing={printing}>
      {(width) => {
        const x = linear([0, months], [MARGIN.left, width - MARGIN.right])
        const y = linear(span(values), [HEIGHT - MARGIN.bottom, MARGIN.top])
        const points = (line: readonly number[]) => line.map((value, month) => [x(month), y(value)] as const)
        const band = [...points(optimistic), ...points(conservative).toReversed()]
        const ends = [conservative, expected, optimistic].map((values_) => y(values_.at(-1) ?? 0))
        const labels = spread(ends, 15, MARGIN.top, HEIGHT - MARGIN.bottom)
        const names = [say.key.conservative, say.key.expected, say.key.optimistic]
        const markX = breakEven === undefined ? MARGIN.left : x(breakEven)
        const markLeft = markX < width * 0.55
        return (
          <>
            {y.ticks(4).map((tick) => (
              <g key={tick}>
                <path
                  d={`M${MARGIN.left} ${y(tick)}H${width - MARGIN.right}`}
                  className={tick === 0 ? 'stroke-edge' : 'stroke-rule'}
                />
                <text
                  x={MARGIN.left - 8}
                  y={y(tick)}
                  dy="0.32em"
                  textAnchor="end"
                  className="figure fill-muted"
                >
                  {shortEuros(tick)}
                </text>
              </g>
            ))}
            {[0, 12, 24, 36].map((month) => (
              <text
                key={month}
                x={x(month)}
                y={HEIGHT - MARGIN.bottom + 16}
                textAnchor="middle"
                className="figure fill-muted"
              >
                {month}
              </text>
            ))}
            <text
              x={(MARGIN.left + width - MARGIN.right) / 2}
              y={HEIGHT - 6}
              textAnchor="middle"
              className="fill-muted"
            >
              {say.axis}
            </text>
            <path d={`${polyline(band)}Z`} className="fill-accent" opacity="0.16" />
            <path
              d={polyline(points(optimistic))}
              className="stroke-accent"
              fill="none"
              strokeWidth="1"
              opacity="0.7"
            />
            <path
              d={polyline(points(expected))}
              className="stroke-accent"
              fill="none"
              strokeWidth="1.5"
              strokeDasharray="5 4"
            />
            <path
              d={polyline(points(conservative))}
              className="stroke-accent"
              fill="none"
              strokeWidth="2.75"
            />
            {names.map((name, index) => (
              <text
                key={name}
                x={width - MARGIN.right + 7}
                y={labels[index]}
                dy="0.32em"
                className={index === 0 ? 'fill-accent' : 'fill-muted'}
                fontWeight={index === 0 ? 600 : 400}
              >
                {name}
              </text>
            ))}
            {breakEven !== undefined && (
              <>
                <path
                  d={`M${markX} ${y(0)}V${MARGIN.top - 4}`}
                  className="stroke-ink"
                  strokeDasharray="2 3"
                />
                <circle cx={markX} cy={y(0)} r="4.5" className="fill-paper stroke-ink" strokeWidth="2" />
              </>
            )}
            <text
              x={breakEven === undefined ? MARGIN.left + 4 : markX + (markLeft ? 6 : -6)}
              y={MARGIN.top - 8}
              textAnchor={markLeft ? 'start' : 'end'}
              className="fill-ink"
              fontWeight="600"
            >
              {say.breakEven}
            </text>
          </>
        )
      }}
    </Drawing>
  )
}

/** From the lowest to a round highest; a small set-up cost does not stretch the field below zero. */
function span(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const [least, most] = nice([low, high], 4)
  return [low > -high / 10 ? low : least, most]
}
