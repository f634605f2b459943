// Vite's own server knows two documents; every address without a file behind it is the app.
import type { Plugin } from 'vite'

/** Pages, as a browser asks for them: no extension, none of Vite's own addresses, not the API. */
const PAGE = /^\/(?!@|api\/|src\/|node_modules\/)[^.?]*[^.?/][^.?]*(\?|$)/

export function devRewrite(): Plugin {
  return {
    name: 'crb-dev-rewrite',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (PAGE.test(request.url ?? '/')) request.url = '/app.html'
        next()
      })
    },
  }
}
