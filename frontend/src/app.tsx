// The app around its pages: server state, routes, what is shown while a page's code comes or when it breaks.
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { BrowserRouter, matchPath, Route, Routes } from 'react-router'

import { queries } from '@/api/query'
import { routes } from '@/routes'
import { ErrorBoundary } from '@/ui/error-boundary'
import { PageSkeleton } from '@/ui/skeleton'
import { Toasts } from '@/ui/toast'

const pages = routes.map((route) => {
  // The page of this address is asked for before React renders; the others when somebody goes there.
  const now = matchPath(route.path, window.location.pathname) && route.path !== '*' ? route.load() : undefined
  return { path: route.path, Page: lazy(() => now ?? route.load()) }
})

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <ErrorBoundary>
          <Suspense fallback={<PageSkeleton />}>
            <Routes>
              {pages.map(({ path, Page }) => (
                <Route key={path} path={path} element={<Page />} />
              ))}
            </Routes>
          </Suspense>
        </ErrorBoundary>
        <Toasts />
      </BrowserRouter>
    </QueryClientProvider>
  )
}
