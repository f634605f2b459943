// The app around its pages: server state, routes, what is shown while a page's code comes or when it breaks.
import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, lazy, Suspense } from 'react'

import { queries } from '@/api/query'
import { matches, Navigation, Route, Switch } from '@/lib/navigation'
import { routes } from '@/routes'
import { ErrorBoundary } from '@/ui/error-boundary'
import { PageSkeleton } from '@/ui/skeleton'
import { Toasts } from '@/ui/toast'

const pages = routes.map(({ path, load }): { path: string; load: typeof load; Page: ComponentType } => ({
  path,
  load,
  Page: lazy(load),
}))

/** The code of the page at an address, before React renders: the document's own outline stands until then, and no other. */
export async function arrive(address: string): Promise<void> {
  const page = pages.find(({ path }) => matches(path, address))
  if (page) page.Page = (await page.load()).default
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Navigation>
        <ErrorBoundary>
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              {pages.map(({ path, Page }) => (
                <Route key={path} path={path}>
                  <Page />
                </Route>
              ))}
            </Switch>
          </Suspense>
        </ErrorBoundary>
        <Toasts />
      </Navigation>
    </QueryClientProvider>
  )
}
