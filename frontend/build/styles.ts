// The styles of one document: the app's own sheet, cut to the classes that its markup uses, to stand inside it.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compile } from 'tailwindcss'

import { classesIn } from './document.ts'
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
  return sheet.build(classesIn(markup))
}
