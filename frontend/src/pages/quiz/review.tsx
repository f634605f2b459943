// All answers in words before the score: each can be changed, what is missing is named.

import type { Question } from '@/api/schema'
import { quiz } from '@messages/quiz'
import { Link } from '@/lib/navigation'
import { Completion } from '@/pages/quiz/completion'
import { CompletedNotice } from '@/pages/quiz/doors'
import { Notices } from '@/pages/quiz/notices'
import { useRoom } from '@/pages/quiz/room'
import { amount, inWords, missingIn } from '@/pages/quiz/rules'
import { SavingBadge } from '@/pages/quiz/saving-badge'
import { href } from '@/routes'
import { Badge } from '@/ui/badge'
import { LinkButton } from '@/ui/button'
import { Page } from '@/ui/page'

const say = quiz.review

export function Review() {
  const { questionnaire, session, saving } = useRoom()
  const isCompleted = saving.ended === 'completed'
  const missing = isCompleted ? [] : missingIn(questionnaire, saving.answers)
  return (
    <Page title={`${say.title} · ${questionnaire.industry_name}`} width="narrow">
      {!isCompleted && <Notices />}
      <div className="grid gap-8">
        <div className="grid gap-2">
          {!isCompleted && (
            <p className="text-sm">
              <SavingBadge saving={saving} />
            </p>
          )}
          <h1 className="text-3xl font-semibold">{isCompleted ? quiz.completed.title : say.title}</h1>
          <p className="text-lg text-muted">{isCompleted ? say.finishedLead : say.lead}</p>
        </div>
        {isCompleted && (
          <div className="rounded-card border border-rule bg-surface p-5">
            <CompletedNotice session={session} answers={saving.answers} late={saving.unsent} />
          </div>
        )}
        {missing[0] && (
          <Missing questions={missing} onwards={href.quiz(questionnaire.industry, missing[0].id)} />
        )}
        {questionnaire.sections.map((section) => {
          const questions = questionnaire.questions.filter((question) => question.section === section.id)
          if (questions.length === 0) return null
          return (
            <section key={section.id} aria-labelledby={`section-${section.id}`}>
              <h2 id={`section-${section.id}`} className="border-b border-edge pb-2 text-xl font-semibold">
                {section.title}
              </h2>
              <dl>
                {questions.map((question) => (
                  <Row key={question.id} question={question} isCompleted={isCompleted} />
                ))}
              </dl>
            </section>
          )
        })}
        {!isCompleted && <Completion />}
      </div>
    </Page>
  )
}

const Missing = ({ questions, onwards }: { questions: readonly Question[]; onwards: string }) => (
  <section className="grid gap-3 rounded-card border border-warn bg-warn-tint p-5" aria-labelledby="missing">
    <h2 id="missing" className="font-semibold text-warn">
      {say.missingTitle(questions.length)}
    </h2>
    <p>{say.missingText}</p>
    <ul className="grid gap-1">
      {questions.map((question) => (
        <li key={question.id}>
          <EditLink question={question} label={question.title} />
        </li>
      ))}
    </ul>
    <p>
      <LinkButton to={onwards} variant="secondary">
        {say.goOn}
      </LinkButton>
    </p>
  </section>
)

function Row({ question, isCompleted }: { question: Question; isCompleted: boolean }) {
  const { saving } = useRoom()
  const words = inWords(question, saving.answers[question.id] ?? null)
  const isMissing = words === undefined && question.required
  return (
    <div className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-b border-rule py-3">
      <dt className="text-sm text-muted">{question.title}</dt>
      <dd className="col-start-1 min-w-0 wrap-anywhere whitespace-pre-wrap">
        {words ?? (isMissing ? <Badge tone="warn">{say.missing}</Badge> : <Skipped question={question} />)}
        {saving.refused.has(question.id) && (
          <p>
            <Badge tone="bad">{say.refused}</Badge>
          </p>
        )}
      </dd>
      {!isCompleted && (
        <dd className="col-start-2 row-span-2 row-start-1 self-center">
          <EditLink
            question={question}
            label={isMissing ? say.answer : say.edit}
            name={isMissing ? say.answerOf(question.title) : say.editOf(question.title)}
          />
        </dd>
      )}
    </div>
  )
}

const Skipped = ({ question }: { question: Question }) => (
  <span className="text-muted">
    {question.default === undefined ? say.skipped : say.usesDefault(amount(question, question.default))}
  </span>
)

/** There and back again. */
function EditLink({ question, label, name }: { question: Question; label: string; name?: string }) {
  const { questionnaire } = useRoom()
  return (
    <Link
      to={`${href.quiz(questionnaire.industry, question.id)}?from=review`}
      state={{ from: href.quiz(questionnaire.industry, 'review') }}
      aria-label={name}
      className="no-print inline-flex min-h-11 items-center text-accent underline underline-offset-4 hover:text-accent-strong"
    >
      {label}
    </Link>
  )
}
