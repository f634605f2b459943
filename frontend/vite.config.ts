// The app's bundle: one document, named chunks, nothing that varies between builds. The pages without a framework are made by `build/`.
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

import { devRewrite } from './build/dev-rewrite.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Modules by parts of their paths, on every system. */
const paths = (...parts: string[]) =>
  new RegExp(parts.map((part) => `(${part.replaceAll('/', '[\\\\/]')})`).join('|'))

/** One bundle speaks one language; its messages are chosen here and typed by the English ones. */
const language = 'en'

export default defineConfig({
  plugins: [react(), tailwindcss(), devRewrite()],
  resolve: {
    alias: { '@messages': here(`./src/i18n/${language}`), '@': here('./src') },
  },
  server: {
    port: 5174,
    strictPort: true,
    proxy: { '/api': { target: process.env['CRB_API_UPSTREAM'] ?? 'http://127.0.0.1:8383' } },
  },
  build: {
    target: 'es2023',
    // Browsers with light-dark(): the tokens stay one line each.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    manifest: true,
    // For Sentry; the image leaves them out.
    sourcemap: 'hidden',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: here('./app.html') },
      output: {
        minify: { compress: { dropConsole: true }, mangle: true, codegen: true },
        codeSplitting: {
          // A group takes what it names and not what that imports: else helpers shared with the entry move into it.
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'react-vendor',
              test: paths(
                'node_modules/(react|react-dom|scheduler|wouter|regexparam|use-sync-external-store)/',
              ),
              priority: 3,
            },
            {
              name: 'charts',
              test: paths('src/charts/(?!gauge)'),
              priority: 3,
            },
            {
              // What the entry starts with, and what nearly every page needs beyond that: the client of the API, queries, forms, dialogs.
              // Without a name it would be a chunk for every set of pages that shares some.
              name: 'frame',
              test: paths(
                'src/ui/(page|announcer|button|theme-switch|skeleton|toast|error-boundary)\\.',
                'src/ui/(problem-notice|field|dialog|copy-button|badge|empty-state)\\.',
                'src/(routes|api/problem|api/query|api/client)\\.',
                'src/lib/(config|theme|telemetry|navigation|money|percent|date|storage|quiz-session)\\.',
                'src/i18n/\\w+/(frame|problems)\\.',
                'node_modules/(class-variance-authority|clsx|valibot|openapi-fetch)/',
                'node_modules/@tanstack/(?!.*useInfinite|.*infiniteQueryObserver)',
                'vite/preload-helper',
              ),
              priority: 2,
            },
          ],
        },
      },
    },
  },
})
