// A quiz from a link: the address is cleaned at once, then the quiz is opened on this device.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import * as v from 'valibot'

import { ApiProblem } from '@/api/problem'
import type { SessionView } from '@/api/schema'
import { quiz } from '@messages/quiz'
import { useLocation, useNavigate } from '@/lib/navigation'
import { resumeLink } from '@/lib/quiz-session'
import { Door } from '@/pages/quiz/doors'
import { industriesQuery, loadSession, open, useQuizSession } from '@/pages/quiz/session'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { ProblemNotice } from '@/ui/problem-notice'
import { Block } from '@/ui/skeleton'

const say = quiz.opening

const Key = v.object({
  session: v.pipe(v.string(), v.uuid()),
  token: v.pipe(v.string(), v.minLength(20), v.maxLength(200)),
})

type Key = v.InferOutput<typeof Key>

export function Opening() {
  const { hash } = useLocation()
  const navigate = useNavigate()
  // Read once: a moment later it is no longer in the address, nor in the history.
  const [key] = useState(() => readKey(hash))
  useEffect(() => {
    if (hash) navigate(href.quiz('resume'), { replace: true })
  }, [hash, navigate])
  return key ? <Opened link={key} /> : <Dead title={say.broken} text={say.brokenText} />
}

function Opened({ link }: { link: Key }) {
  const view = useQuery({
    queryKey: ['quiz-link', link.session],
    queryFn: () => loadSession({ sessionId: link.session, token: link.token }),
    gcTime: 0,
  })
  if (view.isPending) {
    return (
      <Door title={say.title}>
        <div className="grid gap-4" aria-busy="true">
          <Block className="h-5 w-3/4" />
          <Block className="h-14 w-full" />
        </div>
      </Door>
    )
  }
  if (view.isSuccess) return <Welcome link={link} view={view.data} />
  const isDead = view.error instanceof ApiProblem && [400, 401, 404, 410, 422].includes(view.error.status)
  return isDead ? (
    <Dead title={say.unknown} text={say.unknownText} />
  ) : (
    <Door title={say.title}>
      <ProblemNotice error={view.error} onRetry={() => void view.refetch()} busy={view.isFetching} />
    </Door>
  )
}

/** Straight in, unless this device is in the middle of another quiz. */
function Welcome({ link, view }: { link: Key; view: SessionView }) {
  const other = useQuizSession()
  const navigate = useNavigate()
  const industries = useQuery(industriesQuery)
  const isFree = other === undefined || other.sessionId === link.session
  const [enters, setEnters] = useState(isFree)
  useEffect(() => {
    if (!enters) return
    open({
      sessionId: view.session_id,
      token: link.token,
      industry: view.industry,
      expiresAt: view.expires_at,
    })
    navigate(href.quiz(view.industry), { replace: true })
  }, [enters, link, view, navigate])
  if (enters || !other) return <Door title={say.title}>{null}</Door>
  const name = industries.data?.items.find(({ slug }) => slug === other.industry)?.name ?? other.industry
  return (
    <Door title={quiz.replace.title}>
      <p>{quiz.replace.text(name)}</p>
      <div className="flex flex-wrap items-start gap-3">
        <Button onClick={() => setEnters(true)}>{quiz.replace.confirm}</Button>
        <LinkButton to={href.quiz(other.industry)} variant="secondary">
          {quiz.replace.keep}
        </LinkButton>
        <CopyButton text={() => resumeLink(other)} label={quiz.replace.copy} />
      </div>
    </Door>
  )
}

const Dead = ({ title, text }: { title: string; text: ReactNode }) => (
  <Door title={title}>
    <p className="text-muted">{text}</p>
    <p>
      <LinkButton to={href.quiz()}>{say.toQuiz}</LinkButton>
    </p>
  </Door>
)

function readKey(hash: string): Key | undefined {
  const parsed = v.safeParse(Key, Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ''))))
  return parsed.success ? parsed.output : undefined
}
