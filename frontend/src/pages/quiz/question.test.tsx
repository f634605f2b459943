// Every kind of question by mouse and by keyboard, the way on and back, and what can go wrong with an answer.
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { switchShortcuts } from '@/lib/shortcuts'
import { begun, complete, refusal, SESSION } from '@/pages/quiz/fixtures'
import Quiz from '@/pages/quiz/quiz'
import { renderAt } from '@/test/render'
import { http, server } from '@/test/server'

const at = (step: string) => renderAt(`/quiz/dental/${step}`, '/quiz/*', <Quiz />)
const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name })
const saved = () => waitFor(() => expect(screen.getByText('Saved')).toBeTruthy())

afterEach(() => switchShortcuts(true))

test('a text: Enter goes on, what was typed is saved', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('company_name')
  await heading('What is your company called?')
  expect(screen.getByText('20 characters left')).toBeTruthy()
  await user.type(screen.getByRole('textbox'), 'Bright{Enter}')
  await heading('What does an hour cost you?')
  await saved()
  expect(view.answers).toEqual({ company_name: 'Bright' })
})

test('who begins to type means the field', async () => {
  begun()
  const user = userEvent.setup()
  at('company_name')
  await heading('What is your company called?')
  await user.keyboard('Br')
  expect(screen.getByRole('textbox')).toHaveProperty('value', 'Br')
})

test('a text that is too long is kept and not let pass', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('company_name')
  await heading('What is your company called?')
  screen.getByRole('textbox').focus()
  await user.paste('x'.repeat(22))
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('alert')).toHaveProperty(
    'textContent',
    '!Please shorten it to 20 characters.',
  )
  expect(screen.getByText('2 characters too many')).toBeTruthy()
  expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByRole('textbox')).toHaveProperty('value', 'x'.repeat(22))
  await waitFor(() => expect(document.querySelector('[data-saving=refused]')).toBeTruthy())
  expect(view.answers['company_name']).not.toBe('x'.repeat(22))
})

test('a number: bounds, default and unit are said; empty uses the default', async () => {
  const view = begun({ company_name: 'Bright' })
  const user = userEvent.setup()
  at('hourly_cost_eur')
  await heading('What does an hour cost you?')
  expect(screen.getByText('A whole number from 10 to 300. Leave it empty to use €50 an hour.')).toBeTruthy()
  expect(screen.getByText('€ an hour')).toBeTruthy()
  const field = screen.getByRole('textbox')
  await user.type(field, '9{Enter}')
  expect(await screen.findByText('Please enter a number from 10 to 300.')).toBeTruthy()
  await user.clear(field)
  await user.type(field, 'ten')
  await user.tab()
  expect(await screen.findByText('Please enter a whole number, such as 12.')).toBeTruthy()
  expect(field).toHaveProperty('value', 'ten')
  await user.clear(field)
  await user.click(screen.getByRole('button', { name: 'Use €50 an hour' }))
  await heading('Who decides?')
  await saved()
  expect(view.answers).toEqual({ company_name: 'Bright' })
})

test('one of several: a click takes on by itself', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('decision_maker')
  await heading('Who decides?')
  await user.click(screen.getByRole('radio', { name: 'We decide together' }))
  await heading('Where does work pile up?')
  await saved()
  expect(view.answers).toEqual({ decision_maker: 'team' })
})

test('one of several: arrow keys change the choice and stay', async () => {
  // jsdom has none, and the simulated arrow keys ask for it.
  vi.stubGlobal('CSS', { escape: (text: string) => text })
  const view = begun({ decision_maker: 'me' })
  const user = userEvent.setup()
  at('decision_maker')
  await heading('Who decides?')
  screen.getByRole('radio', { name: 'I do' }).focus()
  await user.keyboard('{ArrowDown}')
  await saved()
  await waitFor(() => expect(view.answers).toEqual({ decision_maker: 'team' }))
  expect(screen.getByRole('heading', { level: 1, name: 'Who decides?' })).toBeTruthy()
  await user.keyboard('{Enter}')
  await heading('Where does work pile up?')
})

