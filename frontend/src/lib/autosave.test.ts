// The promise of saving: in order, once, through losses of the network and changes elsewhere, and nothing is lost.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { ApiProblem } from '@/api/problem'
import { type Autosave, createAutosave, type Door, TYPING_PAUSE_MS, type View } from '@/lib/autosave'
import { type Answers, unsentOf } from '@/lib/unsent'

const SESSION = '01910000-0000-7000-8000-000000000001'

/** A server with one quiz, as strict about versions as the real one. */
function fakeServer(answers: Answers = {}) {
  const state: View = { version: 1, status: 'in_progress', answers: { ...answers } }
  const sent: Answers[] = []
  const failures: (ApiProblem | 'lost answer')[] = []
  const look = () => structuredClone(state)
  const gates: (() => void)[] = []
  let isHolding = false
  const door: Door = {
    load: () => Promise.resolve(look()),
    async save(version, changes) {
      sent.push(changes)
      if (isHolding) await new Promise<void>((pass) => gates.push(pass))
      const failure = failures.shift()
      if (failure instanceof ApiProblem) throw failure
      if (state.status === 'completed') throw problem(409, 'conflict')
      if (version !== state.version) throw problem(409, 'conflict')
      store(changes)
      if (failure === 'lost answer') throw ApiProblem.offline()
      return look()
    },
  }
  function store(changes: Answers) {
    state.version += 1
    for (const [question, value] of Object.entries(changes)) {
      if (value === null) delete state.answers[question]
      else state.answers[question] = value
    }
  }
  return {
    door,
    state,
    sent,
    failures,
    store,
    hold: () => (isHolding = true),
    release() {
      isHolding = false
      for (const pass of gates.splice(0)) pass()
    },
  }
}

function problem(status: number, code: string, errors: { field: string; message: string }[] = []) {
  const body = { type: 'about:blank', title: '', status, detail: 'why', code, request_id: 'r-1', errors }
  return ApiProblem.of(new Response(null, { status }), body)
}

/** Everything that happens without time passing. */
const now = () => vi.advanceTimersByTimeAsync(0)

const stops: (() => void)[] = []

function open(server: ReturnType<typeof fakeServer>): Autosave {
  const saver = createAutosave(SESSION, structuredClone(server.state), server.door)
  stops.push(saver.start())
  return saver
}

const go = (on: boolean) => {
  vi.spyOn(window.navigator, 'onLine', 'get').mockReturnValue(on)
  window.dispatchEvent(new Event(on ? 'online' : 'offline'))
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(window.navigator, 'onLine', 'get').mockReturnValue(true)
  // jsdom has none; this much of them is what saving relies on: one after the other.
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, work: () => Promise<void>) => (last = last.catch(() => {}).then(work))
  vi.stubGlobal('navigator', Object.create(window.navigator, { locks: { value: { request } } }))
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.useRealTimers()
})

test('an answer is sent at once and leaves this device when the server has it', async () => {
  const server = fakeServer()
  const saver = open(server)
  saver.answer('employee_count', 12)
  expect(saver.read()).toMatchObject({ state: 'saving', answers: { employee_count: 12 }, isKept: true })
  expect(unsentOf(SESSION).get('employee_count')?.value).toBe(12)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'saved', answers: { employee_count: 12 }, unsent: 0 })
  expect(unsentOf(SESSION).entries().size).toBe(0)
  expect(server.state.answers).toEqual({ employee_count: 12 })
})

test('one request at a time: what is answered meanwhile follows in one, with its last value', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.hold()
  saver.answer('a', 1)
  await vi.waitFor(() => expect(server.sent).toHaveLength(1))
  saver.answer('a', 2)
  saver.answer('b', 'x')
  saver.answer('a', 3)
  expect(server.sent).toEqual([{ a: 1 }])
  server.release()
  await saver.flush()
  expect(server.sent).toEqual([{ a: 1 }, { a: 3, b: 'x' }])
  expect(saver.read()).toMatchObject({ state: 'saved', answers: { a: 3, b: 'x' } })
})

test('taking an answer back while it is on its way is sent, too', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.hold()
  saver.answer('a', 1)
  await vi.waitFor(() => expect(server.sent).toHaveLength(1))
  saver.answer('a', null)
  server.release()
  await saver.flush()
  expect(server.state.answers).toEqual({})
  expect(saver.read().answers).toEqual({})
})

test('typing is kept with every key and sent when it pauses', async () => {
  const server = fakeServer()
  const saver = open(server)
  for (const text of ['B', 'Br', 'Bright']) saver.answer('company_name', text, 'typing')
  expect(unsentOf(SESSION).get('company_name')?.value).toBe('Bright')
  expect(server.sent).toEqual([])
  await vi.advanceTimersByTimeAsync(TYPING_PAUSE_MS)
  expect(server.sent).toEqual([{ company_name: 'Bright' }])
})

