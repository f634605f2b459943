// The readiness score on a half circle of four bands: a drawing with a number, a word, and a sentence that says it all.
import type { Band } from '@/api/schema'
import { gauge as say } from '@messages/gauge'

interface GaugeProps {
  /** 0 to 100. */
  score: number
  band: Band
  /** Instead of the sentence that stands for the drawing. */
  label?: string
}

interface Zone {
  band: Band
  from: number
  /** The first score of the next band; 100 for the last. */
  until: number
  stroke: string
}

/** The colours repeat what the number and the word say. */
const ZONES: readonly Zone[] = [
  { band: 'early_stage', from: 0, until: 30, stroke: 'stroke-alert' },
  { band: 'developing', from: 30, until: 50, stroke: 'stroke-warn' },
  { band: 'established', from: 50, until: 70, stroke: 'stroke-accent' },
  { band: 'advanced', from: 70, until: 100, stroke: 'stroke-good' },
]

const CENTRE = { x: 140, y: 138 }
const RADIUS = 104
/** Between two bands, in points of the score. */
const GAP = 0.7

export function Gauge({ score, band, label }: GaugeProps) {
  const marker = { inner: at(score, RADIUS - 17), outer: at(score, RADIUS + 17) }
  return (
    <svg viewBox="0 0 280 160" role="img" aria-label={label ?? gaugeInWords(score, band)} className="w-full">
      <g fill="none" strokeWidth="18">
        {ZONES.map((zone) => (
          <path
            key={zone.band}
            d={arc(zone.from + (zone.from > 0 ? GAP : 0), zone.until - (zone.until < 100 ? GAP : 0))}
            className={zone.band === band ? zone.stroke : 'stroke-rule'}
          />
        ))}
      </g>
      {/* A rim of paper keeps the marker apart from the band below it. */}
      <g strokeLinecap="round">
        <Line {...marker} className="stroke-paper" width={10} />
        <Line {...marker} className="stroke-ink" width={5} />
      </g>
      <g className="fill-muted text-[11px]" textAnchor="middle">
        {[0, 30, 50, 70, 100].map((tick) => {
          const { x, y } = at(tick, RADIUS + 24)
          // The ends stand below their band, where there is room.
          const isEnd = tick === 0 || tick === 100
          return (
            <text key={tick} x={isEnd ? at(tick, RADIUS).x : x} y={isEnd ? CENTRE.y + 16 : y + 3}>
              {tick}
            </text>
          )
        })}
      </g>
      <text
        x={CENTRE.x}
        y={CENTRE.y - 22}
        textAnchor="middle"
        className="figure fill-ink text-[58px] font-semibold"
      >
        {score}
      </text>
      <text x={CENTRE.x} y={CENTRE.y - 2} textAnchor="middle" className="fill-muted text-[13px]">
        {say.of}
      </text>
    </svg>
  )
}

/** What the drawing shows, as a sentence. */
export function gaugeInWords(score: number, band: Band): string {
  const zone = ZONES.find((one) => one.band === band)
  if (!zone) return `${score} ${say.of}`
  return say.inWords(score, say.bands[band], zone.from, zone.until === 100 ? 100 : zone.until - 1)
}

interface Point {
  x: number
  y: number
}

const Line = ({
  inner,
  outer,
  width,
  className,
}: {
  inner: Point
  outer: Point
  width: number
  className: string
}) => <line x1={inner.x} y1={inner.y} x2={outer.x} y2={outer.y} strokeWidth={width} className={className} />

/** A score's place on a half circle that runs from the left over the top to the right. */
function at(score: number, radius: number): Point {
  const angle = Math.PI * (1 - Math.min(100, Math.max(0, score)) / 100)
  return { x: round(CENTRE.x + radius * Math.cos(angle)), y: round(CENTRE.y - radius * Math.sin(angle)) }
}

function arc(from: number, to: number): string {
  const [start, end] = [at(from, RADIUS), at(to, RADIUS)]
  return `M ${start.x} ${start.y} A ${RADIUS} ${RADIUS} 0 0 1 ${end.x} ${end.y}`
}

const round = (length: number) => Math.round(length * 100) / 100
