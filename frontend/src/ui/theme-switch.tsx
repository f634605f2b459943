// System, light, dark: one button that goes round.
import { useState } from 'react'

import { frame as say } from '@messages/frame'
import { chooseTheme, currentTheme, type Theme } from '@/lib/theme'
import { announce } from '@/ui/announcer'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

export function ThemeSwitch() {
  const [theme, setTheme] = useState(currentTheme)
  const change = () => {
    const next = NEXT[theme]
    chooseTheme(next)
    setTheme(next)
    announce(say.theme[next])
  }
  return (
    <button
      type="button"
      onClick={change}
      aria-label={say.themeNow(say.theme[theme])}
      title={say.themeNow(say.theme[theme])}
      className="-mr-3 grid size-11 place-items-center rounded-full text-muted hover:bg-surface hover:text-ink"
    >
      <svg
        viewBox="0 0 24 24"
        className="size-5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        aria-hidden="true"
      >
        {theme === 'light' && (
          <>
            <circle cx="12" cy="12" r="4" />
            <path
              strokeLinecap="round"
              d="M12 3v2m0 14v2m9-9h-2M5 12H3m15.4-6.4-1.4 1.4M7 17l-1.4 1.4m12.8 0L17 17M7 7 5.600 5.600"
            />
          </>
        )}
        {theme === 'dark' && (
          <path strokeLinejoin="round" d="M20 14.500A8 8 0 0 1 9.500 4a8 8 0 1 0 10.500 10.500Z" />
        )}
        {theme === 'system' && (
          <>
            <circle cx="12" cy="12" r="8" />
            <path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor" />
          </>
        )}
      </svg>
    </button>
  )
}