test('an answer that is the same as before is not sent', async () => {
  const server = fakeServer({ a: 1, list: ['x', 'y'] })
  const saver = open(server)
  saver.answer('a', 1)
  saver.answer('list', ['x', 'y'])
  await saver.flush()
  expect(server.sent).toEqual([])
  saver.answer('list', ['y', 'x'])
  await saver.flush()
  expect(server.sent).toEqual([{ list: ['y', 'x'] }])
})

test('offline, answers are kept on this device; back online they go in one request', async () => {
  const server = fakeServer()
  const saver = open(server)
  go(false)
  saver.answer('a', 1)
  saver.answer('b', 2)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'offline', isKept: true, unsent: 2 })
  expect(server.sent).toEqual([])
  go(true)
  await saver.flush()
  expect(server.sent).toEqual([{ a: 1, b: 2 }])
  expect(saver.read().state).toBe('saved')
})

test('a server that is away is asked again, later and later, and as it says', async () => {
  const server = fakeServer()
  const saver = open(server)
  vi.spyOn(Math, 'random').mockReturnValue(1)
  server.failures.push(problem(503, 'unavailable'), problem(503, 'unavailable'))
  saver.answer('a', 1)
  await now()
  expect(saver.read()).toMatchObject({ state: 'away', unsent: 1 })
  await vi.advanceTimersByTimeAsync(999)
  expect(server.sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(server.sent).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1999)
  expect(server.sent).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(saver.read()).toMatchObject({ state: 'saved', unsent: 0 })
})

test('an answer whose acknowledgement was lost is no clash with itself, also after it was changed', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.failures.push('lost answer')
  saver.answer('a', 1)
  await now()
  expect(saver.read().state).toBe('offline')
  saver.answer('a', 2)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'saved', answers: { a: 2 } })
  expect(saver.read().clashes.size).toBe(0)
  expect(server.state.answers).toEqual({ a: 2 })
})

test('answers to other questions elsewhere are merged', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.store({ b: 'elsewhere' })
  saver.answer('a', 1)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'saved', answers: { a: 1, b: 'elsewhere' } })
  expect(server.state.answers).toEqual({ a: 1, b: 'elsewhere' })
})

test.each(['mine', 'theirs'] as const)(
  'the same question answered elsewhere: both are kept, %s is chosen',
  async (whose) => {
    const server = fakeServer({ a: 'before' })
    const saver = open(server)
    server.store({ a: 'elsewhere' })
    saver.answer('a', 'here')
    saver.answer('b', 2)
    await saver.flush()
    expect(saver.read().state).toBe('clash')
    expect(saver.read().clashes.get('a')).toEqual({ mine: 'here', theirs: 'elsewhere' })
    // The rest is saved, and nothing is written over.
    expect(server.state.answers).toEqual({ a: 'elsewhere', b: 2 })
    saver.choose('a', whose)
    await saver.flush()
    const chosen = whose === 'mine' ? 'here' : 'elsewhere'
    expect(saver.read()).toMatchObject({ state: 'saved', answers: { a: chosen, b: 2 } })
    expect(server.state.answers).toEqual({ a: chosen, b: 2 })
  },
)

test('a clash that was not settled is still there after a reload', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.store({ a: 'elsewhere' })
  saver.answer('a', 'here')
  await saver.flush()
  stops.splice(0).forEach((stop) => stop())
  expect(open(server).read().clashes.get('a')).toEqual({ mine: 'here', theirs: 'elsewhere' })
})

test.each([
  ['mine', true, 30],
  ['theirs', true, 20],
  ['mine', false, 30],
  ['theirs', false, 20],
] as const)(
  'a second tab answers what is being typed here: %s is chosen, online: %s',
  async (whose, online, chosen) => {
    const server = fakeServer({ a: 12 })
    const [here, there] = [open(server), open(server)]
    go(online)
    // What is typed here was already kept, and the other tab, which saw it or not, put its own in its place.
    here.answer('a', 30, 'typing')
    there.answer('a', 20)
    await there.flush()
    here.leave('a', 30)
    expect(here.read().clashes.get('a')).toEqual({ mine: 30, theirs: 20 })
    go(true)
    await here.flush()
    expect(here.read().clashes.get('a'), 'the server settles nothing by itself').toEqual({
      mine: 30,
      theirs: 20,
    })
    here.choose('a', whose)
    await here.flush()
    expect(here.read()).toMatchObject({ state: 'saved', answers: { a: chosen } })
    expect(server.state.answers).toEqual({ a: chosen })
  },
)

