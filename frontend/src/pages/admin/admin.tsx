// The operator's rooms, behind one door. Each room is a chunk of its own.
import { type ComponentType, lazy, Suspense } from 'react'

import { matches, Redirect, Route, Switch } from '@/lib/navigation'
import { useOperator } from '@/pages/admin/operator'
import { SignIn } from '@/pages/admin/sign-in'
import { href } from '@/routes'
import { PageSkeleton } from '@/ui/skeleton'

interface RoomRoute {
  path: string
  load: () => Promise<{ default: ComponentType }>
}

const ROOMS: readonly RoomRoute[] = [
  { path: '/admin/reports', load: () => import('@/pages/admin/reports/reports') },
  { path: '/admin/reports/:id', load: () => import('@/pages/admin/reports/report') },
  { path: '/admin/vendors', load: () => import('@/pages/admin/vendors/vendors') },
  { path: '/admin/vendors/:slug', load: () => import('@/pages/admin/vendors/vendor') },
  // Beside the vendors, not below them: every name below is a vendor's.
  { path: '/admin/new-vendor', load: () => import('@/pages/admin/vendors/new-vendor') },
  { path: '/admin/proposals', load: () => import('@/pages/admin/proposals/proposals') },
  { path: '/admin/audit', load: () => import('@/pages/admin/audit/audit') },
  { path: '/admin/status', load: () => import('@/pages/admin/status/status') },
  { path: '*', load: () => import('@/pages/errors/not-found') },
]

const rooms = ROOMS.map(({ path, load }) => {
  // The room of this address is asked for together with this file, not after it has rendered.
  const isHere = path !== '*' && matches(path, window.location.pathname)
  const now = isHere ? load() : undefined
  return { path, Here: lazy(() => now ?? load()) }
})

export default function Admin() {
  const { operator } = useOperator()
  if (!operator) return <SignIn />
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Switch>
        <Route path="/admin">
          <Redirect to={href.admin('reports')} replace />
        </Route>
        {rooms.map(({ path, Here }) => (
          <Route key={path} path={path}>
            <Here />
          </Route>
        ))}
      </Switch>
    </Suspense>
  )
}
