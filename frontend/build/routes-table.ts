// The table by which the server chooses among all documents.
import type { Markup } from './prerender.ts'

const FALLBACK = '*'

/** The first pattern that matches an address names the document. */
export function routesTable({ staticPages, routes }: Pick<Markup, 'staticPages' | 'routes'>) {
  const file = (shell: string) => `shells/${shell}.html`
  const fallback = routes.find((route) => route.path === FALLBACK)
  if (!fallback) throw new Error('no route takes the addresses that nothing stands behind')
  return {
    documents: [
      ...staticPages.map((page) => ({ pattern: page.path, file: page.file })),
      ...routes
        .filter((route) => route !== fallback)
        .map((route) => ({ pattern: route.path, file: file(route.shell) })),
    ],
    fallback: file(fallback.shell),
    preload: [{ pattern: '/reports/:id', href: '/api/v1/reports/:id' }],
  }
}
