// The styles of one document: the app's own sheet, cut to the classes that its markup uses, to stand inside it.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compile } from 'tailwindcss'

import { bundled } from './bundled.ts'
import { root } from './paths.ts'

const require = createRequire(import.meta.url)

export async function stylesFor(markup: string): Promise<string> {
  const file = join(root, 'src/styles/app.css')
  const sheet = await compile(await readFile(file, 'utf8'), {
    base: dirname(file),
    loadStylesheet: async (id, base) => {
      const path = id === 'tailwindcss' ? require.resolve('tailwindcss/index.css') : join(base, id)
      return { path, base: dirname(path), content: await readFile(path, 'utf8') }
    },
  })
  return bundled({ name: 'document.css', text: sheet.build(classesIn(markup)) })
}

/** Every class of the markup, once, in a fixed order. */
export function classesIn(markup: string): string[] {
  const classes = new Set<string>()
  for (const [, list = ''] of markup.matchAll(/\sclass="([^"]*)"/g)) {
    for (const name of unescaped(list).split(/\s+/)) if (name) classes.add(name)
  }
  return [...classes].toSorted()
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
