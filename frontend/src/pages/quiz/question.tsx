// One question a screen: its answer by mouse, finger or keyboard alone, the way on and the way back.
import { type ReactNode, useEffect, useRef, useState } from 'react'

import type { Question } from '@/api/schema'
import { quiz as say } from '@messages/quiz'
import { Link, useLocation, useNavigate, useParam, useSearchParams } from '@/lib/navigation'
import { isControl, useShortcuts, useShortcutsOn } from '@/lib/shortcuts'
import type { Value } from '@/lib/unsent'
import { MultiAnswer, pickedBy, ScaleAnswer, SelectAnswer } from '@/pages/quiz/choices'
import { Notices } from '@/pages/quiz/notices'
import { CompletedNotice, Door, UnknownQuestion } from '@/pages/quiz/doors'
import { KeysSheet } from '@/pages/quiz/keys-sheet'
import { ProgressBar } from '@/pages/quiz/progress-bar'
import { useRoom } from '@/pages/quiz/room'
import { amount, faultOf, isAnswered, sentence } from '@/pages/quiz/rules'
import { SavingBadge } from '@/pages/quiz/saving-badge'
import { TypedAnswer, useTyped } from '@/pages/quiz/typed'
import { href } from '@/routes'
import { Button, buttonLook } from '@/ui/button'
import { KeyHint } from '@/ui/choice-card'
import { Page } from '@/ui/page'

/** Long enough to see what was chosen, short enough not to wait for it. */
const ADVANCE_MS = 150

export function QuestionScreen() {
  const id = useParam('question')
  const { questionnaire, session, saving } = useRoom()
  const index = questionnaire.questions.findIndex((question) => question.id === id)
  const question = questionnaire.questions[index]
  if (!question) return <UnknownQuestion industry={questionnaire.industry} />
  if (saving.ended === 'completed') {
    return (
      <Door title={say.completed.title}>
        <CompletedNotice session={session} answers={saving.answers} late={saving.unsent} />
      </Door>
    )
  }
  const title = say.question.title(index + 1, questionnaire.questions.length, questionnaire.industry_name)
  return (
    <Page title={title} width="narrow">
      <Position index={index} />
      <Notices except={id} />
      <Step key={id} question={question} index={index} />
    </Page>
  )
}

function Position({ index }: { index: number }) {
  const { progress, furthest, saving } = useRoom()
  const { done, all, minutesLeft } = progress
  return (
    <div className="mb-8 grid gap-2">
      <div className="figure flex flex-wrap justify-between gap-x-4 gap-y-1 text-sm">
        <p className="text-muted">
          {say.question.position(index + 1, all)} ·{' '}
          {minutesLeft > 0 ? say.question.minutes(minutesLeft) : say.question.nothingLeft}
        </p>
        <SavingBadge saving={saving} />
      </div>
      <ProgressBar value={furthest} max={all} label={say.question.done(done, all)} />
    </div>
  )
}

