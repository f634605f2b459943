// The server's table of documents, and the outlines that they hold.
import { expect, test } from 'vitest'

import { matches } from '@/lib/navigation'
import { renderSkeleton, renderStatic, routes, shells, staticPages } from './markup.tsx'
import { routesTable } from './routes-table.ts'

const table = routesTable({ staticPages, routes, shells })

test.each([
  ['/', 'index.html'],
  ['/privacy', 'privacy.html'],
  ['/terms', 'terms.html'],
  ['/imprint', 'imprint.html'],
  ['/quiz', 'shells/industries.html'],
  ['/quiz/dental/employee_count', 'shells/quiz.html'],
  ['/reports/sample', 'shells/reports.html'],
  ['/admin/vendors', 'shells/admin.html'],
])('%s is answered by %s', (address, file) => {
  expect(table.documents.find(({ pattern }) => matches(pattern, address))?.file).toBe(file)
})

test('all else is the error page, and a report is asked for with its document', () => {
  expect(table.fallback).toBe('shells/error.html')
  expect(table.preload).toContainEqual({ pattern: '/reports/:id', href: '/api/v1/reports/:id' })
})

test.each(routes.map(({ shell }) => shell))(
  'the outline of %s is the page frame, and says that it loads',
  (shell) => {
    const markup = renderSkeleton(shells[shell].Skeleton)
    expect(markup).toContain('<header')
    expect(markup).toContain('role="status"')
    expect(markup).not.toContain('style=')
    expect(shells[shell].page).toMatch(/^src\/pages\//)
  },
)

test.each([...staticPages])('$path has one h1, no inline style and no script', (page) => {
  const markup = renderStatic(page)
  expect(markup.match(/<h1/g)).toHaveLength(1)
  expect(markup).not.toMatch(/ style=|<script|\son[a-z]+=/)
})
