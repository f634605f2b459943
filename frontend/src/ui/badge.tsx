// A short word with a meaning: text and sign first, colour last.
import type { ReactNode } from 'react'

export type Tone = 'good' | 'warn' | 'alert' | 'bad' | 'neutral' | 'accent'

const TONES: Record<Tone, string> = {
  good: 'bg-good-tint text-good',
  warn: 'bg-warn-tint text-warn',
  alert: 'bg-alert-tint text-alert',
  bad: 'bg-bad-tint text-bad',
  neutral: 'bg-neutral-tint text-neutral',
  accent: 'bg-tint text-accent',
}

export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) => (
  <span
    className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${TONES[tone]}`}
  >
    {children}
  </span>
)
