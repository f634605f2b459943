// What the questionnaire means for the page: what counts as an answer, what is left, and answers in words.
import type { Question, Questionnaire } from '@/api/schema'
import { quiz as say } from '@messages/quiz'
import { euros } from '@/lib/money'
import { number } from '@/lib/percent'
import type { Answers, Value } from '@/lib/unsent'

/** What is wrong with an answer, in words; the server has the last one. */
export function faultOf(question: Question, value: Value): string | undefined {
  const { kind, min, max } = question
  if (!isAnswered(value)) return question.required ? needed(question) : undefined
  if (kind === 'text') {
    if (typeof value !== 'string') return say.check.needed
    const most = question.max_length
    return most !== undefined && lengthOf(value) > most ? say.check.long(most) : undefined
  }
  if (kind === 'integer' || kind === 'scale') {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return say.check.whole
    const inside = value >= (min ?? value) && value <= (max ?? value)
    return inside ? undefined : bounds(min, max)
  }
  const known = new Set(question.options?.map((option) => option.value))
  if (kind === 'select') return typeof value === 'string' && known.has(value) ? undefined : say.check.choose
  if (!Array.isArray(value) || !value.every((item) => known.has(item))) return say.check.needed
  if (value.length < (question.min_items ?? 0)) return say.check.few(question.min_items ?? 0)
  const most = question.max_items ?? value.length
  return value.length > most ? say.check.many(most) : undefined
}

/** Blank text is no answer; an empty list is one where nothing has to be chosen. */
export function isAnswered(value: Value | undefined): value is NonNullable<Value> {
  return value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== '')
}

/** Required questions without an answer, in order. */
export const missingIn = ({ questions }: Questionnaire, answers: Answers): Question[] =>
  questions.filter((question) => question.required && !isAnswered(answers[question.id]))

/** Where to go on: the first question that is neither answered nor passed over. */
export const nextOpen = (questionnaire: Questionnaire, answers: Answers): Question | undefined =>
  leftIn(questionnaire, answers)[0]

export interface Progress {
  done: number
  all: number
  minutesLeft: number
}

export function progressOf(questionnaire: Questionnaire, answers: Answers): Progress {
  const left = leftIn(questionnaire, answers)
  const all = questionnaire.questions.length
  return { done: all - left.length, all, minutesLeft: minutesFor(left) }
}

export function minutesFor(questions: readonly Question[]): number {
  const seconds = questions.reduce((sum, question) => sum + secondsFor(question), 0)
  return Math.ceil(seconds / 60)
}

/** An optional question that lies behind somebody was skipped, and is done. */
function leftIn(questionnaire: Questionnaire, answers: Answers): Question[] {
  const { questions } = questionnaire
  const isOver = missingIn(questionnaire, answers).length === 0
  const furthest = questions.findLastIndex((question) => isAnswered(answers[question.id]))
  return questions.filter((question, index) => {
    if (isAnswered(answers[question.id])) return false
    return question.required || (index > furthest && !isOver)
  })
}

/** How long people take to read and to answer, roughly. */
function secondsFor({ kind, multiline }: Question): number {
  if (kind === 'text') return multiline ? 45 : 12
  return { integer: 20, scale: 10, select: 12, multi: 25 }[kind]
}

/** An answer as a person would say it; text stays exactly as it was typed. */
export function inWords(question: Question, value: Value): string | undefined {
  if (!isAnswered(value)) return undefined
  if (typeof value === 'number') {
    return question.kind === 'scale' ? `${value} / ${question.max ?? 10}` : amount(question, value)
  }
  const label = (word: string) => question.options?.find((option) => option.value === word)?.label ?? word
  if (typeof value === 'string') return question.kind === 'select' ? label(value) : value
  return value.length === 0 ? say.review.none : value.map(label).join(', ')
}

/** `€50 an hour`, `15%`, `12 people`. */
export function amount({ unit }: Question, value: number): string {
  if (unit === undefined) return number(value)
  const money = /^EUR\b\s*(.*)$/.exec(unit)
  if (money) return [euros(value * 100), money[1]].filter(Boolean).join(' ')
  return unit === '%' ? `${number(value)}%` : `${number(value)} ${unit}`
}

/** Whole numbers as people write them, with or without a mark between the thousands; undefined: not one. */
export function readNumber(typed: string): number | undefined {
  const text = typed.trim()
  const isGrouped = /^\d{1,3}([ .,'’\u00A0\u202F]\d{3})+$/.test(text)
  const digits = isGrouped ? text.replaceAll(/\D/g, '') : text
  return /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined
}

/** Characters as people count them, not as the machine stores them. */
export const lengthOf = (text: string) => [...text].length

/** What would be refused and nobody meant: tabs and other invisible characters become spaces. */
export const withoutControls = (text: string, multiline: boolean) =>
  text.replaceAll(/\p{Cc}/gu, (letter) => (multiline && letter === '\n' ? letter : ' '))

/** What the API says about a field, as a sentence. */
export const sentence = (text: string) => {
  const upper = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}

/** Those that a new questionnaire still accepts, for a quiz that begins with older answers. */
export function stillKnown({ questions }: Questionnaire, answers: Answers): Answers {
  const kept: Record<string, Value> = {}
  for (const question of questions) {
    const value = answers[question.id]
    if (isAnswered(value) && faultOf(question, value) === undefined) kept[question.id] = value
  }
  return kept
}

function needed(question: Question): string {
  if (question.kind === 'select' || question.kind === 'scale') return say.check.choose
  return question.kind === 'multi' ? say.check.few(question.min_items ?? 1) : say.check.needed
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return say.check.between(number(min), number(max))
  return min === undefined ? say.check.atMost(number(max ?? 0)) : say.check.atLeast(number(min))
}
