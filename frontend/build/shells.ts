// One document for each of the app's routes: its page's outline at once, its code on the way, and the table by which
// the server chooses among all documents.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { fill, inlineStyle, tidy } from './document.ts'
import { closure, ENTRY, type Manifest } from './manifest.ts'
import { dist } from './paths.ts'
import { type Markup, write } from './prerender.ts'
import { stylesFor } from './styles.ts'

const FALLBACK = '*'

export async function writeShells(markup: Markup, manifest: Manifest): Promise<void> {
  const built = join(dist, 'app.html')
  const template = await readFile(built, 'utf8')
  const entry = closure(manifest, ENTRY)
  for (const route of markup.routes) {
    const skeleton = markup.renderSkeleton(route.shell)
    const own = [...closure(manifest, markup.shells[route.shell].page, { without: entry })]
    const preloads = own.map(preload).join('')
    const head = inlineStyle(await stylesFor(template + skeleton)) + preloads
    const document = sheetBehindSkeleton(fill(template, { skeleton })).replace(
      '</title>',
      () => `</title>${head}`,
    )
    await write(`shells/${route.shell}.html`, tidy(document))
  }
  await rm(built)
  await write('routes.json', `${JSON.stringify(routesTable(markup), null, 1)}\n`)
}

/** The server's table: the first pattern that matches an address names the document. */
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

const preload = (file: string) =>
  file.endsWith('.css')
    ? `<link rel="stylesheet" crossorigin href="/${file}">`
    : `<link rel="modulepreload" crossorigin href="/${file}">`

/** The full sheet is for React's markup: at the end it does not hold back the skeleton, yet comes before the scripts run. */
export function sheetBehindSkeleton(document: string): string {
  const sheets = document.match(/<link rel="stylesheet"[^>]*>/g) ?? []
  const without = sheets.reduce((rest, sheet) => rest.replace(sheet, ''), document)
  return without.replace('</body>', () => `${sheets.join('')}</body>`)
}
