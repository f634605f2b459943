// Every app route once: its address, the page behind it, and the document that the server sends for it.
import type { ComponentType } from 'react'

interface Route {
  /** `:name` is any part, `*` whatever follows. */
  path: string
  /** The document in `dist/shells/`, with this page's skeleton and preloads. */
  shell: Shell
  load: () => Promise<{ default: ComponentType }>
}

export type Shell = 'quiz' | 'score' | 'checkout' | 'reports' | 'admin' | 'error'

export const routes: readonly Route[] = [
  { path: '/quiz/*', shell: 'quiz', load: () => import('@/pages/quiz/quiz') },
  { path: '/score', shell: 'score', load: () => import('@/pages/score/score') },
  { path: '/checkout/*', shell: 'checkout', load: () => import('@/pages/checkout/checkout') },
  { path: '/reports/:id', shell: 'reports', load: () => import('@/pages/report/report') },
  { path: '/admin/*', shell: 'admin', load: () => import('@/pages/admin/admin') },
  { path: '*', shell: 'error', load: () => import('@/pages/errors/not-found') },
]

/** Addresses, so that no page spells another's. */
export const href = {
  home: '/',
  privacy: '/privacy',
  terms: '/terms',
  imprint: '/imprint',
  quiz: (industry?: string, step?: string) => ['/quiz', industry, step].filter(Boolean).join('/'),
  score: '/score',
  checkout: '/checkout',
  report: (id: string) => `/reports/${id}`,
  sample: '/reports/sample',
  admin: (room?: 'reports' | 'vendors' | 'proposals' | 'audit' | 'status') =>
    room ? `/admin/${room}` : '/admin',
} as const
