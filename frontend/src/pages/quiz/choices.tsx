// Questions with options: one of them, several of them in an order, or a step on a scale.
import { type ReactNode, useId } from 'react'

import type { Choice, Question } from '@/api/schema'
import { quiz } from '@messages/quiz'
import { optionAt, optionKey } from '@/lib/shortcuts'
import type { Value } from '@/lib/unsent'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { ChoiceCard, PressLabel } from '@/ui/choice-card'
import { FieldError, TextField } from '@/ui/field'

const say = quiz.multi

/** From so many options on a list is easier to search than to read. */
const LONG_LIST = 13

export interface AnswerProps {
  question: Question
  value: Value
  error: string | undefined
  /** Shows the keys that pick the options. */
  hints: boolean
  onAnswer: (value: Value) => void
  /** Chosen by a finger, a mouse or a number key: nothing more is to be done here. */
  onDecided: (value: Value) => void
  heading: ReactNode
}

export function SelectAnswer({ question, value, hints, onAnswer, onDecided, ...frame }: AnswerProps) {
  return (
    <Choices question={question} isSingle {...frame}>
      <div className="grid gap-3">
        {question.options?.map((option, index) => (
          <ChoiceCard
            key={option.value}
            type="radio"
            name={question.id}
            label={option.label}
            checked={value === option.value}
            hint={hints ? optionKey(index) : undefined}
            onChange={() => onAnswer(option.value)}
            onPress={() => onDecided(option.value)}
          />
        ))}
      </div>
    </Choices>
  )
}

export function ScaleAnswer({ question, value, onAnswer, onDecided, error, heading }: AnswerProps) {
  return (
    <Choices question={question} isSingle error={error} heading={heading}>
      <div className="grid grid-cols-5 gap-2 sm:grid-cols-10">
        {stepsOf(question).map((step) => (
          <PressLabel
            key={step}
            onPress={() => onDecided(step)}
            className="figure relative grid min-h-13 place-items-center rounded-lg border border-edge bg-paper text-lg transition-colors duration-150 hover:bg-surface has-checked:border-accent has-checked:bg-accent has-checked:font-semibold forced-colors:has-checked:border-4 has-checked:text-on-accent has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={question.id}
              checked={value === step}
              onChange={() => onAnswer(step)}
              className="sr-only scroll-my-12"
            />
            {step}
          </PressLabel>
        ))}
      </div>
    </Choices>
  )
}

interface MultiAnswerProps extends AnswerProps {
  /** A part of the labels; empty shows the whole list. */
  sought: string
  onSeek: (sought: string) => void
}