function Step({ question, index }: { question: Question; index: number }) {
  const { questionnaire, saver, saving } = useRoom()
  const form = useRef<HTMLFormElement>(null)
  const [fault, setFault] = useState<string>()
  const [showsKeys, setShowsKeys] = useState(false)
  const hints = useShortcutsOn()
  const [sought, setSought] = useState('')
  const way = useWay(index)
  const advance = useAdvance(way.on)
  const value = saving.answers[question.id] ?? null
  const refused = saving.refused.get(question.id)
  const typed = useTyped(question, value, saver)
  const isTyped = question.kind === 'integer' || question.kind === 'text'
  const isEmpty = !isAnswered(typed.current) || (Array.isArray(value) && value.length === 0)

  const answer = (next: Value) => {
    setFault(undefined)
    saver.answer(question.id, next)
  }
  const decide = (next: Value) => {
    answer(next)
    advance.soon()
  }
  const submit = () => {
    advance.cancel()
    // Nothing chosen is an answer where nothing has to be.
    const takesNone = value === null && question.kind === 'multi' && question.min_items === 0
    if (takesNone) saver.answer(question.id, [])
    typed.settle()
    const found = faultOf(question, takesNone ? [] : typed.current) ?? (refused && sentence(refused))
    setFault(found)
    if (found === undefined) advance.now()
    else form.current?.querySelector<HTMLElement>('[data-typed], input:checked, input')?.focus()
  }

  useShortcuts({
    onKey(key, event) {
      if (key === 'Backspace') {
        way.back()
        return true
      }
      if (key === 'Enter') {
        if (isControl(event.target)) return false
        submit()
        return true
      }
      if (!hints) return false
      if (key === '?') {
        setShowsKeys(true)
        return true
      }
      const field = form.current?.querySelector<HTMLElement>('[data-typed]')
      // Who begins to type means the field; the key itself then goes there.
      if (field && key.length === 1 && key !== ' ' && !isControl(event.target)) field.focus()
      // The keys belong to the whole list, not to what a search leaves of it.
      const picked = sought === '' ? pickedBy(key, question, value) : undefined
      if (picked === undefined) return false
      if (question.kind === 'multi') answer(picked)
      else decide(picked)
      return true
    },
  })

  const heading = (
    <h1 tabIndex={-1} className="text-2xl font-semibold sm:text-3xl">
      {question.title}
    </h1>
  )
  const shared = { question, error: fault ?? (refused && sentence(refused)), heading }
  const choice = { ...shared, value, hints, onAnswer: (next: Value) => answer(next), onDecided: decide }
  const section = questionnaire.sections.find(({ id }) => id === question.section)
  return (
    <>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        className="transition-[opacity,translate] duration-200 ease-calm starting:translate-y-2 starting:opacity-0"
      >
        <p className="mb-2 font-medium text-accent">{section?.title}</p>
        {question.kind === 'select' && <SelectAnswer {...choice} />}
        {question.kind === 'multi' && <MultiAnswer {...choice} sought={sought} onSeek={setSought} />}
        {question.kind === 'scale' && <ScaleAnswer {...choice} />}
        {isTyped && (
          <TypedAnswer
            {...shared}
            shown={typed.shown}
            onChange={(text) => {
              setFault(undefined)
              typed.change(text)
            }}
            onLeave={typed.settle}
            onSubmit={submit}
          />
        )}
        <div className="sticky bottom-0 z-10 -mx-1 mt-8 flex flex-wrap items-center gap-3 border-t border-rule bg-paper px-1 py-2">
          <BackLink to={way.previous} onBack={way.back} />
          <Button type="submit" className="ml-auto">
            {way.isFromReview ? say.question.toReview : onwards(question, isEmpty)}
            <KeyHint>↵</KeyHint>
          </Button>
        </div>
        <div className="flex flex-wrap justify-between gap-x-6 text-sm">
          <Link
            to={href.quiz(questionnaire.industry, 'review')}
            className="inline-flex min-h-11 items-center text-accent underline-offset-4 hover:underline"
          >
            {say.question.all}
          </Link>
          <button
            type="button"
            onClick={() => setShowsKeys(true)}
            className="hidden min-h-11 items-center text-accent underline-offset-4 hover:underline [@media(hover:hover)]:inline-flex"
          >
            {say.keys.open}
          </button>
        </div>
      </form>
      {/* Beside the form: Enter in the sheet answers nothing. */}
      <KeysSheet open={showsKeys} onClose={() => setShowsKeys(false)} />
    </>
  )
}

/** What the button does with an answer that is not there. */
function onwards(question: Question, isEmpty: boolean): ReactNode {
  if (!isEmpty) return say.question.next
  if (question.default !== undefined) return say.question.useDefault(amount(question, question.default))
  if (question.kind === 'multi' && question.min_items === 0) return say.question.none
  return question.required ? say.question.next : say.question.skip
}

function BackLink({ to, onBack }: { to: string; onBack: () => void }) {
  return (
    <Link
      to={to}
      className={buttonLook({ variant: 'quiet', className: '-ml-5' })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        onBack()
      }}
    >
      <span aria-hidden="true">←</span> {say.question.back}
    </Link>
  )
}

/** On and back. Back is the browser's own where it leads to the same place, so that its history stays a line. */
function useWay(index: number) {
  const { questionnaire } = useRoom()
  const navigate = useNavigate()
  const { pathname, state } = useLocation()
  const [search] = useSearchParams()
  const { industry, questions } = questionnaire
  const review = href.quiz(industry, 'review')
  const isFromReview = search.get('from') === 'review'
  const before = questions[index - 1]
  const previous = isFromReview ? review : before ? href.quiz(industry, before.id) : href.quiz()
  const cameFrom = typeof state === 'object' && state !== null && 'from' in state ? state.from : undefined
  const back = () => navigate(cameFrom === previous ? -1 : previous)
  const on = () => {
    const next = questions[index + 1]
    if (isFromReview) back()
    else navigate(next ? href.quiz(industry, next.id) : review, { state: { from: pathname } })
  }
  return { previous, back, on, isFromReview }
}

/** Goes on, once: now, or in a moment, unless something else comes first. */
function useAdvance(go: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isGone = useRef(false)
  useEffect(() => () => clearTimeout(timer.current), [])
  const now = () => {
    // A second press while the next question is on its way.
    if (isGone.current) return
    isGone.current = true
    go()
  }
  return {
    now,
    cancel: () => clearTimeout(timer.current),
    soon() {
      clearTimeout(timer.current)
      timer.current = setTimeout(now, ADVANCE_MS)
    },
  }
}
