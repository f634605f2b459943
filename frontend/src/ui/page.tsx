// The frame of every app page: skip link, header, one h1 that takes the focus after a change of page, footer.
import { type ReactNode, useEffect, useRef } from 'react'

import { frame as say } from '@messages/frame'
import { Link, useLocation } from '@/lib/navigation'
import { href } from '@/routes'
import { announce } from '@/ui/announcer'
import { ThemeSwitch } from '@/ui/theme-switch'

interface PageProps {
  /** Of the browser's tab. */
  title: string
  children: ReactNode
  /** Beside the name, at the right of the header. */
  actions?: ReactNode
  /** Pages for reading are wide, forms are not. */
  width?: 'wide' | 'narrow'
}

export function Page({ title, children, actions, width = 'wide' }: PageProps) {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    document.title = `${title} · ${say.name}`
  }, [title])
  useFocusOnArrival(pathname, main)
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="no-print absolute left-4 -top-20 z-50 rounded-md bg-accent px-4 py-3 text-on-accent focus:top-2"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {say.skip}
      </a>
      <header className="no-print border-b border-rule">
        <div className="frame flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2">
          <a href={href.home} className="flex min-h-11 items-center gap-2 font-semibold tracking-tight">
            <Mark /> {say.name}
          </a>
          <div className="flex flex-wrap items-center gap-2">
            {actions}
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        className={`flex-1 py-8 sm:py-12 ${width === 'wide' ? 'frame' : 'mx-auto w-[min(44rem,100%-2rem)]'}`}
      >
        {children}
      </main>
      <footer className="no-print border-t border-rule text-sm text-muted">
        <div className="frame flex flex-wrap items-center justify-between gap-x-6 py-4">
          <p className="py-3">{say.promise}</p>
          <nav aria-label={say.legal} className="flex flex-wrap gap-x-6">
            {/* Documents of their own, so plain links. The order is the same on every page. */}
            <FooterLink to={`${href.home}#help`}>{say.help}</FooterLink>
            <FooterLink to={href.privacy}>{say.privacy}</FooterLink>
            <FooterLink to={href.terms}>{say.terms}</FooterLink>
            <FooterLink to={href.imprint}>{say.imprint}</FooterLink>
          </nav>
        </div>
      </footer>
    </div>
  )
}

/** A link that leaves the document for another of the app's pages looks the same as one that does not. */
export const TextLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <Link to={to} className="text-accent underline underline-offset-4 hover:text-accent-strong">
    {children}
  </Link>
)

export const FooterLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <a
    href={to}
    className="inline-flex min-h-11 items-center underline-offset-4 hover:text-ink hover:underline"
  >
    {children}
  </a>
)

/** The product's mark: three bars, cost, risk and benefit. */
export const Mark = () => (
  <svg viewBox="0 0 24 24" className="size-6 text-accent" aria-hidden="true" fill="currentColor">
    <rect x="2" y="13" width="5" height="9" rx="1.5" opacity="0.55" />
    <rect x="9.5" y="8" width="5" height="14" rx="1.5" opacity="0.75" />
    <rect x="17" y="2" width="5" height="20" rx="1.5" />
  </svg>
)

/** After a change of page, not on the first: keyboard and screen reader start at its heading. */
function useFocusOnArrival(pathname: string, main: React.RefObject<HTMLElement | null>) {
  const before = useRef(arrivedAt)
  useEffect(() => {
    if (before.current === pathname) return
    const heading = main.current?.querySelector('h1')
    // A skeleton has none: the arrival is what comes in its place.
    if (!heading) return
    const isFirst = arrivedAt === undefined
    before.current = pathname
    arrivedAt = pathname
    if (isFirst) return
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
    announce(document.title)
    window.scrollTo({ top: 0 })
  }, [pathname, main])
}

/** The page that was last arrived at, across pages that each have their own frame. */
let arrivedAt: string | undefined
