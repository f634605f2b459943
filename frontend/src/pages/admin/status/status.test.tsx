// The status: a part that fails is said in words, figures stay while a refresh fails, and the cache asks first.
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'

import type { Detailed, Stats } from '@/api/schema'
import '@/pages/admin/status/status'
import { everyDay } from '@/pages/admin/status/cost-strip'
import { openAs, problem } from '@/pages/admin/testing'
import { http, server } from '@/test/server'

const health: Detailed = {
  status: 'degraded',
  timestamp: '2026-11-22T20:00:00Z',
  version: '1.4.0',
  revision: 'abc1234',
  environment: 'staging',
  checks: {
    database: { status: 'healthy', latency_ms: 1.25 },
    redis: { status: 'unhealthy', latency_ms: 2000, error: 'timeout' },
    claude_api: { status: 'not_configured' },
    queue: { status: 'degraded', depth: 12 },
    moon: { status: 'eclipsed' },
  },
}

const stats: Stats = {
  queue_depth: 12,
  oldest_wait_seconds: 400,
  running: 2,
  ready_24h: 30,
  failed_24h: 0,
  dead_jobs: 1,
  mails_pending: 0,
  generation_p50_seconds: 41,
  generation_p95_seconds: 130,
  cost_per_day: [{ day: new Date().toISOString().slice(0, 10), cost_microusd: 2_500_000 }],
  day_budget_microusd: 2_000_000,
}

beforeEach(() => {
  server.use(
    http.get('/api/health/detailed', ({ response }) => response(200).json(health)),
    http.get('/api/v1/admin/stats', ({ response }) => response(200).json(stats)),
  )
})

test('each part says how it does, in words', async () => {
  openAs('/admin/status')
  const table = within(await screen.findByRole('table', { name: 'Parts' }))
  expect(table.getByRole('row', { name: /Database/ }).textContent).toMatch(/Healthy.*1\.3 ms/)
  expect(table.getByRole('row', { name: /Redis/ }).textContent).toMatch(/Unhealthy.*timeout/)
  expect(table.getByRole('row', { name: /Queue/ }).textContent).toMatch(/Degraded.*12 waiting/)
  expect(table.getByRole('row', { name: /Claude/ }).textContent).toContain('Not configured')
  expect(table.getByRole('row', { name: /moon/ }).textContent).toContain('eclipsed')
  expect(screen.getByText('version 1.4.0, revision abc1234')).toBeTruthy()
})

test('the queue, the last day and a used-up budget', async () => {
  openAs('/admin/status')
  expect(await screen.findByText('7 min')).toBeTruthy()
  expect(screen.getByText('41 s / 2 min')).toBeTruthy()
  expect(screen.getByText('The budget is used up.')).toBeTruthy()
  expect(screen.getByRole('img', { name: /^\$2\.50 in 30 days/ })).toBeTruthy()
})

test('a refresh that fails keeps what was seen, and says so', async () => {
  const user = userEvent.setup()
  openAs('/admin/status')
  await screen.findByRole('table', { name: 'Parts' })
  await screen.findByText('41 s / 2 min')
  server.use(
    http.get('/api/v1/admin/stats', ({ response }) =>
      response('4XX').json(problem(400, 'invalid'), { status: 400 }),
    ),
  )
  await user.click(screen.getByRole('button', { name: 'Refresh now' }))
  expect((await screen.findByRole('alert')).textContent).toContain('The newest state did not come')
  expect(screen.getByText('41 s / 2 min')).toBeTruthy()
})

test('the refreshing can be paused', async () => {
  const user = userEvent.setup()
  openAs('/admin/status')
  const pause = await screen.findByRole('button', { name: 'Pause' })
  expect(screen.getByText(/Every 15 seconds/)).toBeTruthy()
  await user.click(pause)
  expect(pause.getAttribute('aria-pressed')).toBe('true')
  expect(screen.getByText(/Paused\./)).toBeTruthy()
})

test('the cache is emptied after a question', async () => {
  let flushed = 0
  server.use(
    http.post('/api/v1/admin/cache/flush', ({ response }) => {
      flushed += 1
      return response(204).empty()
    }),
  )
  const user = userEvent.setup()
  openAs('/admin/status')
  await user.click(await screen.findByRole('button', { name: 'Empty the cache' }))
  expect(flushed).toBe(0)
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Empty the cache' }))
  expect(await screen.findByText('The cache is empty.')).toBeTruthy()
  expect(flushed).toBe(1)
})

test('days without cost are there, oldest first', () => {
  const days = everyDay([{ day: '2026-11-21', cost_microusd: 5 }], Date.parse('2026-11-22T10:00:00Z'))
  expect(days).toHaveLength(30)
  expect(days[0]).toEqual({ day: '2026-10-24', cost_microusd: 0 })
  expect(days.slice(-2).map((one) => one.cost_microusd)).toEqual([5, 0])
})
