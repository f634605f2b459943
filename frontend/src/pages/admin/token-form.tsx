// Paste a token, and be told at once whether it is one: for signing in, and for a new one before the old one expires.
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { api, bearer, call } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { admin } from '@messages/admin'
import { signIn } from '@/pages/admin/operator'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { inWords } from '@/ui/problem-notice'

const say = admin.signIn

export function TokenForm({ onDone }: { onDone?: () => void }) {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string>()
  const form = useRef<HTMLFormElement>(null)
  // There is nothing else to do here, and whoever is thrown out of a room has lost the focus.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const check = useMutation({
    mutationFn: (token: string) => call(api.GET('/api/v1/admin/session', { headers: bearer(token) })),
    onSuccess: (session, token) => {
      announce(say.done(session.actor))
      signIn({ token, actor: session.actor, expires: session.expires })
      onDone?.()
    },
    onError: (error) => setFault(refusal(error)),
  })
  const submit = () => {
    const token = text.trim()
    // What cannot be a token is not worth one of the few tries that an address has.
    if (!/^crb1\.[\w-]+\.[\w-]+$/.test(token)) return setFault(say.notAToken)
    setFault(undefined)
    check.mutate(token)
  }
  return (
    <form
      ref={form}
      className="grid gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!check.isPending) submit()
      }}
    >
      <TextField
        label={say.token}
        help={say.help}
        error={fault}
        type="password"
        name="token"
        autoComplete="current-password"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p>
        <Button type="submit" busy={check.isPending}>
          {say.go}
        </Button>
      </p>
    </form>
  )
}

function refusal(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 401) return say.refused
  if (error instanceof ApiProblem && error.status === 429) return say.tooMany(error.retryAfterSeconds)
  return inWords(error).text
}
