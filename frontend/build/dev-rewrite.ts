// Vite's own server: static pages are rendered at each request, every other address without a file behind it is the app.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'

import { fill, inlineStyle } from './document.ts'
import { stylesFor } from './styles.ts'

/** Pages, as a browser asks for them: no extension, none of Vite's own addresses, not the API. */
const PAGE = /^\/(?!@|api\/|src\/|node_modules\/)[^.?]*[^.?/][^.?]*(\?|$)/

export function devRewrite(): Plugin {
  return {
    name: 'crb-dev-rewrite',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = request.url ?? '/'
        const answer = async () => {
          const document = await staticDocument(server, url)
          if (document !== undefined) {
            response.setHeader('Content-Type', 'text/html; charset=utf-8')
            response.end(document)
            return
          }
          if (PAGE.test(url)) request.url = '/app.html'
          next()
        }
        answer().catch(next)
      })
    },
  }
}

async function staticDocument(server: ViteDevServer, url: string): Promise<string | undefined> {
  const path = url.split('?')[0]
  const markup = await server.ssrLoadModule('/build/markup.tsx')
  const { staticPages, renderStatic } = markup as typeof import('./markup.tsx')
  const page = staticPages.find((one) => one.path === path)
  if (!page) return undefined
  const template = await readFile(join(server.config.root, 'index.html'), 'utf8')
  const body = renderStatic(page)
  const document = fill(template, {
    title: page.title,
    description: page.description,
    styles: inlineStyle(await stylesFor(template + body)),
    page: body,
    warm: '',
  })
  return server.transformIndexHtml(url, document)
}
