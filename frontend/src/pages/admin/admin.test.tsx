// The door: who comes in, who does not, and what happens when a token ends in the middle of work.
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'

import '@/pages/admin/audit/audit'
import '@/pages/admin/reports/reports'
import { currentOperator } from '@/pages/admin/operator'
import { openAs, openSignedOut, problem, TOKEN } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

const later = '2099-01-01T00:00:00Z'

beforeEach(() => {
  server.use(
    http.get('/api/v1/admin/audit', ({ response }) => response(200).json({ items: [] })),
    http.get('/api/v1/admin/reports', ({ response }) => response(200).json({ items: [] })),
  )
})

async function paste(token: string) {
  const user = userEvent.setup()
  await user.click(await screen.findByLabelText('Operator token'))
  await user.paste(token)
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
}

test('a good token opens the room that was asked for, and says whose it is', async () => {
  server.use(
    http.get('/api/v1/admin/session', ({ request, response }) => {
      expect(request.headers.get('Authorization')).toBe(`Bearer ${TOKEN}`)
      return response(200).json({ actor: 'ada@example.org', expires: later })
    }),
  )
  openSignedOut('/admin/audit')
  await paste(` ${TOKEN}\n`)
  expect(await screen.findByRole('heading', { level: 1, name: 'Audit' })).toBeTruthy()
  expect(screen.getByText('ada@example.org')).toBeTruthy()
  expect(sessionStorage.getItem('crb.operator')).toContain(TOKEN)
  expect(localStorage.getItem('crb.operator')).toBeNull()
})

test('without a room, the reports come first', async () => {
  openAs('/admin')
  expect(await screen.findByRole('heading', { level: 1, name: 'Reports' })).toBeTruthy()
  expect(screen.getByTestId('address').textContent).toContain('/admin/reports')
})

test('a refused token is said to be refused', async () => {
  server.use(
    http.get('/api/v1/admin/session', ({ response }) =>
      response('4XX').json(problem(401, 'unauthenticated'), { status: 401 }),
    ),
  )
  openSignedOut('/admin/audit')
  await paste(TOKEN)
  expect((await screen.findByRole('alert')).textContent).toContain('not accepted')
  expect(screen.getByLabelText('Operator token').getAttribute('aria-invalid')).toBe('true')
})

test('too many refusals say how long to wait', async () => {
  server.use(
    http.get('/api/v1/admin/session', ({ response }) =>
      response('4XX').json(problem(429, 'too_many'), { status: 429, headers: { 'Retry-After': '42' } }),
    ),
  )
  openSignedOut('/admin/audit')
  await paste(TOKEN)
  expect((await screen.findByRole('alert')).textContent).toContain('Wait 42 seconds')
})

test('what cannot be a token is not sent at all', async () => {
  openSignedOut('/admin/audit')
  await paste('hunter2')
  expect((await screen.findByRole('alert')).textContent).toContain('not an operator token')
})

test('a token that ends in the middle leads to the sign-in, and back to the same place', async () => {
  let ended = true
  server.use(
    http.get('/api/v1/admin/reports', ({ response }) =>
      ended
        ? response('4XX').json(problem(401, 'unauthenticated'), { status: 401 })
        : response(200).json({ items: [] }),
    ),
    http.get('/api/v1/admin/session', ({ response }) =>
      response(200).json({ actor: 'ada@example.org', expires: later }),
    ),
  )
  openAs('/admin/reports?status=failed')
  expect(await screen.findByText('Your token is no longer accepted.')).toBeTruthy()
  expect(currentOperator()).toBeUndefined()
  expect(sessionStorage.getItem('crb.operator')).toBeNull()
  ended = false
  await paste('crb1.newer.token')
  expect(await screen.findByText('Nothing has failed')).toBeTruthy()
  expect(screen.getByTestId('address').textContent).toContain('/admin/reports?status=failed')
})

test('a token is renewed in time without leaving the room', async () => {
  server.use(
    http.get('/api/v1/admin/session', ({ response }) =>
      response(200).json({ actor: 'ada@example.org', expires: later }),
    ),
  )
  const user = userEvent.setup()
  openAs('/admin/audit', 300)
  expect(await screen.findByText('Your token expires in 5 min.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Use a new token' }))
  await paste('crb1.newer.token')
  expect(await screen.findByRole('heading', { level: 1, name: 'Audit' })).toBeTruthy()
  expect(screen.queryByText(/expires in/)).toBeNull()
  expect(currentOperator()?.token).toBe('crb1.newer.token')
})

test('signing out forgets the token', async () => {
  openAs('/admin/audit')
  await userEvent.click(await screen.findByRole('button', { name: 'Sign out' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Operators: sign in' })).toBeTruthy()
  expect(sessionStorage.getItem('crb.operator')).toBeNull()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('the help on ? switches single keys off', async () => {
  const user = userEvent.setup()
  openAs('/admin/audit')
  await screen.findByRole('heading', { level: 1, name: 'Audit' })
  await user.keyboard('?')
  await user.click(screen.getByRole('checkbox', { name: 'Single keys work on these pages' }))
  await user.click(screen.getByRole('button', { name: 'Close' }))
  await user.keyboard('?')
  expect(screen.queryByRole('dialog')).toBeNull()
})
