// Light, dark or as the system says. The document's first script applies the choice before the first paint.

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'crb.theme'

export function currentTheme(): Theme {
  // Without a document this is the build, which renders the frame of the pages.
  const chosen = globalThis.document?.documentElement.dataset['theme']
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // The choice then lasts as long as the page.
  }
}
