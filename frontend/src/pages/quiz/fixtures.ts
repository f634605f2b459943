// For tests: a short quiz with one question of each kind, and a server with one session of it.
import { configure } from '@testing-library/react'
import { vi } from 'vitest'

import type { Questionnaire, SessionView } from '@/api/schema'
import { quizSession } from '@/lib/quiz-session'
import { http, server } from '@/test/server'

// Pages wait for what they want to see; on a busy machine that may take a while.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 20_000 })

export const questionnaire: Questionnaire = {
  version: '1',
  industry: 'dental',
  industry_name: 'Dental practices',
  sections: [
    { id: 'business', title: 'Your business' },
    { id: 'day', title: 'Your day' },
  ],
  questions: [
    {
      id: 'company_name',
      section: 'business',
      kind: 'text',
      title: 'What is your company called?',
      help: 'As it should stand on the report.',
      required: true,
      max_length: 20,
      multiline: false,
    },
    {
      id: 'hourly_cost_eur',
      section: 'business',
      kind: 'integer',
      title: 'What does an hour cost you?',
      help: 'On average.',
      required: false,
      min: 10,
      max: 300,
      unit: 'EUR an hour',
      default: 50,
    },
    {
      id: 'decision_maker',
      section: 'business',
      kind: 'select',
      title: 'Who decides?',
      help: 'About a tool.',
      required: true,
      options: [
        { value: 'me', label: 'I do' },
        { value: 'team', label: 'We decide together' },
        { value: 'other', label: 'Someone else' },
      ],
    },
    {
      id: 'pain_points',
      section: 'day',
      kind: 'multi',
      title: 'Where does work pile up?',
      help: 'The worst first.',
      required: true,
      min_items: 1,
      max_items: 2,
      options: [
        { value: 'billing', label: 'Invoices' },
        { value: 'scheduling', label: 'Appointments' },
        { value: 'marketing', label: 'Marketing' },
      ],
    },
    {
      id: 'current_tools',
      section: 'day',
      kind: 'multi',
      title: 'Which of these do you use?',
      help: 'Tick nothing if you use none.',
      required: true,
      min_items: 0,
      max_items: 12,
      options: Array.from({ length: 14 }, (_, index) => ({ value: `tool-${index}`, label: `Tool ${index}` })),
    },
    {
      id: 'technology_comfort',
      section: 'day',
      kind: 'scale',
      title: 'How at ease are you?',
      help: '1: not at all. 10: very.',
      required: true,
      min: 1,
      max: 10,
    },
    {
      id: 'biggest_challenge',
      section: 'day',
      kind: 'text',
      title: 'What would you fix tomorrow?',
      help: 'In your own words.',
      required: true,
      max_length: 600,
      multiline: true,
    },
  ],
}

export const complete: Record<string, unknown> = {
  company_name: 'Bright',
  decision_maker: 'me',
  pain_points: ['scheduling', 'billing'],
  current_tools: [],
  technology_comfort: 8,
  biggest_challenge: 'The phone.',
}

export const SESSION = '01910000-0000-7000-8000-000000000001'
const TOKEN = 'a-token-that-is-long-enough'

/** This browser is in the middle of a quiz, and the server knows it. */
export function begun(answers: Record<string, unknown> = {}, status: SessionView['status'] = 'in_progress') {
  quizSession.write({
    sessionId: SESSION,
    token: TOKEN,
    industry: 'dental',
    expiresAt: '2026-12-01T00:00:00Z',
  })
  const view: SessionView = {
    session_id: SESSION,
    industry: 'dental',
    questionnaire_version: '1',
    status,
    answers: { ...answers },
    completion_percent: 0,
    missing: [],
    version: 1,
    expires_at: '2026-12-01T00:00:00Z',
  }
  server.use(
    ...knowledge(),
    http.get('/api/v1/quiz/sessions/{id}', ({ response }) => response(200).json(view)),
    http.patch('/api/v1/quiz/sessions/{id}', async ({ request, response }) => {
      const { answers: changes } = await request.json()
      view.version += 1
      for (const [id, value] of Object.entries(changes)) {
        if (value === null) delete view.answers[id]
        else view.answers[id] = value
      }
      return response(200).json(view)
    }),
  )
  return view
}

export const knowledge = () => [
  http.get('/api/v1/industries', ({ response }) =>
    response(200).json({
      items: [
        { slug: 'dental', name: 'Dental practices', description: 'One chair or more.' },
        { slug: 'home-services', name: 'Home services', description: 'At the customer’s home.' },
      ],
    }),
  ),
  http.get('/api/v1/questionnaires/{industry}', ({ params, response }) =>
    params.industry === 'dental'
      ? response(200).json(questionnaire)
      : response('4XX').json(refusal(404, 'not_found'), { status: 404 }),
  ),
]

export const refusal = (
  status: number,
  code: 'not_found' | 'gone' | 'invalid' | 'conflict' | 'unavailable',
  errors: { field: string; message: string }[] = [],
) => ({ type: 'about:blank', title: 'Refused', status, detail: 'why', code, request_id: 'r-1', errors })
