// A report's page from the door to the end: being written, ready, failed, refused, away.
import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse } from 'msw'
import { beforeEach, describe, expect, test, vi } from 'vitest'

import type { Event, Pending } from '@/api/schema'
import Report from '@/pages/report/report'
import { FakeEventSource } from '@/test/event-source'
import { renderAt } from '@/test/render'
import { pending, problem } from '@/test/report'
import { http, server } from '@/test/server'

vi.mock('@/pages/report/viewer', () => ({
  default: ({ document, actions }: { document: { title: string }; actions: React.ReactNode }) => (
    <>
      <h1>{document.title}</h1>
      {actions}
    </>
  ),
}))

let id = ''
beforeEach(() => {
  id = crypto.randomUUID()
  FakeEventSource.install()
  // Without jitter and without a wait between the tries of a request.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  window.history.replaceState(null, '', '/')
})

/** Each answer once, the last one for ever. */
function answers(...given: (() => Response)[]) {
  let next = 0
  server.use(
    http.get('/api/v1/reports/{id}', ({ response }) => {
      const answer = given[Math.min(next, given.length - 1)]
      next += 1
      if (!answer) throw new Error('no answer was given')
      return response.untyped(answer())
    }),
  )
}

const writing = (more?: Partial<Pending>) => () => HttpResponse.json(pending(id, more), { status: 202 })
const ready = () => HttpResponse.json({ schema_version: 1, title: 'The verdict' })
const refusal = (code: 'unauthenticated' | 'not_found', status: number) => () =>
  HttpResponse.json(problem(code, status), { status })
const open = (address = `/reports/${id}`) => renderAt(address, '/reports/:id', <Report />)
const stream = async () => {
  await waitFor(() => expect(FakeEventSource.streams).not.toHaveLength(0))
  return FakeEventSource.newest()
}
const tell = (source: FakeEventSource, seq: number, more: Partial<Event>) =>
  act(() =>
    source.tell({ seq, at: '2026-11-22T19:55:27Z', kind: 'progress', progress: 0, payload: {}, ...more }),
  )

describe('while it is written', () => {
  test('shows the stages, the findings and the percent as they are told, and moves on by itself', async () => {
    answers(writing({ progress: 5, phase: 'assemble' }), ready)
    open()
    const source = await stream()
    act(() => source.open())
    expect(screen.getByText('Live')).toBeTruthy()
    tell(source, 1, { progress: 20, phase: 'findings' })
    expect(screen.getByText('20%')).toBeTruthy()
    await waitFor(() => expect(document.title).toContain('20%'))
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('20')
    expect(screen.getByText('Looking for what pays off').closest('li')?.getAttribute('aria-current')).toBe(
      'step',
    )
    const payload = { id: 'f-01', title: '<b>Phones</b>', recommendable: false }
    tell(source, 2, { kind: 'finding', phase: 'findings', progress: 35, payload })
    tell(source, 2, { kind: 'finding', phase: 'findings', progress: 35, payload })
    expect(screen.getByRole('heading', { name: '1 finding so far' })).toBeTruthy()
    expect(screen.getByText('<b>Phones</b>')).toBeTruthy()
    expect(screen.getByText('Better not')).toBeTruthy()
    expect(screen.getByText(/You can close this page/)).toBeTruthy()
    tell(source, 3, { kind: 'ready', phase: 'render', progress: 100 })
    const verdict = await screen.findByRole('heading', { level: 1, name: 'The verdict' })
    await waitFor(() => expect(document.activeElement).toBe(verdict))
    expect(source.closed).toBe(true)
  })

  test('a broken line is said in words, and so is its return', async () => {
    answers(writing())
    open()
    const source = await stream()
    act(() => source.break())
    expect(
      screen.getByText(/^Connection lost, trying again. The report is being written anyway/, {
        selector: 'main p',
      }),
    ).toBeTruthy()
    act(() => window.dispatchEvent(new Event('online')) && FakeEventSource.newest().open())
    expect(screen.getByText('Live')).toBeTruthy()
  })

  test('where the report does not come at once, a button asks again', async () => {
    answers(writing(), () => HttpResponse.error(), ready)
    open()
    tell(await stream(), 1, { kind: 'ready', progress: 100 })
    const button = await screen.findByRole('button', { name: 'Open the report' })
    await userEvent.click(button)
    expect(await screen.findByRole('heading', { name: 'The verdict' })).toBeTruthy()
  })
})

describe('when it failed', () => {
  const failed = writing({ status: 'failed', failed_reason: 'It could not be written.' })

  test('says what happened, that nothing more is charged, and what comes next', async () => {
    answers(failed)
    open()
    expect(await screen.findByText('It could not be written.')).toBeTruthy()
    expect(screen.getByText(/You are not charged again/)).toBeTruthy()
    expect(screen.getByText(/marked for a refund/)).toBeTruthy()
    expect(screen.getByText(id)).toBeTruthy()
    expect(FakeEventSource.streams).toHaveLength(0)
  })

  test('follows the news from the stream there', async () => {
    answers(writing(), failed)
    open()
    tell(await stream(), 1, { kind: 'failed', progress: 35, payload: { reason: 'no' } })
    expect(await screen.findByText('It could not be written.')).toBeTruthy()
  })

  test('a look that finds it being written again goes back to watching', async () => {
    answers(failed, failed, writing())
    open()
    const look = await screen.findByRole('button', { name: 'Look again' })
    await userEvent.click(look)
    expect(await screen.findByText(/Nothing new yet/, { selector: 'main *' })).toBeTruthy()
    await userEvent.click(look)
    expect(await screen.findByRole('heading', { name: 'Your report is being written' })).toBeTruthy()
  })
})

describe('what does not open', () => {
  test.each([
    ['no link of its own', refusal('unauthenticated', 401)],
    ['not there, or somebody else’s', refusal('not_found', 404)],
  ])('%s: the same words', async (_, answer) => {
    answers(answer)
    open()
    expect(await screen.findByRole('heading', { name: 'This link does not open a report' })).toBeTruthy()
    expect(screen.getByText(/Use the newest link from our mail/)).toBeTruthy()
    expect(document.body.textContent).not.toMatch(/exist|somebody else/)
  })

  test('nobody answers: says so, and trying again opens it', async () => {
    const away = () => HttpResponse.error()
    answers(away, away, away, away, ready)
    open()
    expect(await screen.findByRole('heading', { name: 'Your report cannot be loaded just now' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('heading', { name: 'The verdict' })).toBeTruthy()
  })
})

test('the sample needs no link', async () => {
  server.use(http.get('/api/v1/reports/sample', ({ response }) => response.untyped(ready())))
  open('/reports/sample')
  expect(await screen.findByRole('heading', { name: 'The verdict' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Start your own' })).toBeTruthy()
})
