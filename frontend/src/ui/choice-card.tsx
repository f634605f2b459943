// One option of a question: a real radio or checkbox, as wide as its card, with the key that picks it.
import { clsx } from 'clsx'
import type { ReactNode } from 'react'

interface ChoiceCardProps {
  type: 'radio' | 'checkbox'
  name: string
  label: string
  checked: boolean
  disabled?: boolean
  /** The key that picks it; shown where there is a keyboard to press it on. */
  hint?: string | undefined
  /** Its place among the chosen ones, where the order counts. */
  place?: { sign: number; words: string } | undefined
  onChange: (checked: boolean) => void
  /** Pressed with a finger or a mouse, also when it was chosen already; keys that move between radios do not count. */
  onPress?: () => void
}

export function ChoiceCard({
  type,
  name,
  label,
  checked,
  disabled = false,
  hint,
  place,
  onChange,
  onPress,
}: ChoiceCardProps) {
  return (
    <PressLabel
      {...(onPress && !disabled && { onPress })}
      className={clsx(
        'flex min-h-13 items-center gap-3 rounded-card border px-4 py-2.5 transition-colors duration-150',
        'has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        checked ? 'border-accent bg-tint ring-1 ring-accent' : 'border-edge bg-paper',
        disabled ? 'cursor-default text-muted' : !checked && 'hover:bg-surface',
      )}
    >
      <input
        type={type}
        name={name}
        checked={checked}
        // Stays focusable, so that a keyboard does not lose its place when the last choice is made.
        aria-disabled={disabled || undefined}
        onChange={(event) => {
          if (!disabled) onChange(event.target.checked)
        }}
        className="size-5 shrink-0 scroll-my-6 outline-none"
      />
      <span className="min-w-0 flex-1 wrap-anywhere">{label}</span>
      {place && (
        <span className="figure grid size-6 shrink-0 place-items-center rounded-full bg-accent text-sm font-semibold text-on-accent">
          <span aria-hidden="true">{place.sign}</span>
          <span className="sr-only">{place.words}</span>
        </span>
      )}
      {hint && <KeyHint>{hint}</KeyHint>}
    </PressLabel>
  )
}

interface PressLabelProps {
  /** By finger or mouse. Keys, and screen readers that act for their user, click with a count of zero. */
  onPress?: () => void
  className: string
  children: ReactNode
}

/** The label around a radio or checkbox, which knows a press from a move with the arrow keys. */
export const PressLabel = ({ onPress, className, children }: PressLabelProps) => (
  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- keys act on the input inside
  <label
    className={className}
    onClick={(event) => {
      if (event.detail > 0) onPress?.()
    }}
  >
    {children}
  </label>
)

/** A key's name, for eyes only, and only beside a keyboard. */
export const KeyHint = ({ children }: { children: string }) => (
  <kbd
    aria-hidden="true"
    className="hidden min-w-6 shrink-0 justify-center rounded border border-rule bg-surface px-1.5 font-sans text-xs/5 text-muted [@media(hover:hover)]:inline-flex"
  >
    {children}
  </kbd>
)
