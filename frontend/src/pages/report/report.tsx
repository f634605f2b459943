// A report's address: opens it by its link, shows how it is being written, that it failed, or the report itself.
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'

import { ApiProblem } from '@/api/problem'
import { queries } from '@/api/query'
import { useLocation, useNavigate, useParam } from '@/lib/navigation'
import { tokenIn } from '@/lib/report-access'
import { isRefusal, openReport, type Opened } from '@/pages/report/access'
import { Progress } from '@/pages/report/progress/progress'
import { Away } from '@/pages/report/states/away'
import { Opening } from '@/pages/report/states/opening'

const FAILED_LOOKS_AGAIN_MS = 30_000

/** Asked for beside the document, not after it: whoever comes here is going to need it. */
const readyCode = import('@/pages/report/ready')
/** Once it is there, without the detour over a skeleton that `lazy` takes. */
let LoadedReady: typeof import('@/pages/report/ready').default | undefined
readyCode.then(
  (module) => {
    LoadedReady = module.default
  },
  // Whoever waits for it hears of it; the others need not.
  () => {},
)
const LazyReady = lazy(() => readyCode)
const Denied = lazy(() => import('@/pages/report/states/denied'))
const Failed = lazy(() => import('@/pages/report/states/failed'))

export default function Report() {
  const id = useParam('id')
  // Another report is another page: nothing of the last one stays.
  return <OneReport key={id} id={id} />
}

function OneReport({ id }: { id: string }) {
  const key = ['report', id]
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: key,
    queryFn: () => openReport(id),
    staleTime: Infinity,
    // Also without a network, so that it can be said.
    networkMode: 'always',
    refetchInterval: ({ state }) => (hasFailed(state.data) ? FAILED_LOOKS_AGAIN_MS : false),
  })
  useNewLink(isFetching, () => void refetch())

  /** For those who wait: one plain try, which leaves what is shown alone when nobody answers. */
  const ask = async () => {
    try {
      queries.setQueryData(key, await openReport(id))
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.isPassing) return false
      await refetch()
    }
    return true
  }

  const [waited, setWaited] = useState(false)
  if (data?.state === 'pending' && !waited) setWaited(true)

  if (isRefusal(error)) return <Denied />
  if (data?.state === 'ready') {
    const Ready = LoadedReady ?? LazyReady
    return (
      <Arrival afterWait={waited}>
        <Ready id={id} document={data.document} />
      </Arrival>
    )
  }
  if (data && hasFailed(data)) return <Failed pending={data.pending} ask={ask} />
  if (data) return <Progress id={id} pending={data.pending} ask={ask} />
  if (error) return <Away error={error} busy={isFetching} onRetry={() => void refetch()} />
  return <Opening />
}

const hasFailed = (opened: Opened | undefined) =>
  opened?.state === 'pending' && opened.pending.status === 'failed'

/** Who has watched it being written is led over: the report fades in, and the focus goes to its heading. */
function Arrival({ afterWait, children }: { afterWait: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const heading = afterWait ? box.current?.querySelector('h1') : null
    if (!heading) return
    window.scrollTo({ top: 0 })
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }, [afterWait])
  return (
    <div ref={box} className={afterWait ? 'transition-opacity duration-500 starting:opacity-0' : undefined}>
      {children}
    </div>
  )
}

/** A newer link that is pasted over this one changes only the fragment, so nothing is loaded by itself. */
function useNewLink(isFetching: boolean, reopen: () => void) {
  const { hash } = useLocation()
  const navigate = useNavigate()
  const opened = useRef(hash)
  const open = useEffectEvent(reopen)
  useEffect(() => {
    if (isFetching || !tokenIn(hash)) return
    if (hash !== opened.current) {
      opened.current = hash
      open()
    } else if (!tokenIn(window.location.hash)) {
      // The door has taken the token out of the address; the router hears of it here.
      const { pathname, search, hash: rest } = window.location
      navigate(pathname + search + rest, { replace: true })
    }
  }, [hash, isFetching, navigate])
}
