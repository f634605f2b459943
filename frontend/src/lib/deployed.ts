// A tab that was open through a deploy asks for chunks that are gone; it then loads the new page, once.

const KEY = 'crb.reloaded-for'

export function reloadOnceWhenDeployed(): void {
  window.addEventListener('vite:preloadError', (event) => {
    // By address: one reload for each page that fails, never a loop.
    if (alreadyReloadedFor(window.location.pathname)) return
    event.preventDefault()
    window.location.reload()
  })
}

function alreadyReloadedFor(path: string): boolean {
  try {
    const before = sessionStorage.getItem(KEY) === path
    if (before) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, path)
    return before
  } catch {
    // Without a memory there is no telling a first failure from an endless one.
    return true
  }
}
