// Options below each other: what each leaves, from conservative to optimistic, on one scale that holds zero.
import { clipped, Drawing, shortEuros } from './frame'
import { linear, nice } from './scale'

interface Row {
  key: string
  name: string
  kind: string
  chosen: boolean
  conservative: number
  expected: number
  optimistic: number
  /** The conservative figure in full. */
  text: string
}

interface OptionBarsProps {
  printing: boolean
  rows: readonly Row[]
  say: {
    label: string
    chosen: string
    key: { conservative: string; expected: string; optimistic: string }
  }
}

const HEIGHT = 256
const MARGIN = { top: 6, right: 20, bottom: 44, left: 8 }
const BAR = 18

export function OptionBars({ rows, printing, say }: OptionBarsProps) {
  const values = rows.flatMap((row) => [row.conservative, row.expected, row.optimistic])
  const step = (HEIGHT - MARGIN.top - MARGIN.bottom) / rows.length
  return (
    <Drawing label={say.label} height={HEIGHT} onPaper={360} printing={printing}>
      {(width) => {
        const count = width < 420 ? 3 : 5
        const x = linear(nice([Math.min(0, ...values), Math.max(0, ...values)], count), [
          MARGIN.left,
          width - MARGIN.right,
        ])
        const ticks = x.ticks(count)
        return (
          <>
            {ticks.map((tick) => (
              <g key={tick}>
                <path
                  d={`M${x(tick)} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}`}
                  className={tick === 0 ? 'stroke-ink' : 'stroke-rule'}
                />
                <text
                  x={x(tick)}
                  y={HEIGHT - MARGIN.bottom + 16}
                  textAnchor="middle"
                  className="figure fill-muted"
                >
                  {shortEuros(tick)}
                </text>
              </g>
            ))}
            {rows.map((row, index) => {
              const top = MARGIN.top + index * step
              const bar = top + 26
              const [from, to] = [x(row.conservative), x(row.optimistic)]
              return (
                <g key={row.key}>
                  <text
                    x={MARGIN.left}
                    y={top + 17}
                    className="fill-ink"
                    fontWeight={row.chosen ? 600 : 400}
                    {...HALO}
                  >
                    {clipped(row.name, Math.max(8, Math.floor(width / 7) - 30))}
                    <tspan className="fill-muted" fontWeight="400">
                      {' '}
                      · {row.chosen ? say.chosen : row.kind}
                    </tspan>
                  </text>
                  <text
                    x={width - MARGIN.right}
                    y={top + 17}
                    textAnchor="end"
                    className="figure fill-ink"
                    {...HALO}
                  >
                    {row.text}
                  </text>
                  <rect
                    x={from}
                    y={bar}
                    width={Math.max(2, to - from)}
                    height={BAR}
                    rx="3"
                    className={row.chosen ? 'fill-accent' : 'fill-neutral'}
                    opacity={row.chosen ? 0.45 : 0.3}
                  />
                  <path
                    d={`M${from} ${bar - 2}v${BAR + 4}`}
                    className={row.chosen ? 'stroke-accent' : 'stroke-neutral'}
                    strokeWidth="4"
                  />
                  <path
                    d={`M${x(row.expected)} ${bar}v${BAR}`}
                    className={row.chosen ? 'stroke-accent' : 'stroke-neutral'}
                    strokeWidth="1.5"
                    strokeDasharray="3 2"
                  />
                </g>
              )
            })}
            <g transform={`translate(${MARGIN.left} ${HEIGHT - 8})`}>
              <path d="M2 -10v12" className="stroke-neutral" strokeWidth="4" />
              <text x="9" className="fill-muted">
                {say.key.conservative}
              </text>
              <path d="M98 -10v12" className="stroke-neutral" strokeWidth="1.5" strokeDasharray="3 2" />
              <text x="105" className="fill-muted">
                {say.key.expected}
              </text>
              <rect x="170" y="-9" width="14" height="10" rx="2" className="fill-neutral" opacity="0.3" />
              <text x="189" className="fill-muted">
                {say.key.optimistic}
              </text>
            </g>
          </>
        )
      }}
    </Drawing>
  )
}

/** Text over lines stays readable. */
const HALO = {
  stroke: 'var(--color-paper)',
  strokeWidth: 4,
  strokeLinejoin: 'round',
  paintOrder: 'stroke',
} as const
