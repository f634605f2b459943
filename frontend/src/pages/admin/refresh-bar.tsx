// Asked again every few seconds: how fresh it is, a way to stop it, and an honest word when it does not come.
import { useState } from 'react'

import { admin } from '@messages/admin'
import { isRefusal } from '@/pages/admin/ask'
import { Button } from '@/ui/button'

const say = admin.refresh

export interface AutoRefresh {
  paused: boolean
  toggle: () => void
  /** For `refetchInterval`. */
  interval: number | false
}

export function useAutoRefresh(seconds: number): AutoRefresh {
  const [paused, setPaused] = useState(false)
  return { paused, toggle: () => setPaused((was) => !was), interval: paused ? false : seconds * 1000 }
}

interface Refreshed {
  dataUpdatedAt: number
  error: unknown
  isError: boolean
  isFetching: boolean
  refetch: () => unknown
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `19:04:22`. */
export const clockTime = (at: number) => clock.format(at)

export function RefreshBar({
  query,
  auto,
  seconds,
}: {
  query: Refreshed
  auto: AutoRefresh
  seconds: number
}) {
  const at = query.dataUpdatedAt > 0 ? clockTime(query.dataUpdatedAt) : undefined
  const stale = query.isError && at !== undefined && !isRefusal(query.error)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      {/* Not a live region: it would speak every few seconds. A failure does speak. */}
      <p>
        {at && say.updated(at)} {auto.paused ? say.paused : say.every(seconds)}
      </p>
      <Button variant="secondary" size="small" aria-pressed={auto.paused} onClick={auto.toggle}>
        {say.pause}
      </Button>
      <Button variant="quiet" size="small" busy={query.isFetching} onClick={() => void query.refetch()}>
        {say.now}
      </Button>
      {stale && (
        <p role="alert" className="font-medium text-bad">
          {say.failed(at)}
        </p>
      )}
    </div>
  )
}
