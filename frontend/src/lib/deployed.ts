// A tab that was open through a deploy asks for chunks that are gone; it then loads the new page, once.

const KEY = 'crb.reloaded'
/** Whoever comes back to the page later may have slept through another deploy. */
const ONCE_MS = 60_000

export function reloadOnceWhenDeployed(now: () => number = Date.now): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (!remember(window.location.pathname, now())) return
    event.preventDefault()
    window.location.reload()
  })
}

/** Whether this is the first failure here for a while. Without a memory there is no telling it from an endless one. */
function remember(path: string, at: number): boolean {
  try {
    const [before, time] = (sessionStorage.getItem(KEY) ?? '').split(' ')
    if (before === path && at - Number(time) < ONCE_MS) return false
    sessionStorage.setItem(KEY, `${path} ${at}`)
    return true
  } catch {
    return false
  }
}