test('a field that is left as it was saved asks nothing', async () => {
  const server = fakeServer()
  const saver = open(server)
  saver.answer('a', 30, 'typing')
  saver.leave('a', 30)
  await saver.flush()
  saver.leave('a', 30)
  expect(saver.read()).toMatchObject({ state: 'saved', answers: { a: 30 } })
})

test('a refused answer is set aside with its reason, the others go without it', async () => {
  const server = fakeServer()
  const saver = open(server)
  server.failures.push(problem(422, 'invalid', [{ field: 'answers/a', message: 'must be between 1 and 5' }]))
  saver.answer('a', 9)
  saver.answer('b', 2)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'refused', answers: { a: 9, b: 2 } })
  expect(saver.read().refused).toEqual(new Map([['a', 'must be between 1 and 5']]))
  expect(server.sent).toEqual([{ a: 9, b: 2 }, { b: 2 }])
  saver.answer('a', 5)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'saved', refused: new Map() })
})

test('what cannot be an answer is kept as it was typed, and not sent', async () => {
  const server = fakeServer()
  const saver = open(server)
  saver.hold('a', 'about ten', 'Please enter a whole number.')
  await saver.flush()
  expect(server.sent).toEqual([])
  expect(saver.read()).toMatchObject({ state: 'refused', answers: { a: 'about ten' } })
})

test('unsent answers survive a reload and are sent by the next page', async () => {
  const server = fakeServer()
  go(false)
  const before = open(server)
  before.answer('a', 1)
  before.answer('b', null)
  await before.flush()
  stops.splice(0).forEach((stop) => stop())
  go(true)
  const after = open(server)
  expect(after.read().answers).toEqual({ a: 1 })
  await after.flush()
  expect(server.sent).toEqual([{ a: 1 }])
  expect(after.read().state).toBe('saved')
})

test('a completed quiz takes no more answers, and keeps the late one', async () => {
  const server = fakeServer({ a: 1 })
  const saver = open(server)
  server.state.status = 'completed'
  saver.answer('a', 2)
  await saver.flush()
  expect(saver.read()).toMatchObject({ ended: 'completed', answers: { a: 2 }, unsent: 1 })
})

test.each([
  [410, 'gone'],
  [404, 'not_found'],
])('%i ends the saving and keeps the answers', async (status, code) => {
  const server = fakeServer()
  const saver = open(server)
  server.failures.push(problem(status, code))
  saver.answer('a', 1)
  await now()
  expect(saver.read()).toMatchObject({ ended: 'gone', answers: { a: 1 }, unsent: 1 })
  await vi.advanceTimersByTimeAsync(120_000)
  expect(server.sent).toHaveLength(1)
})

test('versions that never fit are tried again later, not for ever at once', async () => {
  const server = fakeServer()
  const saver = open(server)
  for (let times = 0; times < 6; times += 1) server.failures.push(problem(409, 'conflict'))
  saver.answer('a', 1)
  await now()
  expect(server.sent).toHaveLength(6)
  expect(saver.read().state).toBe('away')
})

test('two tabs: what the one could not send, the other sends, and nobody sends it twice', async () => {
  const server = fakeServer()
  const one = open(server)
  go(false)
  one.answer('a', 1)
  await one.flush()
  const other = open(server)
  other.answer('b', 2)
  go(true)
  await Promise.all([one.flush(), other.flush()])
  expect(server.state.answers).toEqual({ a: 1, b: 2 })
  expect(server.sent.filter((changes) => 'a' in changes)).toHaveLength(1)
  // The storage event, which reaches other tabs only.
  window.dispatchEvent(new StorageEvent('storage', { key: null }))
  expect(one.read().state).toBe('saved')
  expect(other.read().state).toBe('saved')
})

test('two tabs: the one hears what the other has saved', async () => {
  const server = fakeServer()
  const one = open(server)
  const other = open(server)
  one.answer('a', 1)
  await one.flush()
  vi.useRealTimers()
  await vi.waitFor(() => expect(other.read().answers).toEqual({ a: 1 }))
  other.answer('a', 2)
  await other.flush()
  // It knew of the other answer, so it is a change of mind and no clash, and the version was fresh.
  expect(server.sent).toEqual([{ a: 1 }, { a: 2 }])
  expect(other.read().state).toBe('saved')
})

test('where the browser keeps nothing, answers live in the tab and it says so', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  const server = fakeServer()
  const saver = open(server)
  go(false)
  saver.answer('a', 1)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'offline', isKept: false, answers: { a: 1 } })
  go(true)
  await saver.flush()
  expect(saver.read()).toMatchObject({ state: 'saved', isKept: true })
})
