// How the installation does: every part it depends on, the queue, the last day, and what the model cost.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, call } from '@/api/client'
import type { Check, Detailed, Stats } from '@/api/schema'
import { admin } from '@messages/admin'
import { installation } from '@messages/admin-status'
import { ask, isRefusal } from '@/pages/admin/ask'
import { Confirm } from '@/pages/admin/confirm'
import { ListSkeleton, Refused } from '@/pages/admin/list'
import { duration } from '@/pages/admin/moment'
import { clockTime, RefreshBar, useAutoRefresh } from '@/pages/admin/refresh-bar'
import { Room } from '@/pages/admin/room'
import { CostStrip } from '@/pages/admin/status/cost-strip'
import { Badge, type Tone } from '@/ui/badge'
import { Button } from '@/ui/button'
import { inWords } from '@/ui/problem-notice'
import { type Column, Table } from '@/ui/table'
import { toast } from '@/ui/toast'

const say = installation.status
const SECONDS = 15

export default function Status() {
  const auto = useAutoRefresh(SECONDS)
  const health = useQuery({
    queryKey: ['admin', 'status', 'health'],
    queryFn: async ({ signal }) => {
      const now = await call(api.GET('/api/health/detailed', { signal, cache: 'no-store' }))
      return { now, parts: partsOf(now) }
    },
    refetchInterval: auto.interval,
  })
  const stats = useQuery({
    queryKey: ['admin', 'status', 'stats'],
    queryFn: ({ signal }) => ask((as) => api.GET('/api/v1/admin/stats', { ...as, signal })),
    refetchInterval: auto.interval,
  })
  // One line for both: the older of the two, and whatever is wrong with either.
  const both = {
    dataUpdatedAt: Math.min(health.dataUpdatedAt, stats.dataUpdatedAt),
    error: health.error ?? stats.error,
    isError: health.isError || stats.isError,
    isFetching: health.isFetching || stats.isFetching,
    refetch: () => Promise.all([health.refetch(), stats.refetch()]),
  }
  return (
    <Room title={say.title} actions={<FlushButton />}>
      <RefreshBar query={both} auto={auto} seconds={SECONDS} />
      {health.isPending && <ListSkeleton />}
      {health.isError && !health.data && <Refused query={health} />}
      {health.data && <Health health={health.data.now} parts={health.data.parts} />}
      {stats.isPending && <ListSkeleton />}
      {stats.isError && !stats.data && <Refused query={stats} />}
      {stats.data && (
        <>
          <Figures stats={stats.data} />
          <CostStrip
            costs={stats.data.cost_per_day}
            budget={stats.data.day_budget_microusd}
            now={stats.dataUpdatedAt}
          />
        </>
      )}
    </Room>
  )
}

interface Part {
  name: string
  check: Check
  since: number
}

/** What was last seen of each part in this tab, and when it began: the API tells only how it is now. */
const seen = new Map<string, { status: string; since: number }>()

function partsOf({ checks }: Detailed): Part[] {
  return Object.entries(checks).map(([name, check]) => {
    const before = seen.get(name)
    const since = before?.status === check.status ? before.since : Date.now()
    seen.set(name, { status: check.status, since })
    return { name, check, since }
  })
}

function Health({ health, parts }: { health: Detailed; parts: readonly Part[] }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 rounded-card border border-rule p-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="flex flex-wrap items-center gap-3 text-lg font-semibold">
          {say.parts} <StateBadge state={health.status} />
        </h2>
        <p className="text-sm text-muted">
          {say.running(health.environment)} ·{' '}
          <span className="select-all">{say.version(health.version, health.revision)}</span>
        </p>
      </div>
      <Table
        caption={say.parts}
        columns={COLUMNS}
        rows={parts}
        rowKey={(part) => part.name}
        narrow="scroll"
      />
    </div>
  )
}

