// What needs the person before it can be saved: a question answered in two places, an answer that was turned down.
import { type ReactNode, useId } from 'react'

import type { Question } from '@/api/schema'
import { quiz } from '@messages/quiz'
import type { Value } from '@/lib/unsent'
import { useRoom } from '@/pages/quiz/room'
import { inWords, sentence } from '@/pages/quiz/rules'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { TextLink } from '@/ui/page'

const say = quiz.clash

/** All of it, or nothing. */
export const Notices = ({ except }: { except?: string }) => (
  <div className="mb-8 grid gap-4 empty:hidden">
    <ClashNotice />
    <RefusedNotice except={except} />
  </div>
)

function ClashNotice() {
  const { questionnaire, saving } = useRoom()
  const questions = questionnaire.questions.filter((question) => saving.clashes.has(question.id))
  if (questions.length === 0) return null
  return (
    <section role="alert" className="grid gap-4 rounded-card border border-warn bg-warn-tint p-5">
      <p className="font-semibold text-warn">{say.title}</p>
      <p>{say.text}</p>
      {questions.map((question) => (
        <Pair key={question.id} question={question} />
      ))}
    </section>
  )
}

function Pair({ question }: { question: Question }) {
  const { saver, saving } = useRoom()
  const heading = useId()
  const clash = saving.clashes.get(question.id)
  if (!clash) return null
  const take = (whose: 'mine' | 'theirs') => {
    saver.choose(question.id, whose)
    announce(say.chosen)
  }
  return (
    <div role="group" aria-labelledby={heading} className="grid gap-3">
      <p id={heading} className="font-medium">
        {question.title}
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Side title={say.mine} question={question} value={clash.mine}>
          <Button variant="secondary" onClick={() => take('mine')}>
            {say.takeMine}
          </Button>
        </Side>
        <Side title={say.theirs} question={question} value={clash.theirs}>
          <Button variant="secondary" onClick={() => take('theirs')}>
            {say.takeTheirs}
          </Button>
        </Side>
      </div>
    </div>
  )
}

interface SideProps {
  title: string
  question: Question
  value: Value
  children: ReactNode
}

const Side = ({ title, question, value, children }: SideProps) => (
  <div className="flex flex-col gap-3 rounded-lg border border-rule bg-paper p-4">
    <p className="text-sm text-muted">{title}</p>
    <p className="flex-1 wrap-anywhere whitespace-pre-wrap">{inWords(question, value) ?? say.nothing}</p>
    {children}
  </div>
)

/** Answers that were turned down after the person had gone on. */
function RefusedNotice({ except }: { except: string | undefined }) {
  const { questionnaire, saving } = useRoom()
  const questions = questionnaire.questions.filter(({ id }) => id !== except && saving.refused.has(id))
  if (questions.length === 0) return null
  return (
    <section role="alert" className="grid gap-3 rounded-card border border-bad bg-bad-tint p-5">
      <p className="font-semibold text-bad">{quiz.refused.title(questions.length)}</p>
      <p>{quiz.refused.text}</p>
      <ul className="grid gap-1">
        {questions.map(({ id, title }) => (
          <li key={id}>
            <TextLink to={`${href.quiz(questionnaire.industry, id)}?from=review`}>{title}</TextLink>{' '}
            {sentence(saving.refused.get(id) ?? '')}
          </li>
        ))}
      </ul>
    </section>
  )
}
