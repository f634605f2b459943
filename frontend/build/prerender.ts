// The pages that need no framework: rendered once, here, into documents that hold all they need.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runnerImport } from 'vite'

import config from '../vite.config.ts'
import { bundled, minified } from './bundled.ts'
import { fill, inlineScript, inlineStyle, tidy } from './document.ts'
import { closure, type Manifest } from './manifest.ts'
import { dist, root } from './paths.ts'
import { stylesFor } from './styles.ts'

export type Markup = typeof import('./markup.tsx')

/** By Vite, so that the aliases, and with them the language, are the app's. */
export async function loadMarkup(): Promise<Markup> {
  const { module } = await runnerImport<Markup>(join(root, 'build/markup.tsx'), {
    root,
    ...(config.resolve && { resolve: config.resolve }),
    oxc: { jsx: { runtime: 'automatic', development: false } },
  })
  return module
}

export async function prerender(markup: Markup, manifest: Manifest): Promise<void> {
  const template = await readFile(join(root, 'index.html'), 'utf8')
  const script = await bundled(join(root, 'src/landing.ts'))
  // A page imports the entry, so its closure is all that the quiz needs.
  const warm = [...closure(manifest, markup.shells.quiz.page)]
  for (const page of markup.staticPages) {
    const body = markup.renderStatic(page)
    const document = fill(template, {
      title: page.title,
      description: page.description,
      styles: inlineStyle(await minified(await stylesFor(template + body))),
      page: body,
      warm: warm
        .filter((file) => file.endsWith('.js'))
        .map((file) => `/${file}`)
        .join(' '),
    }).replace('<script type="module" src="/src/landing.ts"></script>', () => inlineScript(script))
    await write(page.file, tidy(document))
  }
}

export async function write(file: string, text: string): Promise<void> {
  const path = join(dist, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
