// The frame of the pages without a framework: the same header and footer as in the app, and it works without a script.
import type { ReactNode } from 'react'

import { frame as say } from '@messages/frame'
import { landing } from '@messages/landing'
import { href } from '@/routes'
import { FooterLink, Mark } from '@/ui/page'

export const Frame = ({ children }: { children: ReactNode }) => (
  <>
    <a
      href="#main"
      className="no-print absolute left-4 -top-20 z-50 rounded-md bg-accent px-4 py-3 text-on-accent focus:top-2"
    >
      {say.skip}
    </a>
    <header className="no-print border-b border-rule">
      <div className="frame flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2">
        <a href={href.home} className="flex min-h-11 items-center gap-2 font-semibold tracking-tight">
          <Mark /> {say.name}
        </a>
        <div className="flex items-center gap-6">
          <nav aria-label={landing.nav.label} className="hidden gap-6 sm:flex">
            <HeaderLink to={`${href.home}#steps`}>{landing.nav.steps}</HeaderLink>
            <HeaderLink to={href.sample}>{landing.nav.sample}</HeaderLink>
            <HeaderLink to={`${href.home}#questions`}>{landing.nav.questions}</HeaderLink>
          </nav>
          <ThemeButton />
        </div>
      </div>
    </header>
    {children}
    <footer className="border-t border-rule text-sm text-muted">
      <div className="frame flex flex-wrap items-center justify-between gap-x-6 py-4">
        <p className="py-3">{say.promise}</p>
        <nav aria-label={say.legal} className="no-print flex flex-wrap gap-x-6">
          <FooterLink to={`${href.home}#help`}>{say.help}</FooterLink>
          <FooterLink to={href.privacy}>{say.privacy}</FooterLink>
          <FooterLink to={href.terms}>{say.terms}</FooterLink>
          <FooterLink to={IMPRINT}>{landing.imprint}</FooterLink>
        </nav>
      </div>
    </footer>
  </>
)

export const IMPRINT = '/imprint'

const HeaderLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <a
    href={to}
    className="inline-flex min-h-11 items-center text-muted underline-offset-4 hover:text-ink hover:underline"
  >
    {children}
  </a>
)

/** Its three faces stand in the page, and the theme's attribute shows one: the script only changes the attribute. */
const ThemeButton = () => (
  <button
    id="theme"
    type="button"
    hidden
    className="-mr-3 grid size-11 place-items-center rounded-full text-muted hover:bg-surface hover:text-ink"
  >
    <span className="sr-only in-data-theme:hidden">{say.themeNow(say.theme.system)}</span>
    <span className="sr-only not-in-data-[theme=light]:hidden">{say.themeNow(say.theme.light)}</span>
    <span className="sr-only not-in-data-[theme=dark]:hidden">{say.themeNow(say.theme.dark)}</span>
    <ThemeIcon when="in-data-theme:hidden">
      <circle cx="12" cy="12" r="8" />
      <path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor" />
    </ThemeIcon>
    <ThemeIcon when="not-in-data-[theme=light]:hidden">
      <circle cx="12" cy="12" r="4" />
      <path
        strokeLinecap="round"
        d="M12 3v2m0 14v2m9-9h-2M5 12H3m15.4-6.4-1.4 1.4M7 17l-1.4 1.4m12.8 0L17 17M7 7 5.6 5.6"
      />
    </ThemeIcon>
    <ThemeIcon when="not-in-data-[theme=dark]:hidden">
      <path strokeLinejoin="round" d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5Z" />
    </ThemeIcon>
  </button>
)

const ThemeIcon = ({ when, children }: { when: string; children: ReactNode }) => (
  <svg
    viewBox="0 0 24 24"
    className={`size-5 ${when}`}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    aria-hidden="true"
  >
    {children}
  </svg>
)
