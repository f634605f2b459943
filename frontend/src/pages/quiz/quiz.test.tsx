// Choosing, coming back, opening on another device, the review and the end.
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { quizSession } from '@/lib/quiz-session'
import { begun, complete, knowledge, refusal, SESSION } from '@/pages/quiz/fixtures'
import Quiz from '@/pages/quiz/quiz'
import { renderAt } from '@/test/render'
import { http, server } from '@/test/server'

const at = (address: string) => renderAt(address, '/quiz/*', <Quiz />)
const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name })
const LINK = `/quiz/resume#session=${SESSION}&token=a-token-that-is-long-enough`

function answersSession() {
  server.use(
    http.post('/api/v1/quiz/sessions', ({ response }) =>
      response(201).json({
        session_id: SESSION,
        token: 'a-token-that-is-long-enough',
        expires_at: '2026-12-01T00:00:00Z',
      }),
    ),
  )
}

test('only industries that there are; choosing one begins its quiz', async () => {
  begun()
  quizSession.clear()
  answersSession()
  const user = userEvent.setup()
  at('/quiz')
  const dental = await screen.findByRole('button', { name: /^Dental practices/ })
  expect(screen.getAllByRole('listitem')).toHaveLength(2)
  await user.click(dental)
  await heading('What is your company called?')
  expect(quizSession.read()).toMatchObject({ sessionId: SESSION, industry: 'dental' })
})

test('a quiz that cannot be begun says why and can be tried again', async () => {
  server.use(
    ...knowledge(),
    http.post('/api/v1/quiz/sessions', ({ response }) =>
      response('5XX').json(refusal(503, 'unavailable'), { status: 503 }),
    ),
  )
  const user = userEvent.setup()
  at('/quiz')
  await user.click(await screen.findByRole('button', { name: /^Dental practices/ }))
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('We could not start the quiz')
  expect(within(alert).getByRole('button', { name: 'Try again' })).toBeTruthy()
  expect(quizSession.read()).toBeUndefined()
})

test('a quiz under way says how far it is and goes on where it stopped', async () => {
  begun({ company_name: 'Bright', decision_maker: 'me' })
  const user = userEvent.setup()
  at('/quiz')
  expect(await screen.findByText('You are at 3 of 7 · Dental practices')).toBeTruthy()
  await user.click(screen.getByRole('link', { name: 'Continue' }))
  await heading('Where does work pile up?')
})

test('starting over asks first, and then leaves nothing on this device', async () => {
  begun({ company_name: 'Bright' })
  localStorage.setItem(`crb.quiz-unsent.${SESSION}.x`, '{}')
  const user = userEvent.setup()
  at('/quiz')
  await user.click(await screen.findByRole('button', { name: 'Start over' }))
  await user.click(await screen.findByRole('button', { name: 'Keep my answers' }))
  expect(quizSession.read()).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Start over' }))
  await user.click(await screen.findByRole('button', { name: 'Remove them and start over' }))
  await waitFor(() => expect(screen.queryByText('You have a quiz under way')).toBeNull())
  expect(Object.keys(localStorage).filter((key) => key.startsWith('crb.quiz'))).toEqual([])
})

test('another industry does not quietly take the place of a quiz under way', async () => {
  begun({ company_name: 'Bright' })
  const user = userEvent.setup()
  at('/quiz')
  await user.click(await screen.findByRole('button', { name: /^Home services/ }))
  expect(await screen.findByRole('heading', { name: 'Start over?' })).toBeTruthy()
  expect(quizSession.read()?.sessionId).toBe(SESSION)
})

test('a link opens the quiz on this device', async () => {
  begun({ company_name: 'Bright', decision_maker: 'me' })
  quizSession.clear()
  at(LINK)
  await heading('Where does work pile up?')
  expect(quizSession.read()).toMatchObject({ sessionId: SESSION, token: 'a-token-that-is-long-enough' })
})

test('a link asks before it takes the place of another quiz', async () => {
  begun({ company_name: 'Bright' })
  const other = '01910000-0000-7000-8000-00000000000f'
  quizSession.write({ sessionId: other, token: 'x'.repeat(30), industry: 'home-services', expiresAt: '' })
  const user = userEvent.setup()
  at(LINK)
  await heading('Another quiz is open on this device')
  expect(quizSession.read()?.sessionId).toBe(other)
  await user.click(screen.getByRole('button', { name: 'Open this quiz instead' }))
  await heading('What does an hour cost you?')
  expect(quizSession.read()?.sessionId).toBe(SESSION)
})

