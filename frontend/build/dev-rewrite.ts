// Vite's own server knows two documents; every app route is the second one.
import type { Plugin } from 'vite'

const APP = /^\/(quiz|score|checkout|reports|admin)(\/|$|\?)/
const STATIC = /^\/(privacy|terms|imprint)\/?$/

export function devRewrite(): Plugin {
  return {
    name: 'crb-dev-rewrite',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const url = request.url ?? '/'
        if (APP.test(url)) request.url = '/app.html'
        else if (STATIC.test(url)) request.url = '/index.html'
        next()
      })
    },
  }
}
