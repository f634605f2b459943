// The one way to the API: typed by its document, every failure an `ApiProblem`.
import createClient from 'openapi-fetch'

import { ApiProblem } from '@/api/problem'
import type { paths } from '@/api/schema'
import { config } from '@/lib/config'

/** Cookies go along: the report's own, which `EventSource` and links rely on. */
export const api = createClient<paths>({
  baseUrl: config.apiBaseUrl || window.location.origin,
  credentials: config.apiBaseUrl ? 'include' : 'same-origin',
  // Looked up at each call, so that tests can answer in its place.
  fetch: (request) => globalThis.fetch(request),
})

/** An absolute address at the API, for what a browser opens by itself: event streams, downloads. */
export const apiUrl = (path: string) => `${config.apiBaseUrl}${path}`

/** The header by which a token opens what it owns. */
export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

interface Answer<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The data of an answer; anything else is thrown as an `ApiProblem`. */
export async function call<Data>(pending: Promise<Answer<Data>>): Promise<Data> {
  const { data } = await callWithResponse(pending)
  return data
}

/** The same, with the response: for statuses and headers. A 204 has no data. */
export async function callWithResponse<Data>(
  pending: Promise<Answer<Data>>,
): Promise<{ data: Data; response: Response }> {
  let answer: Answer<Data>
  try {
    answer = await pending
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    // A body that is not JSON although it should be counts as no answer, too: a captive portal, a proxy's page.
    throw ApiProblem.offline()
  }
  if (!answer.response.ok) throw ApiProblem.of(answer.response, answer.error)
  return { data: answer.data as Data, response: answer.response }
}
