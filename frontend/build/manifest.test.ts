// Which files come with a page.
import { expect, test } from 'vitest'

import { closure, parseManifest } from './manifest.ts'

const manifest = parseManifest(
  JSON.stringify({
    'app.html': {
      file: 'assets/app.js',
      css: ['assets/app.css'],
      imports: ['_vendor.js'],
      dynamicImports: ['src/pages/quiz/quiz.tsx', 'src/pages/report/report.tsx'],
    },
    '_vendor.js': { file: 'assets/vendor.js' },
    'src/pages/quiz/quiz.tsx': { file: 'assets/quiz.js', imports: ['app.html', '_shared.js'] },
    'src/pages/report/report.tsx': {
      file: 'assets/report.js',
      imports: ['app.html', '_shared.js'],
      dynamicImports: ['_charts.js'],
    },
    '_shared.js': { file: 'assets/shared.js' },
    '_charts.js': { file: 'assets/charts.js', imports: ['_vendor.js'] },
  }),
)
const entry = closure(manifest, 'app.html')

test('the entry brings what it imports, and not the pages that it may ask for', () => {
  expect([...entry]).toEqual(['assets/app.js', 'assets/app.css', 'assets/vendor.js'])
})

test('a page brings its own chunks beyond the entry, once', () => {
  expect([...closure(manifest, 'src/pages/quiz/quiz.tsx', { without: entry })]).toEqual([
    'assets/quiz.js',
    'assets/shared.js',
  ])
})

test('with what comes later, charts count to the report, and other pages never do', () => {
  const files = closure(manifest, 'src/pages/report/report.tsx', { lazy: true, without: entry })
  expect([...files]).toEqual(['assets/report.js', 'assets/shared.js', 'assets/charts.js'])
})

test('a page that the bundle does not know stops the build', () => {
  expect(() => closure(manifest, 'src/pages/gone.tsx')).toThrow('no chunk for src/pages/gone.tsx')
})
