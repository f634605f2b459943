// What stands where a question cannot: nothing begun yet, expired, finished, or nothing known by that address.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'

import type { Questionnaire } from '@/api/schema'
import { quiz as say } from '@messages/quiz'
import { useNavigate } from '@/lib/navigation'
import type { QuizSession } from '@/lib/quiz-session'
import type { Answers } from '@/lib/unsent'
import { isAnswered, minutesFor, nextOpen, stillKnown } from '@/pages/quiz/rules'
import { begin, industriesQuery, remembered } from '@/pages/quiz/session'
import { StartOver } from '@/pages/quiz/start-over'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'
import { Page, TextLink } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'

/** Nothing begun for this industry: one click, and the question of the address follows. */
export function Gate({
  questionnaire,
  other,
}: {
  questionnaire: Questionnaire
  other: QuizSession | undefined
}) {
  const starting = useBegin(questionnaire.industry)
  const [asks, setAsks] = useState(false)
  const industries = useQuery({ ...industriesQuery, enabled: other !== undefined })
  const title = say.gate.title(questionnaire.industry_name)
  const otherName =
    industries.data?.items.find((item) => item.slug === other?.industry)?.name ?? other?.industry
  return (
    <Door title={title}>
      <p className="text-lg text-muted">
        {say.gate.text(questionnaire.questions.length, minutesFor(questionnaire.questions))}
      </p>
      {other && otherName && <p>{say.gate.other(otherName)}</p>}
      <Failure error={starting.error} title={say.choose.failed} onRetry={() => starting.run({})} />
      <div className="flex flex-wrap gap-3">
        {other && <LinkButton to={href.quiz(other.industry)}>{say.gate.goOn}</LinkButton>}
        <Button
          variant={other ? 'secondary' : 'primary'}
          busy={starting.busy}
          onClick={() => (other ? setAsks(true) : starting.run({}))}
        >
          {say.gate.start}
        </Button>
      </div>
      <p>
        <TextLink to={href.quiz()}>{say.gate.choose}</TextLink>
      </p>
      <StartOver
        open={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false)
          starting.run({})
        }}
      />
    </Door>
  )
}

/** Expired or unknown: the answers that this device still has go along into a new quiz. */
export function Ended({ session }: { session: QuizSession }) {
  const [answers] = useState(() => remembered(session))
  const navigate = useNavigate()
  const starting = useBegin(session.industry, (questionnaire) => {
    const step = nextOpen(questionnaire, stillKnown(questionnaire, answers))?.id ?? 'review'
    navigate(href.quiz(session.industry, step), { replace: true })
  })
  const count = Object.values(answers).filter(isAnswered).length
  return (
    <Door title={say.ended.title}>
      <p className="text-muted">{say.ended.text}</p>
      {count > 0 && <p>{say.ended.kept(count)}</p>}
      <Failure error={starting.error} title={say.ended.failed} onRetry={() => starting.run(answers)} />
      <div className="flex flex-wrap gap-3">
        <Button busy={starting.busy} onClick={() => starting.run(answers)}>
          {count > 0 ? say.ended.again : say.ended.fresh}
        </Button>
        <LinkButton to={href.quiz()} variant="secondary">
          {say.gate.choose}
        </LinkButton>
      </div>
    </Door>
  )
}

interface CompletedProps {
  session: QuizSession
  answers: Answers
  /** Given after the quiz was finished, so only here. */
  late: number
  /** One more thing to do. */
  children?: ReactNode
}

/** Its answers stand; changing them means a new quiz with the same ones. */
export function CompletedNotice({ session, answers, late, children }: CompletedProps) {
  const navigate = useNavigate()
  const starting = useBegin(session.industry, () => navigate(href.quiz(session.industry, 'review')))
  return (
    <div className="grid gap-4">
      <p>{say.completed.text}</p>
      {late > 0 && <p>{say.completed.unsent(late)}</p>}
      <Failure error={starting.error} title={say.ended.failed} onRetry={() => starting.run(answers)} />
      <div className="flex flex-wrap gap-3">
        <LinkButton to={href.score}>{say.resume.score}</LinkButton>
        <Button variant="secondary" busy={starting.busy} onClick={() => starting.run(answers)}>
          {say.completed.again}
        </Button>
        {children}
      </div>
    </div>
  )
}

export function UnknownIndustry() {
  const industries = useQuery(industriesQuery)
  return (
    <Door title={say.unknown.industry}>
      <p className="text-muted">{say.unknown.industryText}</p>
      <ul className="flex flex-wrap gap-3">
        {industries.data?.items.map(({ slug, name }) => (
          <li key={slug}>
            <LinkButton to={href.quiz(slug)} variant="secondary">
              {name}
            </LinkButton>
          </li>
        ))}
      </ul>
      <p>
        <LinkButton to={href.quiz()}>{say.unknown.choose}</LinkButton>
      </p>
    </Door>
  )
}

export const UnknownQuestion = ({ industry }: { industry: string }) => (
  <Door title={say.unknown.question}>
    <p className="text-muted">{say.unknown.questionText}</p>
    <p>
      <LinkButton to={href.quiz(industry)}>{say.unknown.goOn}</LinkButton>
    </p>
  </Door>
)

export const Door = ({ title, children }: { title: string; children: ReactNode }) => (
  <Page title={title} width="narrow">
    <div className="grid gap-5">
      <h1 className="text-3xl font-semibold">{title}</h1>
      {children}
    </div>
  </Page>
)

function Failure({ error, ...notice }: { error: unknown; title: string; onRetry: () => void }) {
  return error ? <ProblemNotice error={error} {...notice} /> : null
}

/** Begins a quiz, once at a time; what follows needs its questions. */
export function useBegin(industry: string, then: (questionnaire: Questionnaire) => void = () => {}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async (answers: Answers) => {
    setBusy(true)
    setError(undefined)
    try {
      then(await begin(industry, answers))
    } catch (problem) {
      setError(problem)
    }
    setBusy(false)
  }
  return { busy, error, run: (answers: Answers) => void run(answers) }
}
