// Reports as the API has them, and the one thing an operator can do about them.
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query'

import { api } from '@/api/client'
import type { ReportRow, ReportStatus } from '@/api/schema'
import { reports as say } from '@messages/admin-reports'
import { ask, isRefusal } from '@/pages/admin/ask'
import { byCursor, type Pages } from '@/pages/admin/list'
import { inWords } from '@/ui/problem-notice'
import { toast } from '@/ui/toast'

const keys = {
  all: ['admin', 'reports'],
  lists: ['admin', 'reports', 'list'],
  list: (status: ReportStatus | 'all') => ['admin', 'reports', 'list', status],
  one: (id: string) => ['admin', 'reports', 'one', id],
  calls: (id: string) => ['admin', 'reports', 'calls', id],
}

export function useReports(status: ReportStatus | 'all', interval: number | false) {
  return useInfiniteQuery({
    queryKey: keys.list(status),
    queryFn: ({ pageParam, signal }) => page({ status, cursor: pageParam, signal }),
    ...byCursor,
    refetchInterval: interval,
  })
}

/** A report by its id; null where it is not among the newest thousand, which is all that this page looks through. */
export function useReport(id: string) {
  const client = useQueryClient()
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => find(id, signal),
    // From the list that was just looked at.
    initialData: () => listed(client, id),
    initialDataUpdatedAt: 0,
    refetchInterval: ({ state }) => (isMoving(state.data) ? 10_000 : false),
  })
}

export function useCalls(id: string, interval: number | false) {
  return useQuery({
    queryKey: keys.calls(id),
    queryFn: async ({ signal }) => {
      const params = { path: { id } }
      const { items } = await ask((as) =>
        api.GET('/api/v1/admin/reports/{id}/llm-calls', { ...as, params, signal }),
      )
      return items
    },
    refetchInterval: interval,
  })
}

export const isMoving = (report: ReportRow | null | undefined) =>
  report?.status === 'queued' || report?.status === 'running'

/** Shown as queued at once; back to what it was when the server says no. */
export function useRetry() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { id } }
      return ask((as) => api.POST('/api/v1/admin/reports/{id}/retry', { ...as, params }))
    },
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: keys.all })
      const before = client.getQueriesData({ queryKey: keys.all })
      const queued = (row: ReportRow): ReportRow =>
        row.report_id === id ? { ...row, status: 'queued', job_state: 'queued' } : row
      client.setQueriesData<Pages<ReportRow>>(
        { queryKey: keys.lists },
        (data) =>
          data && { ...data, pages: data.pages.map((one) => ({ ...one, items: one.items.map(queued) })) },
      )
      client.setQueryData<ReportRow | null>(keys.one(id), (row) => row && queued(row))
      return before
    },
    onSuccess: () => toast(say.retried),
    onError: (error, _id, before) => {
      for (const [key, data] of before ?? []) client.setQueryData(key, data)
      if (!isRefusal(error)) toast(say.notRetried(inWords(error).text), { kind: 'failed' })
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.all })
    },
  })
}

interface Asked {
  status: ReportStatus | 'all'
  cursor: string | undefined
  limit?: number
  signal: AbortSignal
}

function page({ status, cursor, limit, signal }: Asked) {
  const query = {
    ...(status !== 'all' && { status }),
    ...(cursor !== undefined && { cursor }),
    ...(limit !== undefined && { limit }),
  }
  return ask((as) => api.GET('/api/v1/admin/reports', { ...as, params: { query }, signal }))
}

const LIMIT = 100
const MOST_PAGES = 10

async function find(id: string, signal: AbortSignal): Promise<ReportRow | null> {
  let cursor: string | undefined
  for (let asked = 0; asked < MOST_PAGES; asked += 1) {
    const { items, next } = await page({ status: 'all', cursor, limit: LIMIT, signal })
    const found = items.find((row) => row.report_id === id)
    if (found) return found
    if (next === undefined) break
    cursor = next
  }
  return null
}

function listed(client: QueryClient, id: string): ReportRow | undefined {
  const lists = client.getQueriesData<Pages<ReportRow>>({ queryKey: keys.lists })
  const rows = lists.flatMap(([, data]) => data?.pages.flatMap((one) => one.items) ?? [])
  return rows.find((row) => row.report_id === id)
}
