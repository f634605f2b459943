// The buttons of a report: what they do, and what they say when it is refused.
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse } from 'msw'
import { beforeEach, describe, expect, test, vi } from 'vitest'

import type { Problem } from '@/api/schema'
import { rememberToken } from '@/lib/report-access'
import { ReportActions } from '@/pages/report/actions'
import { renderAround } from '@/test/render'
import { problem } from '@/test/report'
import { http, server } from '@/test/server'

const TOKEN = 'kDCBCPsG2QTm5Ek4BO3p4OuGGLk-ZGyOwLsmkOzNqFM'
let id = ''
beforeEach(() => {
  id = crypto.randomUUID()
})

const show = (of = id) => renderAround(`/reports/${of}`, <ReportActions id={of} />)
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }))
const outcome = () => screen.getByRole('status')
const refusal = (code: Problem['code'], status: number, detail?: string, headers = {}) =>
  HttpResponse.json(problem(code, status, detail), { status, headers })

describe('the mail again', () => {
  const answer = (respond: () => Response) =>
    server.use(http.post('/api/v1/reports/{id}/resend', ({ response }) => response.untyped(respond())))

  test('is sent', async () => {
    answer(() => new HttpResponse(null, { status: 202 }))
    show()
    await press('Send the mail again')
    expect(await screen.findByText(/The mail is on its way/)).toBeTruthy()
  })

  test('three a day: says so, and from when', async () => {
    answer(() => refusal('too_many', 429, 'the mail was sent three times today', { 'Retry-After': '7200' }))
    show()
    await press('Send the mail again')
    const words = /could not be sent: The mail was sent three times today\. You can ask again from \d/
    expect(await screen.findByText(words)).toBeTruthy()
  })

  test('a cookie that is gone is renewed without a word', async () => {
    rememberToken(id, TOKEN)
    let opened = false
    server.use(
      http.post('/api/v1/reports/{id}/access', ({ response }) => {
        opened = true
        return response(204).empty()
      }),
    )
    answer(() => (opened ? new HttpResponse(null, { status: 202 }) : refusal('unauthenticated', 401)))
    show()
    await press('Send the mail again')
    expect(await screen.findByText(/The mail is on its way/)).toBeTruthy()
  })
})

describe('the PDF', () => {
  const answer = (respond: () => Response) =>
    server.use(http.get('/api/v1/reports/{id}/pdf', ({ response }) => response.untyped(respond())))
  const pdf = () => screen.getByRole('link', { name: /PDF/ })

  test('is a real link, and a click saves the file under its name and says its size', async () => {
    const saved: string[] = []
    vi.stubGlobal(
      'URL',
      class extends URL {
        static override createObjectURL = () => 'blob:pdf'
        static override revokeObjectURL = () => {}
      },
    )
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
      this: HTMLAnchorElement,
    ) {
      saved.push(this.download)
    })
    answer(
      () =>
        new HttpResponse(new Uint8Array(148_200), {
          headers: {
            'Content-Type': 'application/pdf',
            'Content-Disposition': 'inline; filename="crb-report-2026-11-22.pdf"',
          },
        }),
    )
    show()
    expect(pdf().getAttribute('href')).toBe(`/api/v1/reports/${id}/pdf`)
    await userEvent.click(pdf())
    expect(await screen.findByText('The PDF is saved (149 KB).')).toBeTruthy()
    expect(saved).toEqual(['crb-report-2026-11-22.pdf'])
  })

  test('not ready yet', async () => {
    answer(() => refusal('conflict', 409, 'the report is not ready yet'))
    show()
    await userEvent.click(pdf())
    expect(await screen.findByText(/The PDF is not ready yet/)).toBeTruthy()
    expect(outcome().textContent).toContain('could not be loaded')
  })

  test('a fault of ours in words', async () => {
    answer(() => refusal('internal', 500))
    show()
    await userEvent.click(pdf())
    expect(await screen.findByText(/We have been told about it/)).toBeTruthy()
  })
})

describe('the share link', () => {
  test('is copied with its key, and the warning stands beside it', async () => {
    rememberToken(id, TOKEN)
    const user = userEvent.setup()
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    show()
    expect(screen.getByText('Whoever has the share link can read this report.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Copy share link' }))
    expect(write).toHaveBeenCalledWith(`http://localhost:3000/reports/${id}#token=${TOKEN}`)
  })

  test('a browser that does not know the key says where it stands', () => {
    show()
    expect(screen.queryByRole('button', { name: 'Copy share link' })).toBeNull()
    expect(screen.getByText(/It stands in our mail/)).toBeTruthy()
  })
})

test('the sample can be printed, and leads to one’s own', async () => {
  const print = vi.fn<() => void>()
  vi.stubGlobal('print', print)
  show('sample')
  await press('Print')
  expect(print).toHaveBeenCalledOnce()
  expect(screen.getByRole('link', { name: 'Start your own' }).getAttribute('href')).toBe('/quiz')
  expect(screen.queryByRole('link', { name: /PDF/ })).toBeNull()
  expect(screen.queryByRole('button', { name: /mail/ })).toBeNull()
})
