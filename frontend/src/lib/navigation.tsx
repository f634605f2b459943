// The one place that knows the router: where the browser is, how to go elsewhere, and links. Matching routes is wouter's.
import { parse } from 'regexparam'
import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { createContext, startTransition, use, useCallback, useLayoutEffect, useMemo, useState } from 'react'
import { type BaseLocationHook, Link as RouterLink, matchRoute, Router, useParams } from 'wouter'

export { Redirect, Route, Switch } from 'wouter'

interface Place {
  /** As the browser has it, so with its escapes. */
  pathname: string
  search: string
  hash: string
  /** What was given along with the address. It comes from the browser's history, so it may be anything. */
  state: unknown
}

interface Manner {
  replace?: boolean
  state?: unknown
}

/** To an address, or so many steps through the history. */
type Navigate = (to: string | number, manner?: Manner) => void

const Here = createContext<{ place: Place; navigate: Navigate } | undefined>(undefined)

/** Around everything that has routes or links. It hears what goes through it, and Back and Forward. */
export function Navigation({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(read)
  // As a transition: the page that one leaves stays, with its own address, until the code of the next one is there.
  const arrive = useCallback(() => startTransition(() => setPlace(read())), [])
  useLayoutEffect(() => {
    window.addEventListener('popstate', arrive)
    return () => window.removeEventListener('popstate', arrive)
  }, [arrive])
  const navigate = useCallback<Navigate>(
    (to, { replace = false, state = null } = {}) => {
      if (typeof to === 'number') return window.history.go(to)
      window.history[replace ? 'replaceState' : 'pushState'](state, '', to)
      arrive()
    },
    [arrive],
  )
  const here = useMemo(() => ({ place, navigate }), [place, navigate])
  // The router decodes the whole path before it splits it: so it gets the escapes escaped, and each part is decoded once.
  const path = place.pathname.replaceAll('%', '%25')
  const hook = useCallback<BaseLocationHook>(() => [path, navigate], [path, navigate])
  return (
    <Here value={here}>
      <Router hook={hook} parser={parser}>
        {children}
      </Router>
    </Here>
  )
}

export const useLocation = (): Place => useHere().place

export const useNavigate = (): Navigate => useHere().navigate

/** A part of the address by its name in the route; empty where the route has none. */
export const useParam = (name: string): string => decoded(useParams()[name] ?? '')

export function useSearchParams(): [URLSearchParams, (next: URLSearchParams, manner?: Manner) => void] {
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const params = useMemo(() => new URLSearchParams(search), [search])
  const setParams = (next: URLSearchParams, manner?: Manner) =>
    navigate(next.size > 0 ? `${pathname}?${next}` : pathname, manner)
  return [params, setParams]
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { to: string; state?: unknown }

export function Link({ to, ...rest }: LinkProps) {
  const { pathname, search, hash } = useLocation()
  // To where one already is, is no step in the history.
  return <RouterLink to={to} replace={to === pathname + search + hash} {...rest} />
}

/** Says that it is the current one, also on the pages below it. */
export function NavLink({ to, ...rest }: LinkProps) {
  const { pathname } = useLocation()
  const isHere = `${pathname.toLowerCase()}/`.startsWith(`${to}/`)
  return <Link to={to} aria-current={isHere ? 'page' : undefined} {...rest} />
}

/** Whether an address is one of a route's, without rendering anything. */
export const matches = (route: string, pathname: string): boolean => matchRoute(parser, route, pathname)[0]

/** `/quiz/*` is also `/quiz`, as it is for the server. */
const parser = (route: string, loose?: boolean) => parse(route.replace(/\/\*$/, '/*?'), loose)

function useHere() {
  const here = use(Here)
  if (!here) throw new Error('outside of the navigation')
  return here
}

function read(): Place {
  // The build renders outlines, which are nowhere.
  if (typeof window === 'undefined') return { pathname: '/', search: '', hash: '', state: null }
  const { pathname, search, hash } = window.location
  return { pathname, search, hash, state: window.history.state }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
