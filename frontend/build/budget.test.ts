// The budget refuses what is too big and what does not belong into the entry; controls with planted violations.
import { expect, test } from 'vitest'

import { type Budgets, type Measured, strangers, violations } from './budget.ts'
import { parseManifest } from './manifest.ts'

const KB = 1024
const report = 'src/pages/report/report.tsx'
const calculator = 'src/pages/report/roi/calculator.tsx'
const admin = 'src/pages/admin/admin.tsx'
const quiz = 'src/pages/quiz/quiz.tsx'
const budgets: Budgets = {
  kilobytes: {
    landing: 15,
    entry: 90,
    page: 25,
    pages: { [report]: 35 },
    onDemand: { [calculator]: 6 },
    buyer: 180,
    operators: 30,
    errorClient: 28,
  },
  entryNeverContains: ['/src/charts/', '/src/pages/admin/', '/@sentry/', '/node_modules/d3-'],
}

function measured(changes: Record<string, number> = {}): Measured {
  const sizes = {
    'index.html': 9 * KB,
    'favicon.svg': KB,
    'assets/app.js': 80 * KB,
    'assets/app.css': 5 * KB,
    'assets/quiz.js': 20 * KB,
    'assets/report.js': 15 * KB,
    'assets/charts.js': 15 * KB,
    'assets/calculator.js': 5 * KB,
    'assets/admin.js': 20 * KB,
    'assets/sentry.js': 25 * KB,
    ...changes,
  }
  return {
    manifest: parseManifest(
      JSON.stringify({
        'app.html': { file: 'assets/app.js', css: ['assets/app.css'], dynamicImports: [quiz, report, admin] },
        [quiz]: { file: 'assets/quiz.js', imports: ['app.html'] },
        [report]: {
          file: 'assets/report.js',
          imports: ['app.html'],
          dynamicImports: ['_charts.js', calculator],
        },
        '_charts.js': { file: 'assets/charts.js' },
        [calculator]: { file: 'assets/calculator.js' },
        [admin]: { file: 'assets/admin.js', imports: ['app.html'] },
      }),
    ),
    pages: [quiz, report, admin],
    sizes: new Map(Object.entries(sizes)),
  }
}

const ordinary = ['../../src/app.tsx', '../../node_modules/react/index.js', '../../src/lib/telemetry.ts']

test('what fits is not refused', () => {
  expect(violations(measured(), budgets)).toEqual([])
  expect(strangers(ordinary, budgets)).toEqual([])
})

test.each([
  ['index.html', 15, 'landing is 16.0 KB, more than 15'],
  ['assets/app.js', 86, 'entry is 91.0 KB, more than 90'],
  ['assets/app.css', 12, 'entry is 92.0 KB, more than 90'],
  ['assets/quiz.js', 26, `${quiz} is 26.0 KB, more than 25`],
  // Charts come later than the report, and count.
  ['assets/charts.js', 21, `${report} is 36.0 KB, more than 35`],
  // The calculator comes by a click, and counts for itself.
  ['assets/calculator.js', 7, `on demand: ${calculator} is 7.0 KB, more than 6`],
  ['assets/sentry.js', 29, 'error client is 29.0 KB, more than 28'],
  ['assets/stray.js', 4, 'error client is 29.0 KB, more than 28'],
])('%s at %i KB is refused', (file, size, reason) => {
  expect(violations(measured({ [file]: size * KB }), budgets)).toEqual([reason])
})

test.each([
  '../../src/charts/option-bars.tsx',
  '../../src/pages/admin/vendors.tsx',
  '../../node_modules/@sentry/browser/index.js',
  '../../node_modules/d3-scale/src/linear.js',
])('an entry with %s is refused, however small', (source) => {
  expect(strangers([...ordinary, source], budgets)).toEqual([`the entry contains ${source}`])
})

test('many pages that each fit can be too much together', () => {
  const tight = { ...budgets, kilobytes: { ...budgets.kilobytes, buyer: 130, operators: 15 } }
  expect(violations(measured(), tight)).toEqual([
    'all for a buyer is 140.0 KB, more than 130',
    'operators, beyond that is 20.0 KB, more than 15',
  ])
})