test('a link that is cut or dead says so', async () => {
  at('/quiz/resume#session=1')
  await heading('This link is not complete')
  server.use(
    http.get('/api/v1/quiz/sessions/{id}', ({ response }) =>
      response('4XX').json(refusal(404, 'not_found'), { status: 404 }),
    ),
  )
  at(LINK)
  await heading('This link does not open a quiz')
  expect(quizSession.read()).toBeUndefined()
})

test('the review says everything in words, as it was typed, and names what is missing', async () => {
  begun({ ...complete, company_name: '<img src=x>', technology_comfort: undefined })
  const user = userEvent.setup()
  at('/quiz/dental/review')
  await heading('Review your answers')
  expect(screen.getByText('<img src=x>')).toBeTruthy()
  expect(screen.getByText('Appointments, Invoices')).toBeTruthy()
  expect(screen.getByText('Skipped; we count €50 an hour and say so')).toBeTruthy()
  const missing = screen.getByRole('region', { name: '1 answer is still missing' })
  await user.click(within(missing).getByRole('link', { name: 'How at ease are you?' }))
  await heading('How at ease are you?')
  await user.click(screen.getByRole('radio', { name: '8' }))
  await heading('Review your answers')
  await waitFor(() => expect(screen.queryByText('1 answer is still missing')).toBeNull())
})

test('the score asks for consent and a whole mail address or none, and takes both to the server', async () => {
  begun(complete)
  let sent: unknown
  server.use(
    http.post('/api/v1/quiz/sessions/{id}/complete', async ({ request, response }) => {
      sent = await request.json()
      return response.untyped(Response.json({}))
    }),
  )
  const user = userEvent.setup()
  at('/quiz/dental/review')
  await heading('Review your answers')
  const submit = screen.getByRole('button', { name: 'Show my score' })
  await user.type(screen.getByLabelText('Mail address (optional)'), 'me@')
  await user.click(submit)
  expect(screen.getByText('We may only compute your score if you agree.')).toBeTruthy()
  expect(screen.getByText(/whole mail address/)).toBeTruthy()
  await user.click(screen.getByRole('checkbox', { name: /^I agree/ }))
  await user.type(screen.getByLabelText('Mail address (optional)'), 'example.org')
  await user.click(submit)
  await screen.findByText('elsewhere')
  expect(sent).toEqual({ consent: true, email: 'me@example.org' })
})

test('the score waits for answers that are not saved', async () => {
  begun(complete)
  const entry = { value: 'Bright & Co', base: 'Bright', tried: [], stamp: 's' }
  localStorage.setItem(`crb.quiz-unsent.${SESSION}.company_name`, JSON.stringify(entry))
  server.use(
    http.patch('/api/v1/quiz/sessions/{id}', ({ response }) =>
      response('5XX').json(refusal(503, 'unavailable'), { status: 503 }),
    ),
  )
  const user = userEvent.setup()
  at('/quiz/dental/review')
  await heading('Review your answers')
  await user.click(screen.getByRole('checkbox', { name: /^I agree/ }))
  await user.click(screen.getByRole('button', { name: 'Show my score' }))
  expect(await screen.findByText('Not everything is saved yet')).toBeTruthy()
})

test('what the server still misses is asked for', async () => {
  begun(complete)
  server.use(
    http.post('/api/v1/quiz/sessions/{id}/complete', ({ response }) =>
      response('4XX').json(
        refusal(422, 'invalid', [
          { field: 'answers/pain_points', message: 'is required and not answered yet' },
        ]),
        { status: 422 },
      ),
    ),
  )
  const user = userEvent.setup()
  at('/quiz/dental/review')
  await heading('Review your answers')
  await user.click(screen.getByRole('checkbox', { name: /^I agree/ }))
  await user.click(screen.getByRole('button', { name: 'Show my score' }))
  expect(await heading('Where does work pile up?')).toBeTruthy()
})

test('a finished quiz says that its answers stand', async () => {
  begun(complete, 'completed')
  at('/quiz/dental/review')
  await heading('This quiz is finished')
  expect(screen.getByRole('link', { name: 'See your score' }).getAttribute('href')).toBe('/score')
  expect(screen.queryByRole('link', { name: /^Edit/ })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Show my score' })).toBeNull()
})

test('without a quiz, a question begins with one click, at that question', async () => {
  begun()
  quizSession.clear()
  answersSession()
  const user = userEvent.setup()
  at('/quiz/dental/decision_maker')
  await heading('Quiz: Dental practices')
  await user.click(screen.getByRole('button', { name: 'Start the quiz' }))
  expect(await heading('Who decides?')).toBeTruthy()
})
