// Lists that come page by page: skeleton, refusal, nothing there, rows, and more of them.
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'

import { admin as say } from '@messages/admin'
import { Link, useLocation } from '@/lib/navigation'
import { isRefusal } from '@/pages/admin/ask'
import { useRowKeys } from '@/pages/admin/keys'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'
import { ProblemNotice } from '@/ui/problem-notice'
import { Block } from '@/ui/skeleton'

export interface ListPage<Row> {
  items: Row[]
  next?: string
}

export type Pages<Row> = InfiniteData<ListPage<Row>>

/** For `useInfiniteQuery`: the cursor of the next page is in the one before. */
export const byCursor: ByCursor = { initialPageParam: undefined, getNextPageParam: (page) => page.next }

interface ByCursor {
  initialPageParam: string | undefined
  getNextPageParam: (page: { next?: string }) => string | undefined
}

interface ListProps<Row> {
  query: UseInfiniteQueryResult<Pages<Row>>
  empty: ReactNode
  children: (rows: Row[]) => ReactNode
}

export function List<Row>({ query, empty, children }: ListProps<Row>) {
  const box = useRef<HTMLDivElement>(null)
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const more = useFocusOnMore(box, rows.length)
  useRowKeys(box)
  if (query.isPending) return <ListSkeleton />
  if (query.isError && !query.data) return <Refused query={query} />
  if (rows.length === 0) return empty
  return (
    <div ref={box} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {children(rows)}
      {query.isFetchNextPageError && (
        <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />
      )}
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p>{query.hasNextPage ? say.list.some(rows.length) : say.list.all(rows.length)}</p>
        {query.hasNextPage && (
          <Button
            variant="secondary"
            busy={query.isFetchingNextPage}
            onClick={() => {
              more()
              void query.fetchNextPage()
            }}
          >
            {say.list.more}
          </Button>
        )}
      </div>
    </div>
  )
}

interface Asked {
  error: unknown
  isFetching: boolean
  refetch: () => unknown
}

/** A list or a room that did not come. What is refused for its token shows the sign-in instead. */
export const Refused = ({ query }: { query: Asked }) =>
  isRefusal(query.error) ? null : (
    <ProblemNotice error={query.error} onRetry={() => void query.refetch()} busy={query.isFetching} />
  )

export const ListSkeleton = () => (
  <div aria-busy="true" className="grid gap-3">
    <p role="status" className="sr-only">
      {say.list.loading}
    </p>
    {[0, 1, 2, 3, 4].map((row) => (
      <Block key={row} className="h-14" />
    ))}
  </div>
)

interface FilterLinksProps<Value extends string> {
  label: string
  /** In the address; the first value is what stands there when nothing does. */
  name: string
  values: readonly Value[]
  words: Readonly<Record<Value, string>>
  chosen: Value
}

/** Each state of a list is an address: it can be linked to, and Back goes back to it. */
export function FilterLinks<Value extends string>({
  label,
  name,
  values,
  words,
  chosen,
}: FilterLinksProps<Value>) {
  const { pathname } = useLocation()
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-2">
        {values.map((value, at) => (
          <li key={value}>
            <Link
              to={at === 0 ? pathname : `${pathname}?${name}=${value}`}
              aria-current={value === chosen ? 'true' : undefined}
              className="inline-flex min-h-11 items-center rounded-full border border-edge px-4 text-sm font-medium hover:bg-surface aria-[current]:border-accent aria-[current]:bg-accent aria-[current]:text-on-accent"
            >
              {words[value]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** What the address says, if it is one of these; else the first. */
export function oneOf<const Value extends string>(
  values: readonly [Value, ...Value[]],
  text: string | null,
): Value {
  return values.find((value) => value === text) ?? values[0]
}

/** More rows: the focus goes to the first of them, since the button may be gone. */
function useFocusOnMore(box: React.RefObject<HTMLDivElement | null>, count: number) {
  const before = useRef<number>(undefined)
  useEffect(() => {
    const from = before.current
    if (from === undefined || count <= from) return
    before.current = undefined
    announce(say.list.added(count - from))
    const row = box.current?.querySelectorAll<HTMLElement>('[data-row]')[from]
    row?.querySelector<HTMLElement>('a, button')?.focus()
  }, [box, count])
  return () => {
    before.current = count
  }
}
