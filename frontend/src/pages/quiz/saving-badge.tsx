// Whether the answers are saved: a sign and words, never colour alone.
import { quiz } from '@messages/quiz'
import type { Saving, SavingState } from '@/lib/autosave'

const say = quiz.saving

const SIGNS: Record<SavingState, string> = {
  saved: '✓',
  saving: '…',
  offline: '⏸',
  away: '↻',
  refused: '!',
  clash: '!',
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
      <span aria-hidden="true" className="inline-block w-4 text-center">
        {SIGNS[state]}
      </span>
      {words}
    </span>
  )
}
