// The queue: filters in the address, pages, keys, and trying again.
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import '@/pages/admin/reports/report'
import '@/pages/admin/reports/reports'
import { aReport, Gate, openAs, problem } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

const other = aReport({ report_id: '01a204e4-2ff3-7467-b491-99ffb757a3c8', company: '<b>Other</b> Dental' })

test('the filter stands in the address and is asked of the API', async () => {
  const asked: (string | null)[] = []
  server.use(
    http.get('/api/v1/admin/reports', ({ query, response }) => {
      asked.push(query.get('status'))
      return response(200).json({ items: [] })
    }),
  )
  openAs('/admin/reports?status=failed')
  expect(await screen.findByText('Nothing has failed')).toBeTruthy()
  await userEvent.click(screen.getByRole('link', { name: 'Running' }))
  expect(await screen.findByText('Nothing is being written')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Running' }).getAttribute('aria-current')).toBe('true')
  expect(screen.getByTestId('address').textContent).toContain('/admin/reports?status=running')
  await userEvent.click(screen.getByRole('link', { name: 'All' }))
  expect(await screen.findByText('No reports yet')).toBeTruthy()
  expect(asked).toEqual(['failed', 'running', null])
})

test('the next page is asked for by its cursor and gets the focus', async () => {
  server.use(
    http.get('/api/v1/admin/reports', ({ query, response }) =>
      response(200).json(
        query.get('cursor') === 'behind' ? { items: [other] } : { items: [aReport()], next: 'behind' },
      ),
    ),
  )
  openAs('/admin/reports')
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  // What a customer typed is text.
  const link = await screen.findByRole('link', { name: '<b>Other</b> Dental' })
  await waitFor(() => expect(document.activeElement).toBe(link))
  expect(screen.getByText('2 in all')).toBeTruthy()
  await userEvent.keyboard('k')
  expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Bright Dental' }))
  await userEvent.keyboard('jj')
  expect(document.activeElement).toBe(link)
})

/** Presses "Try again" and says yes. */
async function tryAgain() {
  await userEvent.click(await screen.findByRole('button', { name: /^Try again/ }))
  const dialog = screen.getByRole('dialog', { name: 'Write this report again?' })
  await userEvent.click(within(dialog).getByRole('button', { name: 'Try again' }))
}

test('a retry shows at once, before the server has answered', async () => {
  const answered = new Gate()
  let row = aReport({ refund_due: true, last_error: 'overloaded' })
  server.use(
    http.get('/api/v1/admin/reports', ({ response }) => response(200).json({ items: [row] })),
    http.post('/api/v1/admin/reports/{id}/retry', async ({ response }) => {
      await answered.opened
      row = aReport({ status: 'running' })
      return response(200).json(row)
    }),
  )
  openAs('/admin/reports')
  const rowOf = async () =>
    within((await screen.findByRole('link', { name: 'Bright Dental' })).closest('tr') ?? document.body)
  expect((await rowOf()).getByText('Failed')).toBeTruthy()
  expect((await rowOf()).getByText('Refund due')).toBeTruthy()
  await tryAgain()
  expect(await (await rowOf()).findByText('Queued')).toBeTruthy()
  answered.open()
  expect(await screen.findByText('The report is queued again.')).toBeTruthy()
  expect(await (await rowOf()).findByText('Running')).toBeTruthy()
})

test('a retry that is refused is taken back at once, with the reason', async () => {
  const asked = new Gate()
  let times = 0
  server.use(
    http.get('/api/v1/admin/reports', async ({ response }) => {
      times += 1
      // The queue does not come again before this test has looked.
      if (times > 1) await asked.opened
      return response(200).json({ items: [aReport()] })
    }),
    http.post('/api/v1/admin/reports/{id}/retry', ({ response }) =>
      response('4XX').json(problem(409, 'conflict'), { status: 409 }),
    ),
  )
  openAs('/admin/reports')
  await tryAgain()
  expect(await screen.findByText(/The report was not queued\. The detail of conflict\./)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Bright Dental' }).closest('tr')?.textContent).toContain('Failed')
  asked.open()
})

test('only a failed report can be tried again', async () => {
  server.use(
    http.get('/api/v1/admin/reports', ({ response }) =>
      response(200).json({ items: [aReport({ status: 'ready' }), aReport({ ...other, status: 'running' })] }),
    ),
  )
  openAs('/admin/reports')
  expect(await screen.findAllByRole('button', { name: 'Copy id' })).toHaveLength(2)
  expect(screen.queryByRole('button', { name: /^Try again/ })).toBeNull()
})

test('a report shows its calls and what they cost together', async () => {
  const call = {
    task: 'findings',
    model: 'claude-sonnet-5-5',
    attempt: 1,
    input_tokens: 3000,
    output_tokens: 1400,
    cache_read_tokens: 0,
    cache_write_tokens: 398,
    cost_microusd: 20_800,
    latency_ms: 4100,
    ttft_ms: 771,
    stop_reason: 'end_turn',
    outcome: 'ok',
    at: '2026-11-22T20:12:38Z',
  } as const
  const second = {
    ...call,
    task: 'options',
    attempt: 2,
    outcome: 'timeout',
    at: '2026-11-22T20:12:48Z',
  } as const
  server.use(
    http.get('/api/v1/admin/reports', ({ response }) =>
      response(200).json({ items: [aReport({ status: 'ready' })] }),
    ),
    http.get('/api/v1/admin/reports/{id}/llm-calls', ({ response }) =>
      response(200).json({ items: [call, second] }),
    ),
  )
  openAs(`/admin/reports/${aReport().report_id}`)
  expect(await screen.findByRole('heading', { level: 1, name: 'Bright Dental' })).toBeTruthy()
  const table = await screen.findByRole('table', { name: 'Calls to the model' })
  expect(within(table).getByText('options, attempt 2')).toBeTruthy()
  expect(within(table).getByText('Timed out')).toBeTruthy()
  const total = within(table).getByRole('row', { name: /Total of 2 calls/ })
  expect(total.textContent).toContain('6,000')
  expect(total.textContent).toContain('$0.0416')
})
