// A page at an address, with everything around it that it finds in the app. The address is the browser's own, as in the app.
import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'

import { queries } from '@/api/query'
import { Navigation, Route, Switch } from '@/lib/navigation'
import { Toasts } from '@/ui/toast'

export function renderAt(address: string, pattern: string, page: ReactNode) {
  return renderAround(
    address,
    <>
      <Switch>
        <Route path={pattern}>{page}</Route>
        <Route>
          <p>elsewhere</p>
        </Route>
      </Switch>
      <Toasts />
    </>,
  )
}

/** Without routes, or with those of the test. */
export function renderAround(address: string, children: ReactNode) {
  // A browser shows one page at a time.
  cleanup()
  window.history.pushState(null, '', address)
  return render(
    <QueryClientProvider client={queries}>
      <Navigation>{children}</Navigation>
    </QueryClientProvider>,
  )
}
