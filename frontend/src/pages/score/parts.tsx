// The five components: each with its score, its weight, and the answers that drive it.
import { clsx } from 'clsx'

import type { Component } from '@/api/schema'
import { number, share } from '@/lib/percent'
import { Section } from '@/pages/score/section'
import { score as say } from '@messages/score'
import { Badge } from '@/ui/badge'

export function Parts({ components }: { components: readonly Component[] }) {
  const widest = mostRoom(components)
  return (
    <Section title={say.parts.title} help={say.parts.help}>
      <ul className="grid gap-6">
        {components.map((part) => (
          <Part key={part.key} part={part} hasMostRoom={part.key === widest} />
        ))}
      </ul>
    </Section>
  )
}

function Part({ part, hasMostRoom }: { part: Component; hasMostRoom: boolean }) {
  const { name, drives } = say.parts[part.key]
  return (
    <li className="grid gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
          {name}
          {hasMostRoom && <Badge tone="accent">{say.parts.mostRoom}</Badge>}
        </h3>
        <p className="figure font-medium">{say.parts.of(number(part.score))}</p>
      </div>
      <Bar score={part.score} emphasised={hasMostRoom} />
      <div className="flex flex-wrap justify-between gap-x-4 text-sm text-muted">
        <p>{drives}</p>
        <p className="figure">{say.parts.weight(share(part.weight_bp))}</p>
      </div>
    </li>
  )
}

/** Its figure stands above it in words. */
const Bar = ({ score, emphasised }: { score: number; emphasised: boolean }) => (
  <svg
    viewBox="0 0 100 10"
    preserveAspectRatio="none"
    aria-hidden="true"
    className="h-2.5 w-full overflow-hidden rounded-full"
  >
    <rect width="100" height="10" className="fill-rule" />
    <rect
      width={Math.min(100, Math.max(0, score))}
      height="10"
      className={clsx(emphasised ? 'fill-accent' : 'fill-edge')}
    />
  </svg>
)

/** Where better answers would lift the score most: the missing points times their weight. */
export function mostRoom(components: readonly Component[]): Component['key'] | undefined {
  const room = (part: Component) => (100 - part.score) * part.weight_bp
  const [first, ...rest] = components
  if (!first) return undefined
  const widest = rest.reduce((best, part) => (room(part) > room(best) ? part : best), first)
  return room(widest) > 0 ? widest.key : undefined
}
