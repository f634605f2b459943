// The door of a report: the link's token becomes a cookie, and a lost cookie is renewed without a word.
import { api, bearer, call, callWithResponse } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { Pending, ReportDocument } from '@/api/schema'
import { forgetToken, rememberToken, tokenIn, tokenOf, withoutToken } from '@/lib/report-access'

/** The address of the public sample, in place of an id. */
export const SAMPLE = 'sample'

export type Opened = { state: 'ready'; document: ReportDocument } | { state: 'pending'; pending: Pending }

/** Reads a report, with whatever opens it: the address's token, the cookie, or the token kept from before. */
export async function openReport(id: string): Promise<Opened> {
  if (id === SAMPLE) return { state: 'ready', document: await call(api.GET('/api/v1/reports/sample')) }
  if (!UUID.test(id)) throw refused()
  await takeTokenOfAddress(id)
  return withCookie(id, () => view(id))
}

/** Runs what needs the report's cookie; where it is gone, fetches a new one and runs it once more. */
export async function withCookie<Answer>(id: string, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run()
  } catch (error) {
    const token = tokenOf(id)
    if (!isRefusal(error) || !token) throw error
    if (!(await exchange(id, token))) {
      forgetToken(id)
      throw error
    }
    return run()
  }
}

/** No such report, not this one's link, or no link at all: the three look alike on purpose. */
export const isRefusal = (error: unknown) =>
  error instanceof ApiProblem && (error.status === 401 || error.status === 404)

/** The token leaves the address once the server has judged it, not before: a reload without a network needs it. */
async function takeTokenOfAddress(id: string): Promise<void> {
  const token = tokenIn(window.location.hash)
  if (!token) return
  if (await exchange(id, token)) rememberToken(id, token)
  const { pathname, search, hash } = window.location
  window.history.replaceState(window.history.state, '', pathname + search + withoutToken(hash))
}

/** Whether the token opens the report; the cookie is then set. */
async function exchange(id: string, token: string): Promise<boolean> {
  try {
    await call(api.POST('/api/v1/reports/{id}/access', { params: { path: { id } }, headers: bearer(token) }))
    return true
  } catch (error) {
    if (error instanceof ApiProblem && !error.isPassing) return false
    throw error
  }
}

/**
 * Without a header of our own, so that the answer which the server has preloaded is used. On a first visit that is the
 * refusal from before the cookie; `withCookie` then asks once more.
 */
async function view(id: string): Promise<Opened> {
  const { data } = await callWithResponse(api.GET('/api/v1/reports/{id}', { params: { path: { id } } }))
  return 'schema_version' in data ? { state: 'ready', document: data } : { state: 'pending', pending: data }
}

const refused = () => ApiProblem.of(new Response(null, { status: 404 }), undefined)

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
