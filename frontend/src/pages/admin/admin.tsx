// The operator's rooms, behind one door. Each room is a chunk of its own.
import { type ComponentType, lazy, Suspense } from 'react'
import { matchPath, Navigate, Route, Routes } from 'react-router'

import { useOperator } from '@/pages/admin/operator'
import { SignIn } from '@/pages/admin/sign-in'
import { href } from '@/routes'
import { PageSkeleton } from '@/ui/skeleton'

interface RoomRoute {
  path: string
  load: () => Promise<{ default: ComponentType }>
}

const ROOMS: readonly RoomRoute[] = [
  { path: 'reports', load: () => import('@/pages/admin/reports/reports') },
  { path: 'reports/:id', load: () => import('@/pages/admin/reports/report') },
  { path: 'vendors', load: () => import('@/pages/admin/vendors/vendors') },
  { path: 'vendors/:slug', load: () => import('@/pages/admin/vendors/vendor') },
  // Beside the vendors, not below them: every name below is a vendor's.
  { path: 'new-vendor', load: () => import('@/pages/admin/vendors/new-vendor') },
  { path: 'proposals', load: () => import('@/pages/admin/proposals/proposals') },
  { path: 'audit', load: () => import('@/pages/admin/audit/audit') },
  { path: 'status', load: () => import('@/pages/admin/status/status') },
  { path: '*', load: () => import('@/pages/errors/not-found') },
]

const rooms = ROOMS.map(({ path, load }) => {
  // The room of this address is asked for together with this file, not after it has rendered.
  const isHere = path !== '*' && matchPath(`/admin/${path}`, window.location.pathname)
  const now = isHere ? load() : undefined
  return { path, Here: lazy(() => now ?? load()) }
})

export default function Admin() {
  const { operator } = useOperator()
  if (!operator) return <SignIn />
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Routes>
        <Route index element={<Navigate to={href.admin('reports')} replace />} />
        {rooms.map(({ path, Here }) => (
          <Route key={path} path={path} element={<Here />} />
        ))}
      </Routes>
    </Suspense>
  )
}
