// The table by which the server chooses among all documents.
import type { Markup } from './prerender.ts'

const FALLBACK = '*'

/** The first pattern that matches an address names the document. */
export function routesTable({
  staticPages,
  routes,
  shells,
}: Pick<Markup, 'staticPages' | 'routes' | 'shells'>) {
  const file = (shell: string) => `shells/${shell}.html`
  const fallback = routes.find((route) => route.path === FALLBACK)
  if (!fallback) throw new Error('no route takes the addresses that nothing stands behind')
  return {
    documents: [
      ...staticPages.map((page) => ({ pattern: page.path, file: page.file })),
      ...routes
        .filter((route) => route !== fallback)
        .flatMap(({ path, shell }) =>
          (shells[shell].also ?? [])
            .map(({ pattern, name }) => ({ pattern, file: file(name) }))
            .concat({ pattern: path, file: file(shell) }),
        ),
    ],
    fallback: file(fallback.shell),
    // What the page asks for first, on its way together with the page's code.
    preload: [
      { pattern: '/quiz', href: '/api/v1/industries' },
      { pattern: '/reports/:id', href: '/api/v1/reports/:id' },
    ],
  }
}
