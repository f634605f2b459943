// Answers about a report, for tests: one that is being written, and a refusal.
import type { Pending, Problem } from '@/api/schema'

export const pending = (id: string, more: Partial<Pending> = {}): Pending => ({
  report_id: id,
  status: 'running',
  progress: 35,
  phase: 'findings',
  ...more,
})

export const problem = (code: Problem['code'], status: number, detail = 'no'): Problem => ({
  type: `/api/v1/problems/${code}`,
  title: code,
  status,
  detail,
  code,
  request_id: '01a204d4-2c7e-724e-aa61-db275af6510c',
})
