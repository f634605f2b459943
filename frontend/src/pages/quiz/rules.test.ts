// What counts as an answer, how far a quiz is, and answers in words.
import { expect, test } from 'vitest'

import type { Question } from '@/api/schema'
import type { Value } from '@/lib/unsent'
import { complete, questionnaire } from '@/pages/quiz/fixtures'
import { readAnswers } from '@/lib/unsent'
import {
  amount,
  faultOf,
  inWords,
  lengthOf,
  minutesFor,
  missingIn,
  nextOpen,
  progressOf,
  readNumber,
  stillKnown,
  withoutControls,
} from '@/pages/quiz/rules'

const answers = readAnswers(complete)

function question(id: string): Question {
  const found = questionnaire.questions.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}

test.each<[string, Value, boolean]>([
  ['company_name', 'Bright', true],
  ['company_name', '   ', false],
  ['company_name', '\u{1F9B7}'.repeat(20), true],
  ['company_name', 'x'.repeat(21), false],
  ['hourly_cost_eur', null, true],
  ['hourly_cost_eur', 10, true],
  ['hourly_cost_eur', 9, false],
  ['hourly_cost_eur', 301, false],
  ['hourly_cost_eur', 'about ten', false],
  ['decision_maker', 'me', true],
  ['decision_maker', 'nobody', false],
  ['decision_maker', null, false],
  ['pain_points', ['billing'], true],
  ['pain_points', [], false],
  ['pain_points', ['billing', 'scheduling', 'marketing'], false],
  ['pain_points', ['unknown'], false],
  ['current_tools', [], true],
  ['technology_comfort', 10, true],
  ['technology_comfort', 11, false],
])('%s: %j', (id, value, isGood) => {
  expect(faultOf(question(id), value) === undefined).toBe(isGood)
})

test.each([
  ['12', 12],
  [' 1 200 ', 1200],
  ['1.200', 1200],
  ['1,200', 1200],
  ['12.5', undefined],
  ['12,50', undefined],
  ['-3', -3],
  ['', undefined],
  ['1e3', undefined],
  ['twelve', undefined],
])('the number in %j is %s', (typed, read) => expect(readNumber(typed)).toBe(read))

test('a default or an optional question is no missing answer', () => {
  expect(missingIn(questionnaire, answers)).toEqual([])
  const { company_name: _, ...rest } = answers
  expect(missingIn(questionnaire, rest).map(({ id }) => id)).toEqual(['company_name'])
})

test('progress counts what lies behind, and only ever grows along the way', () => {
  let before = -1
  const given: Record<string, Value> = {}
  for (const { id, required } of questionnaire.questions) {
    const { done, all, minutesLeft } = progressOf(questionnaire, given)
    expect(done).toBeGreaterThan(before)
    expect(all).toBe(7)
    expect(minutesLeft).toBeGreaterThan(0)
    before = required ? done : done - 1
    if (required) given[id] = answers[id] ?? null
  }
  expect(progressOf(questionnaire, given)).toEqual({ done: 7, all: 7, minutesLeft: 0 })
})

test('an optional question that was not reached yet is asked, one that was passed is not', () => {
  expect(nextOpen(questionnaire, { company_name: 'Bright' })?.id).toBe('hourly_cost_eur')
  expect(nextOpen(questionnaire, { company_name: 'Bright', decision_maker: 'me' })?.id).toBe('pain_points')
  expect(nextOpen(questionnaire, answers)).toBeUndefined()
})

test('minutes are those of the questions that are left', () => {
  expect(minutesFor(questionnaire.questions)).toBe(3)
  expect(minutesFor([])).toBe(0)
})

test('answers in words', () => {
  expect(inWords(question('pain_points'), ['scheduling', 'billing'])).toBe('Appointments, Invoices')
  expect(inWords(question('current_tools'), [])).toBe('None of these')
  expect(inWords(question('decision_maker'), 'team')).toBe('We decide together')
  expect(inWords(question('technology_comfort'), 8)).toBe('8 / 10')
  expect(inWords(question('hourly_cost_eur'), 45)).toBe('€45 an hour')
  expect(inWords(question('company_name'), '<b>x</b>')).toBe('<b>x</b>')
  expect(inWords(question('company_name'), null)).toBeUndefined()
})

test.each([
  ['EUR', '€1,200'],
  ['EUR an hour', '€1,200 an hour'],
  ['%', '1,200%'],
  ['a week', '1,200 a week'],
])('1200 with the unit %s', (unit, text) => {
  expect(amount({ ...question('hourly_cost_eur'), unit }, 1200)).toBe(text)
})

test('invisible characters become spaces, line breaks only where there are lines', () => {
  expect(withoutControls('a\tb\nc', true)).toBe('a b\nc')
  expect(withoutControls('a\nb', false)).toBe('a b')
  expect(lengthOf('🦷é')).toBe(2)
})

test('older answers go along as far as the questionnaire still takes them', () => {
  const older = { ...answers, pain_points: ['gone'], dropped_question: 'x', hourly_cost_eur: 45 }
  const { pain_points: _, ...rest } = answers
  expect(stillKnown(questionnaire, older)).toEqual({ ...rest, hourly_cost_eur: 45 })
})