const LOOKS: Record<keyof typeof say.states, { tone: Tone; sign: string }> = {
  healthy: { tone: 'good', sign: '✓' },
  degraded: { tone: 'warn', sign: '!' },
  unhealthy: { tone: 'bad', sign: '✕' },
  not_configured: { tone: 'neutral', sign: '–' },
}

/** A state that this page does not know yet is shown by its own word. */
function StateBadge({ state }: { state: string }) {
  const known = isKnown(state)
  const { tone, sign } = known ? LOOKS[state] : { tone: 'neutral' as const, sign: '?' }
  return (
    <Badge tone={tone}>
      <span aria-hidden="true">{sign}</span>
      {known ? say.states[state] : state}
    </Badge>
  )
}

const isKnown = (state: string): state is keyof typeof say.states => Object.hasOwn(say.states, state)

const COLUMNS: readonly Column<Part>[] = [
  {
    key: 'name',
    label: say.columns.name,
    names: true,
    cell: ({ name }) => <span className="font-medium">{say.names.get(name) ?? name}</span>,
  },
  { key: 'state', label: say.columns.state, cell: ({ check }) => <StateBadge state={check.status} /> },
  {
    key: 'since',
    label: say.columns.since,
    cell: ({ since }) => <time dateTime={new Date(since).toISOString()}>{clockTime(since)}</time>,
  },
  {
    key: 'latency',
    label: say.columns.latency,
    cell: ({ check }) =>
      check.latency_ms === undefined ? '–' : admin.units.milliseconds(check.latency_ms.toFixed(1)),
  },
  {
    key: 'detail',
    label: say.columns.detail,
    cell: ({ check }) => (
      <span className="break-words">
        {check.error ?? (check.depth === undefined ? '–' : say.waiting(check.depth))}
      </span>
    ),
  },
]

function Figures({ stats }: { stats: Stats }) {
  const seconds = (value: number | undefined) => (value === undefined ? '–' : duration(value))
  const figures = [
    { name: say.figures.queue, value: stats.queue_depth },
    { name: say.figures.oldest, value: seconds(stats.oldest_wait_seconds) },
    { name: say.figures.running, value: stats.running },
    { name: say.figures.dead, value: stats.dead_jobs, isWrong: stats.dead_jobs > 0 },
    { name: say.figures.ready, value: stats.ready_24h },
    { name: say.figures.failed, value: stats.failed_24h, isWrong: stats.failed_24h > 0 },
    { name: say.figures.mails, value: stats.mails_pending },
    {
      name: say.figures.generation,
      value: `${seconds(stats.generation_p50_seconds)} / ${seconds(stats.generation_p95_seconds)}`,
    },
  ]
  return (
    <section aria-labelledby="figures" className="grid gap-3">
      <h2 id="figures" className="text-lg font-semibold">
        {say.figures.title}
      </h2>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {figures.map(({ name, value, isWrong }) => (
          <div
            key={name}
            className={`flex flex-col justify-between gap-1 rounded-card border p-4 ${isWrong ? 'border-bad bg-bad-tint' : 'border-rule'}`}
          >
            <dt className="text-sm text-muted">
              {isWrong && <span aria-hidden="true">! </span>}
              {name}
            </dt>
            <dd className={`figure text-2xl font-semibold ${isWrong ? 'text-bad' : ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function FlushButton() {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const flush = useMutation({
    mutationFn: () => ask((as) => api.POST('/api/v1/admin/cache/flush', as)),
    onSuccess: () => {
      toast(say.flush.done)
      return client.invalidateQueries({ queryKey: ['admin'] })
    },
    onError: (error) => {
      if (!isRefusal(error)) toast(say.flush.failed(inWords(error).text), { kind: 'failed' })
    },
  })
  return (
    <>
      <Button variant="secondary" size="small" busy={flush.isPending} onClick={() => setAsking(true)}>
        {say.flush.open}
      </Button>
      <Confirm
        open={asking}
        title={say.flush.title}
        verb={say.flush.open}
        onConfirm={() => flush.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{say.flush.text}</p>
      </Confirm>
    </>
  )
}
