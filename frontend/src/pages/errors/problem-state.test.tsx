// What passes by itself goes on by itself; what does not is shown with its number.
import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, onTestFinished, test, vi } from 'vitest'

import { ApiProblem } from '@/api/problem'
import { ProblemState } from '@/pages/errors/problem-state'

const refused = (status: number, code: string, headers: Record<string, string> = {}) =>
  ApiProblem.of(new Response(null, { status, headers }), { code, status, detail: '', request_id: 'req-7' })

test('without a connection the page asks again as soon as there is one', () => {
  const retry = vi.fn<() => void>()
  render(<ProblemState title="Your score" error={ApiProblem.offline()} onRetry={retry} />)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('No connection')
  window.dispatchEvent(new Event('online'))
  expect(retry).toHaveBeenCalledOnce()
})

test('a server that is away is asked again when it said it would be back', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const retry = vi.fn<() => void>()
  const problem = refused(503, 'unavailable', { 'Retry-After': '20' })
  render(<ProblemState title="Your score" error={problem} onRetry={retry} />)
  expect(screen.queryByText('req-7')).not.toBeNull()
  act(() => vi.advanceTimersByTime(19_000))
  expect(retry).not.toHaveBeenCalled()
  act(() => vi.advanceTimersByTime(1000))
  expect(retry).toHaveBeenCalledOnce()
})

test('a fault keeps the heading of its page and waits for a click', async () => {
  const retry = vi.fn<() => void>()
  render(<ProblemState title="Your score" error={refused(500, 'internal')} onRetry={retry} />)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Your score')
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledOnce()
})
