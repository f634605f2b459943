// Whether the answers are saved: a sign and words, never colour alone.
import { quiz } from '@messages/quiz'
import type { Saving, SavingState } from '@/lib/autosave'

const say = quiz.saving

/** Drawn, because not every font has these signs. */
const SIGNS: Record<SavingState, string> = {
  saved: 'm3 8.5 3.5 3.5 6.5-7.5',
  saving: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  offline: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM3.8 3.8l8.4 8.4',
  away: 'M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3',
  refused: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 5v3.5M8 11h.01',
  clash: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 5v3.5M8 11h.01',
}

export function SavingBadge({ saving: { state, isKept } }: { saving: Saving }) {
  const words = !isKept && state !== 'saved' ? say.notKept : say[state]
  const colour =
    state === 'saved' || state === 'saving'
      ? 'text-muted'
      : state === 'refused'
        ? 'font-medium text-bad'
        : 'font-medium text-warn'
  return (
    <span className={`inline-flex items-center gap-1.5 ${colour}`} data-saving={state}>
      <svg
        viewBox="0 0 16 16"
        className="size-4 shrink-0"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={SIGNS[state]} />
      </svg>
      {words}
    </span>
  )
}
