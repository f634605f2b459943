// Signs beside words: each says by its shape what its colour says, too.
import type { Priority, RiskBand, VerdictClass } from '@/api/schema'
import type { Tone } from '@/ui/badge'

export const VERDICT_TONE: Record<VerdictClass, Tone> = {
  proceed: 'good',
  proceed_cautiously: 'warn',
  wait: 'alert',
  not_recommended: 'neutral',
}

export const PRIORITY_TONE: Record<Priority, Tone> = {
  quick_win: 'good',
  strategic: 'accent',
  consider: 'neutral',
  defer: 'neutral',
}

const VERDICT_PATH: Record<VerdictClass, string> = {
  // A check, a triangle to mind, a pause, a bar.
  proceed: 'm5 10.5 3.4 3.4L15 7',
  proceed_cautiously: 'M10 3.5 17.5 16h-15zM10 8v3.6M10 13.6v.2',
  wait: 'M7.5 5v10M12.5 5v10',
  not_recommended: 'M4.5 10h11',
}

export const VerdictSign = ({ of, className = 'size-4' }: { of: VerdictClass; className?: string }) => (
  <Stroke path={VERDICT_PATH[of]} className={className} />
)

export const CheckSign = ({ className = 'size-4' }: { className?: string }) => (
  <Stroke path="m4.5 10.5 3.6 3.6L15.5 6.5" className={className} />
)

export const CrossSign = ({ className = 'size-4' }: { className?: string }) => (
  <Stroke path="m5.5 5.5 9 9m0-9-9 9" className={className} />
)

export const StarSign = ({ className = 'size-4' }: { className?: string }) => (
  <svg viewBox="0 0 20 20" className={`shrink-0 ${className}`} fill="currentColor" aria-hidden="true">
    <path d="m10 2.5 2.2 4.9 5.3.6-4 3.6 1.1 5.2-4.6-2.7-4.6 2.7 1.1-5.2-4-3.6 5.3-.6z" />
  </svg>
)

/** Paths in a field of 20 by 20, the same as the matrix draws. */
export const RISK_SHAPE: Record<RiskBand, string> = {
  low: 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z',
  moderate: 'M10 3.5 17 16H3Z',
  high: 'M4.5 4.5h11v11h-11Z',
  severe: 'M10 2.5 17.5 10 10 17.5 2.5 10Z',
}

const RISK_COLOUR: Record<RiskBand, string> = {
  low: 'text-good',
  moderate: 'text-warn',
  high: 'text-alert',
  severe: 'text-bad',
}

export const RiskSign = ({ of, className = 'size-4' }: { of: RiskBand; className?: string }) => (
  <svg
    viewBox="0 0 20 20"
    className={`shrink-0 ${RISK_COLOUR[of]} ${className}`}
    fill="currentColor"
    aria-hidden="true"
  >
    <path d={RISK_SHAPE[of]} />
  </svg>
)

const Stroke = ({ path, className }: { path: string; className: string }) => (
  <svg
    viewBox="0 0 20 20"
    className={`shrink-0 ${className}`}
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={path} />
  </svg>
)
