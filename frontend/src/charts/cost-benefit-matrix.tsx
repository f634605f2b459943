// Options between cost and benefit: the shape is the risk, filled is chosen, the line is where both are equal.
import { clipped, Drawing, spread } from './frame'
import { linear } from './scale'

type Band = 'low' | 'moderate' | 'high' | 'severe'

interface Point {
  key: string
  /** Points of one recommendation belong together. */
  group: string
  label: string
  name: string
  kind: string
  chosen: boolean
  band: Band
  risk: string
  net: string
  cost: number
  benefit: number
}

interface MatrixProps {
  printing: boolean
  points: readonly Point[]
  /** One group stands out, with all its options named. */
  highlighted: string | undefined
  /** Paths in a field of 20 by 20. */
  shapes: Record<Band, string>
  say: { label: string; cost: string; benefit: string; equal: string }
}

const COLOUR: Record<Band, string> = {
  low: 'fill-good stroke-good',
  moderate: 'fill-warn stroke-warn',
  high: 'fill-alert stroke-alert',
  severe: 'fill-bad stroke-bad',
}

const HEIGHT = 352
const MARGIN = { top: 26, right: 14, bottom: 44, left: 34 }
const TICKS = [0, 2, 4, 6, 8, 10]

export function CostBenefitMatrix({ points, highlighted, shapes, printing, say }: MatrixProps) {
  const named = points.filter((point) => (highlighted ? point.group === highlighted : point.chosen))
  return (
    <Drawing label={say.label} height={HEIGHT} onPaper={680} printing={printing}>
      {(width) => {
        const x = linear([0, 10], [MARGIN.left, width - MARGIN.right])
        const y = linear([0, 10], [HEIGHT - MARGIN.bottom, MARGIN.top])
        const drawn = points.toSorted(
          (one, other) => Number(named.includes(one)) - Number(named.includes(other)),
        )
        return (
          <>
            <path
              d={`M${x(0)} ${y(0)}L${x(10)} ${y(10)}L${x(0)} ${y(10)}Z`}
              className="fill-good-tint"
              opacity="0.6"
            />
            {TICKS.map((tick) => (
              <g key={tick} className="figure fill-muted">
                <path
                  d={`M${x(0)} ${y(tick)}H${x(10)}M${x(tick)} ${y(0)}V${y(10)}`}
                  className="stroke-rule"
                />
                <text x={x(0) - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                  {tick}
                </text>
                <text x={x(tick)} y={y(0) + 16} textAnchor="middle">
                  {tick}
                </text>
              </g>
            ))}
            <text x="2" y={MARGIN.top - 12} className="fill-muted">
              {say.benefit}
            </text>
            <text x={x(10)} y={HEIGHT - 6} textAnchor="end" className="fill-muted">
              {say.cost}
            </text>
            <path d={`M${x(0)} ${y(0)}L${x(10)} ${y(10)}`} className="stroke-edge" strokeDasharray="4 4" />
            <text x={x(9)} y={y(9) + 26} textAnchor="middle" className="fill-muted">
              {say.equal}
            </text>
            {drawn.map((point) => (
              <Mark
                key={point.key}
                point={point}
                shape={shapes[point.band]}
                x={x(point.cost)}
                y={y(point.benefit)}
                faint={!named.includes(point)}
              />
            ))}
            <Names points={named} x={x} y={y} width={width} bottom={y(0)} full={highlighted !== undefined} />
          </>
        )
      }}
    </Drawing>
  )
}

const Mark = ({
  point,
  shape,
  x,
  y,
  faint,
}: {
  point: Point
  shape: string
  x: number
  y: number
  faint: boolean
}) => (
  <g transform={`translate(${x - 10} ${y - 10})`} opacity={faint ? 0.45 : 1}>
    <title>{`${point.name}, ${point.kind}: ${point.net}, ${point.risk}`}</title>
    <path d={shape} className="fill-paper" />
    <path
      d={shape}
      className={COLOUR[point.band]}
      fillOpacity={point.chosen ? 1 : 0.12}
      strokeWidth="2"
      strokeLinejoin="round"
    />
  </g>
)

type Scale = (value: number) => number

/** Names stand at the right of their points, one below the other, each tied to its own by a thin line. */
function Names({
  points,
  x,
  y,
  width,
  bottom,
  full,
}: {
  points: readonly Point[]
  x: Scale
  y: Scale
  width: number
  bottom: number
  full: boolean
}) {
  const places = spread(
    points.map((point) => y(point.benefit)),
    16,
    MARGIN.top + 4,
    bottom - 8,
  )
  // Points of much different cost need no common column; near ones share the place right of the last of them.
  const columns = points.map((point) => {
    const near = points.filter(
      (other) => Math.abs(other.cost - point.cost) < 2 && Math.abs(other.benefit - point.benefit) < 2,
    )
    return x(Math.max(...near.map((other) => other.cost))) + 22
  })
  return points.map((point, index) => {
    const [column, place] = [columns[index] ?? 0, places[index] ?? 0]
    const most = Math.max(6, Math.floor((width - column) / 7))
    const text = full ? `${clipped(point.name, 28)}: ${point.net}` : `${point.label}: ${point.net}`
    const leftwards = full && text.length > most
    const at = leftwards ? x(point.cost) - 16 : column
    return (
      <g key={point.key}>
        {!leftwards && (
          <path
            d={`M${x(point.cost) + 8} ${y(point.benefit)}L${column - 4} ${place}`}
            className="stroke-edge"
          />
        )}
        <text
          x={at}
          y={leftwards ? y(point.benefit) : place}
          dy="0.32em"
          textAnchor={leftwards ? 'end' : 'start'}
          className="figure fill-ink"
          fontWeight={point.chosen ? 600 : 400}
          stroke="var(--color-paper)"
          strokeWidth="4"
          strokeLinejoin="round"
          paintOrder="stroke"
        >
          {text}
        </text>
      </g>
    )
  })
}
