// A script or a sheet as one minified text, by Vite with the app's own settings, to stand inside a document.
import { extname } from 'node:path'
import { build, type Rolldown } from 'vite'

import config from '../vite.config.ts'
import { root } from './paths.ts'

/** A document's own sheet, ready to stand in it. */
export const minified = (css: string) => bundled({ name: 'document.css', text: css })

/** A source file by its path, or a text under a name whose ending says what it is. */
export async function bundled(source: string | { name: string; text: string }): Promise<string> {
  const input = typeof source === 'string' ? source : `${root}/${source.name}`
  const output = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ...(config.resolve && { resolve: config.resolve }),
    plugins: [
      {
        name: 'crb-text-as-file',
        resolveId: (id) => (id === input ? id : undefined),
        load: (id) => (typeof source === 'object' && id === input ? source.text : undefined),
      },
    ],
    build: {
      target: 'es2023',
      write: false,
      copyPublicDir: false,
      modulePreload: false,
      rolldownOptions: { input, output: { minify: true } },
    },
  })
  const files = filesOf(output)
  const wanted = files.filter(
    (file) => extname(file.fileName) === (extname(input) === '.css' ? '.css' : '.js'),
  )
  const [only] = wanted
  if (!only || wanted.length > 1) throw new Error(`${input} became ${files.length} files; one is needed`)
  return text(only).trim()
}

function filesOf(output: Awaited<ReturnType<typeof build>>) {
  if (Array.isArray(output) || !('output' in output)) throw new Error('one bundle was expected')
  return output.output
}

function text(file: Rolldown.OutputChunk | Rolldown.OutputAsset): string {
  if (file.type === 'chunk') return file.code
  return typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString('utf8')
}
