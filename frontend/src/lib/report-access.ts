// The keys of the reports that this browser has opened: to copy the share link, and to renew a lost cookie.
import * as v from 'valibot'

import { stored } from '@/lib/storage'
import { href } from '@/routes'

const MOST_KEPT = 10
const PREFIX = 'token='

const Kept = v.array(
  v.object({ id: v.string(), token: v.pipe(v.string(), v.minLength(20), v.maxLength(200)) }),
)
const kept = stored('reports', Kept)

/** For browsers that keep nothing: then for as long as the page is open. */
const open = new Map<string, string>()

export function tokenOf(report: string): string | undefined {
  return open.get(report) ?? kept.read()?.find((one) => one.id === report)?.token
}

/** Keeps the last ten, the newest first. */
export function rememberToken(report: string, token: string): void {
  open.set(report, token)
  const others = (kept.read() ?? []).filter((one) => one.id !== report)
  kept.write([{ id: report, token }, ...others].slice(0, MOST_KEPT))
}

/** A token that opens nothing any more only costs a request at each visit. */
export function forgetToken(report: string): void {
  open.delete(report)
  const others = (kept.read() ?? []).filter((one) => one.id !== report)
  kept.write(others)
}

/** The link for somebody else, to a place on the page where one is named; none where this browser does not know the key. */
export function shareLink(report: string, search = '', place = ''): string | undefined {
  const token = tokenOf(report)
  if (!token) return undefined
  const fragment = [PREFIX + token, place].filter(Boolean).join('&')
  return `${window.location.origin}${href.report(report)}${search}#${fragment}`
}

/** The key in an address's fragment, which no server sees: `#token=…`, alone or beside a place on the page. */
export function tokenIn(hash: string): string | undefined {
  return (
    parts(hash)
      .find((part) => part.startsWith(PREFIX))
      ?.slice(PREFIX.length) || undefined
  )
}

/** The fragment without the key; a place on the page stays. */
export function withoutToken(hash: string): string {
  const rest = parts(hash)
    .filter((part) => !part.startsWith(PREFIX))
    .join('&')
  return rest && `#${rest}`
}

const parts = (hash: string) => hash.replace(/^#/, '').split('&').filter(Boolean)
