// A labelled field: its help, its unit and what is wrong with it, all tied to the input.
import { clsx } from 'clsx'
import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from 'react'

interface Surroundings {
  label: ReactNode
  help?: ReactNode
  /** What is wrong, in words; the field is then marked as invalid. */
  error?: string | undefined
  /** Behind the input: hours, %, €. */
  unit?: string | undefined
  /** The label for screen readers only, where the heading above says it already. */
  hideLabel?: boolean
}

const LOOK =
  'w-full rounded-lg border bg-paper px-3.5 py-2.5 text-ink placeholder:text-muted min-h-11 aria-invalid:border-bad border-edge'

export function TextField({
  label,
  help,
  error,
  unit,
  hideLabel = false,
  className,
  ...input
}: Surroundings & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <Frame {...{ id, label, help, error, hideLabel }}>
      <span className="flex items-center gap-3">
        <input
          {...input}
          id={id}
          className={clsx(LOOK, className)}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, help, error)}
        />
        {unit && <span className="shrink-0 text-muted">{unit}</span>}
      </span>
    </Frame>
  )
}

export function TextArea({
  label,
  help,
  error,
  hideLabel = false,
  className,
  ...area
}: Omit<Surroundings, 'unit'> & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId()
  return (
    <Frame {...{ id, label, help, error, hideLabel }}>
      <textarea
        {...area}
        id={id}
        className={clsx(LOOK, 'min-h-32', className)}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, help, error)}
      />
    </Frame>
  )
}

interface SelectProps extends Omit<Surroundings, 'unit'> {
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
}

export function Select({ label, help, error, hideLabel = false, value, options, onChange }: SelectProps) {
  const id = useId()
  return (
    <Frame {...{ id, label, help, error, hideLabel }}>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={clsx(LOOK, 'pr-8')}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, help, error)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** What is wrong, with a sign that is not colour alone. Announced when it appears. */
export const FieldError = ({ id, children }: { id?: string; children: ReactNode }) => (
  <p id={id} role="alert" className="flex items-start gap-2 text-sm font-medium text-bad">
    <span
      aria-hidden="true"
      className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full bg-bad text-xs leading-none text-paper"
    >
      !
    </span>
    {children}
  </p>
)

function Frame({
  id,
  label,
  help,
  error,
  hideLabel,
  children,
}: Surroundings & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {help && (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      )}
      {children}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}

function described(id: string, help: ReactNode, error: string | undefined): string | undefined {
  return clsx(help && `${id}-help`, error && `${id}-error`) || undefined
}
