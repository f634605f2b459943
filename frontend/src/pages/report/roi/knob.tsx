// One figure to turn: a slider for trying, a number field for exactness, and what the report says.
import { useId, useState } from 'react'

import { euros } from '@/lib/money'
import { roi as say } from '@messages/roi'
import { type Bounds, type Figure, parse, textOf } from '@/pages/report/roi/figures'
import { FieldError } from '@/ui/field'

interface KnobProps {
  figure: Figure
  value: number
  /** In the report. */
  own: number
  bounds: Bounds
  onChange: (value: number) => void
}

export function Knob({ figure, value, own, bounds, onChange }: KnobProps) {
  const id = useId()
  // What is being typed and is no usable figure yet; it stays until it is mended.
  const [draft, setDraft] = useState<string>()
  const { label, help, unit } = say.fields[figure]
  const error = draft === undefined ? undefined : wrong(figure, draft, bounds)
  const turn = (text: string) => {
    const typed = parse(figure, text)
    const isUsable = typed !== undefined && wrong(figure, text, bounds) === undefined
    setDraft(text)
    if (isUsable) onChange(typed)
  }
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <p id={`${id}-help`} className="text-sm text-muted">
        {help}
      </p>
      <div className="flex items-center gap-3 sm:gap-4">
        <input
          type="range"
          aria-label={say.slider(label)}
          aria-valuetext={inWords(figure, value)}
          min={bounds.min}
          max={Math.max(bounds.reach, value)}
          step={bounds.step}
          value={value}
          onChange={(event) => {
            setDraft(undefined)
            onChange(event.target.valueAsNumber)
          }}
          className="h-11 min-w-0 flex-1"
        />
        <span className="flex shrink-0 items-center gap-2">
          {unit === '€' && <span className="text-muted">€</span>}
          <input
            id={id}
            type="number"
            inputMode="decimal"
            min={textOf(figure, bounds.min)}
            max={textOf(figure, bounds.max)}
            step="any"
            value={draft ?? textOf(figure, value)}
            onChange={(event) => turn(event.target.value)}
            onBlur={() => error === undefined && setDraft(undefined)}
            aria-invalid={error ? true : undefined}
            aria-describedby={`${id}-help ${id}-own${error ? ` ${id}-error` : ''}`}
            className="figure min-h-11 w-24 rounded-lg sm:w-28 border border-edge bg-paper px-3 py-2 aria-invalid:border-bad"
          />
          {unit !== '€' && <span className="text-muted">{unit}</span>}
        </span>
      </div>
      <p id={`${id}-own`} className={`text-sm ${value === own ? 'text-muted' : 'font-medium text-accent'}`}>
        {say.inReport(inWords(figure, own))}
      </p>
      {error && (
        <FieldError id={`${id}-error`}>
          {error} {say.stale}
        </FieldError>
      )}
    </div>
  )
}

export const inWords = (figure: Figure, value: number) =>
  figure === 'hours' ? say.hours(value) : euros(value)

function wrong(figure: Figure, text: string, bounds: Bounds): string | undefined {
  const value = parse(figure, text)
  if (value === undefined) return say.notANumber
  if (value >= bounds.min && value <= bounds.max) return undefined
  return say.outside(inWords(figure, bounds.min), inWords(figure, bounds.max))
}
