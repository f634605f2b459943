// One document for each of the app's routes: its page's outline at once, and its code on the way.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { minified } from './bundled.ts'
import { fill, inlineStyle, outlineFirst, sheetBehindSkeleton, tidy } from './document.ts'
import { closure, ENTRY, type Manifest } from './manifest.ts'
import { dist } from './paths.ts'
import { type Markup, write } from './prerender.ts'
import { routesTable } from './routes-table.ts'
import { stylesFor } from './styles.ts'

export async function writeShells(markup: Markup, manifest: Manifest): Promise<void> {
  const built = join(dist, 'app.html')
  const template = await readFile(built, 'utf8')
  const entry = closure(manifest, ENTRY)
  for (const route of markup.routes) {
    const { page, Skeleton, also = [] } = markup.shells[route.shell]
    const own = [...closure(manifest, page, { without: entry })]
    const preloads = own.map(preload).join('')
    for (const outline of [{ name: route.shell, Skeleton }, ...also]) {
      const skeleton = markup.renderSkeleton(outline.Skeleton)
      const head = inlineStyle(await minified(await stylesFor(template + skeleton))) + preloads
      const document = sheetBehindSkeleton(fill(template, { skeleton })).replace(
        '</title>',
        () => `</title>${head}`,
      )
      await write(`shells/${outline.name}.html`, tidy(outlineFirst(document)))
    }
  }
  await rm(built)
  await write('routes.json', `${JSON.stringify(routesTable(markup), null, 1)}\n`)
}

const preload = (file: string) =>
  file.endsWith('.css')
    ? `<link rel="stylesheet" crossorigin href="/${file}">`
    : `<link rel="modulepreload" crossorigin href="/${file}">`
