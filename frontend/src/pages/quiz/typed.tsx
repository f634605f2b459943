// Questions with a typed answer: a whole number with its unit, or a text.
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'

import type { Question } from '@/api/schema'
import { quiz as say } from '@messages/quiz'
import type { Autosave } from '@/lib/autosave'
import { number } from '@/lib/percent'
import type { Value } from '@/lib/unsent'
import { amount, faultOf, lengthOf, readNumber, withoutControls } from '@/pages/quiz/rules'
import { TextArea, TextField } from '@/ui/field'

/** What stands in the field while it is being typed in, and what of it is saved. */
export function useTyped(question: Question, value: Value, saver: Autosave) {
  // Only while it is being typed; then what was saved is shown, also when another tab saved it.
  const [typed, setTyped] = useState<string>()
  const shown = typed ?? (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
  const settle = () => {
    if (typed === undefined) return
    const fault = faultWhileTyping(question, typed)
    if (fault !== undefined) saver.hold(question.id, typed, fault)
    else saver.leave(question.id, readTyped(question, typed))
    setTyped(undefined)
  }
  // Gone back with the field still open: nothing that was typed is lost.
  const leave = useEffectEvent(settle)
  useEffect(() => () => leave(), [])
  return {
    shown,
    /** The answer as it stands, acceptable or not. */
    current: typed === undefined ? value : readTyped(question, typed),
    change(raw: string) {
      const text = withoutControls(raw, question.multiline ?? false)
      setTyped(text)
      if (faultWhileTyping(question, text) !== undefined) return
      saver.answer(question.id, readTyped(question, text), 'typing')
    },
    /** The field is left: what cannot be saved is kept with the reason. */
    settle,
  }
}

interface TypedAnswerProps {
  question: Question
  shown: string
  error: string | undefined
  onChange: (typed: string) => void
  onLeave: () => void
  /** Ctrl and Enter, where Enter alone makes a line. */
  onSubmit: () => void
  heading: ReactNode
}

export function TypedAnswer({
  question,
  shown,
  error,
  onChange,
  onLeave,
  onSubmit,
  heading,
}: TypedAnswerProps) {
  const shared = {
    label: question.title,
    hideLabel: true,
    name: question.id,
    required: question.required,
    'data-typed': true,
    enterKeyHint: question.multiline ? undefined : 'next',
    value: shown,
    error,
    onBlur: onLeave,
  } as const
  if (question.kind === 'integer') {
    return (
      <Frame question={question} heading={heading}>
        <TextField
          {...shared}
          className="figure max-w-44 text-lg"
          inputMode="numeric"
          autoComplete="off"
          placeholder={question.default === undefined ? undefined : number(question.default)}
          unit={question.unit?.replace(/^EUR\b/, '€')}
          help={boundsOf(question)}
          onChange={(event) => onChange(event.target.value)}
        />
      </Frame>
    )
  }
  const left = question.max_length === undefined ? undefined : question.max_length - lengthOf(shown)
  const isClose = left !== undefined && left <= 50
  return (
    <Frame question={question} heading={heading}>
      {question.multiline ? (
        <TextArea
          {...shared}
          rows={5}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
            event.preventDefault()
            onSubmit()
          }}
        />
      ) : (
        <TextField
          {...shared}
          autoComplete={question.id === 'company_name' ? 'organization' : 'off'}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {left !== undefined && (
        <p
          className={`figure -mt-2 text-right text-sm ${left < 0 ? 'font-medium text-bad' : 'text-muted'}`}
          role={isClose ? 'status' : undefined}
        >
          {left < 0 ? say.text.over(-left) : say.text.left(left)}
        </p>
      )}
    </Frame>
  )
}

const Frame = ({
  question,
  heading,
  children,
}: {
  question: Question
  heading: ReactNode
  children: ReactNode
}) => (
  <div className="grid gap-4">
    {heading}
    <p className="-mt-2 text-muted">{question.help}</p>
    {children}
  </div>
)

/** An empty field is no fault while somebody is in it. */
const faultWhileTyping = (question: Question, text: string) =>
  faultOf({ ...question, required: false }, readTyped(question, text))

/** What stands in the field as an answer; a number that is none stays the text that it is. */
function readTyped(question: Question, text: string): Value {
  if (text.trim() === '') return null
  return question.kind === 'integer' ? (readNumber(text) ?? text) : text
}

function boundsOf(question: Question): string {
  const { min, max } = question
  const [low, high] = [min ?? 0, max ?? 0].map((bound) => number(bound))
  const bounds =
    min !== undefined && max !== undefined
      ? say.number.between(low ?? '', high ?? '')
      : min !== undefined
        ? say.number.from(low ?? '')
        : max === undefined
          ? ''
          : say.number.upTo(high ?? '')
  const empty = question.default === undefined ? '' : say.number.empty(amount(question, question.default))
  return [bounds, empty].filter(Boolean).join(' ')
}
