// The door: what opens a report, what is done when the cookie is gone, and what never opens.
import { HttpResponse } from 'msw'
import { beforeEach, describe, expect, test } from 'vitest'

import { ApiProblem } from '@/api/problem'
import { rememberToken, tokenOf } from '@/lib/report-access'
import { isRefusal, openReport } from '@/pages/report/access'
import { pending, problem } from '@/test/report'
import { http, server } from '@/test/server'

const TOKEN = 'kDCBCPsG2QTm5Ek4BO3p4OuGGLk-ZGyOwLsmkOzNqFM'
let id = ''
let asked: string[] = []
let cookie = false

beforeEach(() => {
  // Another report each time: the page remembers keys for as long as it is open.
  id = crypto.randomUUID()
  asked = []
  cookie = false
  server.use(
    http.post('/api/v1/reports/{id}/access', ({ request, response }) => {
      asked.push('access')
      if (request.headers.get('Authorization') !== `Bearer ${TOKEN}`) return response.untyped(refusal(404))
      cookie = true
      return response(204).empty()
    }),
    http.get('/api/v1/reports/{id}', ({ request, response }) => {
      asked.push(request.headers.has('Authorization') ? 'view with a header' : 'view')
      return cookie
        ? response.untyped(HttpResponse.json(pending(id), { status: 202 }))
        : response.untyped(refusal(401))
    }),
  )
  arriveAt('')
})

const refusal = (status: 401 | 404) =>
  HttpResponse.json(problem(status === 401 ? 'unauthenticated' : 'not_found', status), { status })

const arriveAt = (hash: string, search = '') =>
  window.history.replaceState({ idx: 3 }, '', `/reports/${id}${search}${hash}`)

const failure = () => openReport(id).catch((error: unknown) => error)

test('a link’s token becomes a cookie, leaves the address, and is kept', async () => {
  arriveAt(`#token=${TOKEN}&finding-f-03`, '?roi=r-01')
  await expect(openReport(id)).resolves.toMatchObject({ state: 'pending' })
  expect(asked).toEqual(['access', 'view'])
  expect(window.location.href).toBe(`http://localhost:3000/reports/${id}?roi=r-01#finding-f-03`)
  expect(window.history.state).toEqual({ idx: 3 })
  expect(tokenOf(id)).toBe(TOKEN)
})

test('where the cookie suffices, one request without a header is all', async () => {
  cookie = true
  await openReport(id)
  expect(asked).toEqual(['view'])
})

test('a lost cookie is renewed by the kept token', async () => {
  rememberToken(id, TOKEN)
  await expect(openReport(id)).resolves.toMatchObject({ state: 'pending' })
  expect(asked).toEqual(['view', 'access', 'view'])
})

describe('what does not open', () => {
  test('no token at all', async () => expect(await failure()).toSatisfy(isRefusal))

  test('a kept token that is no longer good is forgotten', async () => {
    rememberToken(id, 'another-token-that-opens-nothing')
    expect(await failure()).toSatisfy(isRefusal)
    expect(tokenOf(id)).toBeUndefined()
  })

  test('a wrong link; the address does not keep it, and nothing is kept of it', async () => {
    arriveAt('#token=wrong-token-wrong-token-wrong')
    expect(await failure()).toSatisfy(isRefusal)
    expect(window.location.hash).toBe('')
    expect(tokenOf(id)).toBeUndefined()
  })

  test('an address that cannot be a report is not even asked for', async () => {
    id = 'no-such-thing'
    expect(await failure()).toSatisfy(isRefusal)
    expect(asked).toEqual([])
  })
})

test('a wrong link does not take away what the cookie opens', async () => {
  cookie = true
  rememberToken(id, TOKEN)
  arriveAt('#token=wrong-token-wrong-token-wrong')
  await expect(openReport(id)).resolves.toMatchObject({ state: 'pending' })
  expect(tokenOf(id)).toBe(TOKEN)
})

test('without a network the token stays in the address, so that a reload can use it', async () => {
  server.use(
    http.post('/api/v1/reports/{id}/access', ({ response }) => response.untyped(HttpResponse.error())),
  )
  arriveAt(`#token=${TOKEN}`)
  await expect(openReport(id)).rejects.toSatisfy(
    (error) => error instanceof ApiProblem && error.code === 'offline',
  )
  expect(window.location.hash).toBe(`#token=${TOKEN}`)
})