export function MultiAnswer({
  question,
  value,
  hints,
  onAnswer,
  sought,
  onSeek,
  ...frame
}: MultiAnswerProps) {
  const options = question.options ?? []
  const chosen = chosenIn(value)
  const isLong = options.length >= LONG_LIST
  const isFull = chosen.length >= (question.max_items ?? options.length)
  const shown = options
    .map((option, index) => ({ option, index }))
    .filter(({ option }) => fits(option, sought))
  const toggle = (option: string, on: boolean) => {
    const next = toggled(question, chosen, option, on)
    if (next) onAnswer(next)
  }
  return (
    <Choices question={question} {...frame}>
      <p className="figure text-sm text-muted" role="status">
        {say.bounds(question.min_items ?? 0, question.max_items)}{' '}
        {say.chosen(chosen.length, question.max_items)}. {isFull && say.full}
      </p>
      {isLong && chosen.length > 0 && (
        <ul aria-label={say.chosenList} className="flex flex-wrap gap-2">
          {options
            .filter(({ value: word }) => chosen.includes(word))
            .map((option) => (
              <li key={option.value}>
                <button
                  type="button"
                  onClick={(event) => {
                    focusNeighbour(event.currentTarget)
                    toggle(option.value, false)
                  }}
                  aria-label={say.remove(option.label)}
                  className="inline-flex min-h-11 items-center gap-2 rounded-full bg-tint px-4 text-accent hover:bg-surface"
                >
                  {option.label} <span aria-hidden="true">×</span>
                </button>
              </li>
            ))}
        </ul>
      )}
      {isLong && (
        <TextField
          label={say.filter}
          type="search"
          autoComplete="off"
          value={sought}
          onChange={(event) => {
            onSeek(event.target.value)
            announce(say.found(options.filter((option) => fits(option, event.target.value)).length))
          }}
          onKeyDown={(event) => {
            // Enter looks for something here; it does not go on.
            if (event.key === 'Enter') event.preventDefault()
            if (event.key === 'Escape') onSeek('')
          }}
        />
      )}
      {shown.length === 0 && (
        <div className="grid justify-items-start gap-3">
          <p className="text-muted">{say.nothing(sought)}</p>
          <Button variant="secondary" onClick={() => onSeek('')}>
            {say.clear}
          </Button>
        </div>
      )}
      <div className={isLong ? 'grid gap-2 sm:grid-cols-2' : 'grid gap-3'}>
        {shown.map(({ option, index }) => {
          const place = chosen.indexOf(option.value)
          return (
            <ChoiceCard
              key={option.value}
              type="checkbox"
              name={question.id}
              label={option.label}
              checked={place >= 0}
              disabled={isFull && place < 0}
              hint={hints && sought === '' ? optionKey(index) : undefined}
              place={isLong || place < 0 ? undefined : { sign: place + 1, words: say.place(place + 1) }}
              onChange={(on) => toggle(option.value, on)}
            />
          )
        })}
      </div>
    </Choices>
  )
}

/** The answer after a key was pressed; undefined: the key picks nothing here. */
export function pickedBy(key: string, question: Question, value: Value): Value | undefined {
  if (question.kind === 'scale') {
    const step = key === '0' ? 10 : Number(key)
    return /^\d$/.test(key) && stepsOf(question).includes(step) ? step : undefined
  }
  const option = question.options?.[optionAt(key) ?? -1]
  if (!option) return undefined
  if (question.kind === 'select') return option.value
  const chosen = chosenIn(value)
  return toggled(question, chosen, option.value, !chosen.includes(option.value))
}

const chosenIn = (value: Value): readonly string[] => (Array.isArray(value) ? value : [])

/** In the order of choosing; nothing where there is no room for one more. */
function toggled(question: Question, chosen: readonly string[], option: string, on: boolean) {
  const rest = chosen.filter((one) => one !== option)
  if (!on) return rest
  return rest.length < (question.max_items ?? Number.POSITIVE_INFINITY) ? [...rest, option] : undefined
}

/** A button that goes away leaves the focus to the one beside it, or to the heading. */
function focusNeighbour(button: HTMLElement) {
  const item = button.parentElement
  const beside = item?.nextElementSibling ?? item?.previousElementSibling
  const next = beside?.querySelector('button') ?? button.closest('fieldset')?.querySelector('h1')
  next?.focus()
}

const fits = ({ label }: Choice, sought: string) => label.toLowerCase().includes(sought.trim().toLowerCase())

function stepsOf({ min = 1, max = 10 }: Question): number[] {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}

interface ChoicesProps {
  question: Question
  isSingle?: boolean
  error: string | undefined
  heading: ReactNode
  children: ReactNode
}

function Choices({ question, isSingle = false, error, heading, children }: ChoicesProps) {
  const id = useId()
  return (
    <fieldset
      role={isSingle ? 'radiogroup' : undefined}
      aria-required={isSingle ? question.required : undefined}
      aria-invalid={isSingle && error ? true : undefined}
      aria-describedby={`${id}-help${error ? ` ${id}-error` : ''}`}
      className="grid min-w-0 gap-4"
    >
      <legend className="mb-2">{heading}</legend>
      <p id={`${id}-help`} className="text-muted">
        {question.help}
      </p>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {children}
    </fieldset>
  )
}