test('one of several: a number key chooses and takes on, Backspace comes back', async () => {
  begun()
  const user = userEvent.setup()
  at('decision_maker')
  await heading('Who decides?')
  await user.keyboard('3')
  await heading('Where does work pile up?')
  await user.keyboard('{Backspace}')
  await heading('Who decides?')
  expect(screen.getByRole('radio', { name: 'Someone else' })).toHaveProperty('checked', true)
})

test('several: in the order of choosing, up to the most', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('pain_points')
  await heading('Where does work pile up?')
  await user.keyboard('{Enter}')
  expect(await screen.findByText('Please choose at least 1.')).toBeTruthy()
  await user.keyboard('2')
  await user.click(screen.getByRole('checkbox', { name: 'Invoices' }))
  await user.click(screen.getByRole('checkbox', { name: 'Marketing' }))
  expect(screen.getByText(/Choose 1 to 2\. 2 of 2 chosen\..*That is the most/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await heading('Which of these do you use?')
  await saved()
  expect(view.answers).toEqual({ pain_points: ['scheduling', 'billing'] })
})

test('a long list is filtered, and chosen ones stay in sight', async () => {
  begun()
  const user = userEvent.setup()
  at('current_tools')
  await heading('Which of these do you use?')
  await user.type(screen.getByLabelText('Find in the list'), 'tool 1')
  expect(screen.getAllByRole('checkbox').map((box) => box.closest('label')?.textContent)).toEqual([
    'Tool 1',
    'Tool 10',
    'Tool 11',
    'Tool 12',
    'Tool 13',
  ])
  await user.click(screen.getByRole('checkbox', { name: 'Tool 11' }))
  await user.clear(screen.getByLabelText('Find in the list'))
  await user.type(screen.getByLabelText('Find in the list'), 'nothing')
  expect(screen.getByText(/Nothing in the list matches “nothing”/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Take back Tool 11' }))
  await user.click(screen.getByRole('button', { name: 'Show the whole list' }))
  expect(screen.getAllByRole('checkbox')).toHaveLength(14)
})

test('nothing chosen is an answer where nothing has to be', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('current_tools')
  await heading('Which of these do you use?')
  await user.click(screen.getByRole('button', { name: 'I use none of these' }))
  await heading('How at ease are you?')
  await saved()
  expect(view.answers).toEqual({ current_tools: [] })
})

test('a scale by keys: 0 is ten', async () => {
  const view = begun()
  const user = userEvent.setup()
  at('technology_comfort')
  await heading('How at ease are you?')
  expect(screen.getAllByRole('radio')).toHaveLength(10)
  await user.keyboard('0')
  await heading('What would you fix tomorrow?')
  await saved()
  expect(view.answers).toEqual({ technology_comfort: 10 })
})

test('lines of text: Enter makes a line, Ctrl and Enter go on', async () => {
  const view = begun({ ...complete, biggest_challenge: undefined })
  const user = userEvent.setup()
  at('biggest_challenge')
  await heading('What would you fix tomorrow?')
  await user.type(screen.getByRole('textbox'), 'The phone{Enter}and the post{Control>}{Enter}{/Control}')
  await heading('Review your answers')
  await saved()
  expect(view.answers['biggest_challenge']).toBe('The phone\nand the post')
})

test('single keys can be switched off', async () => {
  begun()
  const user = userEvent.setup()
  at('decision_maker')
  await heading('Who decides?')
  await user.keyboard('?')
  await user.click(await screen.findByRole('checkbox', { name: 'Use single keys as shortcuts' }))
  await user.click(screen.getByRole('button', { name: 'Close' }))
  await user.keyboard('1?')
  expect(screen.getByRole('radio', { name: 'I do' })).toHaveProperty('checked', false)
  expect(screen.queryByText('Choose an option; on a scale, 0 is ten')).toBeNull()
})

test('what the server refuses is said at the question, and pointed to from elsewhere', async () => {
  begun()
  server.use(
    http.patch('/api/v1/quiz/sessions/{id}', ({ response }) =>
      response('4XX').json(
        refusal(422, 'invalid', [{ field: 'answers/company_name', message: 'must be another name' }]),
        { status: 422 },
      ),
    ),
  )
  const user = userEvent.setup()
  at('company_name')
  await heading('What is your company called?')
  await user.type(screen.getByRole('textbox'), 'Bright{Enter}')
  await heading('What does an hour cost you?')
  const notice = await screen.findByRole('alert')
  expect(notice.textContent).toContain('An answer was not accepted')
  await user.click(within(notice).getByRole('link', { name: 'What is your company called?' }))
  await heading('What is your company called?')
  expect(screen.getByText('Must be another name.')).toBeTruthy()
  expect(screen.getByRole('textbox')).toHaveProperty('value', 'Bright')
})

test('answered in two places: both are shown, and one is taken', async () => {
  const view = begun({ company_name: 'Elsewhere' })
  const entry = { value: 'Here', base: null, tried: [], stamp: 's' }
  localStorage.setItem(`crb.quiz-unsent.${SESSION}.company_name`, JSON.stringify(entry))
  const user = userEvent.setup()
  at('decision_maker')
  await heading('Who decides?')
  const notice = await screen.findByRole('alert')
  expect(within(notice).getByText('Here')).toBeTruthy()
  expect(within(notice).getByText('Elsewhere')).toBeTruthy()
  await user.click(within(notice).getByRole('button', { name: 'Take this one' }))
  await waitFor(() => expect(view.answers).toEqual({ company_name: 'Here' }))
  expect(screen.queryByRole('alert')).toBeNull()
})

test('an expired quiz begins again with the answers of this device', async () => {
  begun()
  server.use(
    http.get('/api/v1/quiz/sessions/{id}', ({ params, response }) =>
      params.id === SESSION
        ? response('4XX').json(refusal(410, 'gone'), { status: 410 })
        : response(200).json({
            session_id: params.id,
            industry: 'dental',
            questionnaire_version: '1',
            status: 'in_progress',
            answers: {},
            completion_percent: 0,
            missing: [],
            version: 1,
            expires_at: '2026-12-01T00:00:00Z',
          }),
    ),
    http.post('/api/v1/quiz/sessions', ({ response }) =>
      response(201).json({
        session_id: '01910000-0000-7000-8000-000000000002',
        token: 'another-token-that-is-long',
        expires_at: '2026-12-01T00:00:00Z',
      }),
    ),
  )
  localStorage.setItem(
    'crb.quiz-answers',
    JSON.stringify({ session: SESSION, answers: { company_name: 'Bright', decision_maker: 'me', gone: 1 } }),
  )
  let sent: unknown
  server.use(
    http.patch('/api/v1/quiz/sessions/{id}', async ({ request, response }) => {
      sent = (await request.json()).answers
      return response('5XX').json(refusal(503, 'unavailable'), { status: 503 })
    }),
  )
  const user = userEvent.setup()
  at('decision_maker')
  await heading('This quiz has expired')
  await user.click(screen.getByRole('button', { name: 'Begin a new quiz with my answers' }))
  await heading('Where does work pile up?')
  await waitFor(() => expect(sent).toEqual({ company_name: 'Bright', decision_maker: 'me' }))
})

test('an unknown question and an unknown industry say so', async () => {
  begun()
  at('no_such_question')
  await heading('There is no such question')
  expect(screen.getByRole('link', { name: 'Go on with the quiz' }).getAttribute('href')).toBe('/quiz/dental')
  renderAt('/quiz/bakery/company_name', '/quiz/*', <Quiz />)
  await heading('There is no quiz for this industry')
  expect(await screen.findByRole('link', { name: 'Home services' })).toBeTruthy()
})
