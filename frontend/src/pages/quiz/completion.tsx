// The end of the quiz: consent, a mail address for whoever wants, and the score once everything is saved.
import { type RefObject, useRef, useState } from 'react'
import * as v from 'valibot'

import { ApiProblem } from '@/api/problem'
import type { Questionnaire } from '@/api/schema'
import { quiz } from '@messages/quiz'
import { mailAddress } from '@/lib/mail-address'
import { fieldOf } from '@/lib/autosave'
import { useNavigate } from '@/lib/navigation'
import { useRoom } from '@/pages/quiz/room'
import { missingIn } from '@/pages/quiz/rules'
import { complete, forgetCopy } from '@/pages/quiz/session'
import { href } from '@/routes'
import { Button } from '@/ui/button'
import { FieldError, TextField } from '@/ui/field'
import { ProblemNotice } from '@/ui/problem-notice'

const say = quiz.complete

const Email = v.pipe(v.string(), v.trim(), v.email(), v.maxLength(254))

interface Faults {
  consent?: string | undefined
  email?: string | undefined
}

export function Completion() {
  const { questionnaire, session, saver, accepted } = useRoom()
  const navigate = useNavigate()
  const consent = useRef<HTMLInputElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const [agrees, setAgrees] = useState(false)
  const [email, setEmail] = useState('')
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [isUnsaved, setUnsaved] = useState(false)

  const edit = (question: string) =>
    navigate(`${href.quiz(questionnaire.industry, question)}?from=review`, {
      state: { from: href.quiz(questionnaire.industry, 'review') },
    })

  const finish = async (address: string | null) => {
    const saving = await saver.flush()
    // Everything that stands in the way is shown where the person can do something about it.
    const [refused] = saving.refused.keys()
    if (saving.ended) return
    if (saving.clashes.size > 0) return window.scrollTo({ top: 0 })
    if (refused !== undefined) return edit(refused)
    if (saving.state !== 'saved') return setUnsaved(true)
    try {
      await complete(session, address)
      // The server keeps them from here on.
      forgetCopy()
      if (address !== null) mailAddress.write(address)
      navigate(href.score)
    } catch (problem) {
      const question = firstNamed(questionnaire, problem)
      if (question) return edit(question)
      if (problem instanceof ApiProblem && problem.fields.has('email')) setFaults({ email: say.emailWrong })
      else if (problem instanceof ApiProblem && problem.status === 410) await saver.refresh()
      else setError(problem)
    }
  }

  const submit = async () => {
    const address = v.safeParse(Email, email)
    const found = {
      ...(!agrees && { consent: say.consentNeeded }),
      ...(email.trim() !== '' && !address.success && { email: say.emailWrong }),
    }
    setFaults(found)
    setError(undefined)
    setUnsaved(false)
    const missing = missingIn(questionnaire, accepted)[0]
    if (missing) return edit(missing.id)
    if (found.consent) return consent.current?.focus()
    if (found.email) return focusEmail(form)
    setBusy(true)
    await finish(address.success ? address.output : null)
    setBusy(false)
  }

  return (
    <form
      ref={form}
      noValidate
      aria-labelledby="complete"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
      className="no-print grid gap-5 rounded-card border border-rule bg-surface p-5 sm:p-7"
    >
      <h2 id="complete" className="text-xl font-semibold">
        {say.title}
      </h2>
      <TextField
        label={say.email}
        help={say.emailHelp}
        type="email"
        autoComplete="email"
        value={email}
        error={faults.email}
        onChange={(event) => {
          setEmail(event.target.value)
          setFaults((before) => ({ ...before, email: undefined }))
        }}
      />
      <div className="grid gap-2">
        <label className="flex min-h-11 items-start gap-3 py-2">
          <input
            ref={consent}
            type="checkbox"
            required
            checked={agrees}
            aria-invalid={faults.consent ? true : undefined}
            aria-describedby={faults.consent ? 'consent-help consent-error' : 'consent-help'}
            onChange={(event) => {
              setAgrees(event.target.checked)
              setFaults((before) => ({ ...before, consent: undefined }))
            }}
            className="mt-0.5 size-5 shrink-0"
          />
          {say.consent}
        </label>
        <p id="consent-help" className="pl-8 text-sm text-muted">
          {say.consentHelp}
          <a
            href={href.privacy}
            target="_blank"
            rel="noreferrer"
            className="text-accent underline underline-offset-4"
          >
            {say.privacy}
          </a>
        </p>
        {faults.consent && <FieldError id="consent-error">{faults.consent}</FieldError>}
      </div>
      {isUnsaved && (
        <section role="alert" className="grid gap-2 rounded-card border border-warn bg-warn-tint p-5">
          <h3 className="font-semibold text-warn">{say.unsaved}</h3>
          <p>{say.unsavedText}</p>
        </section>
      )}
      {error !== undefined && (
        <ProblemNotice error={error} title={say.failed} onRetry={() => void submit()} busy={busy} />
      )}
      <p>
        <Button type="submit" size="large" busy={busy}>
          {say.submit}
        </Button>
      </p>
    </form>
  )
}

/** The first question, in their order, that the server has named. */
function firstNamed({ questions }: Questionnaire, problem: unknown): string | undefined {
  if (!(problem instanceof ApiProblem)) return undefined
  return questions.find(({ id }) => problem.fields.has(fieldOf(id)))?.id
}

const focusEmail = (form: RefObject<HTMLFormElement | null>) =>
  form.current?.querySelector<HTMLElement>('input[type=email]')?.focus()
