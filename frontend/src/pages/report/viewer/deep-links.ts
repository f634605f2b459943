// Links into the report: they unfold what is folded on the way, land below the bar, and hold the focus there.
import { useEffect } from 'react'

import { scenarioOwner } from '@/pages/report/roi/owner'

/** Follows the address's fragment, once the report is whole and whenever it changes. */
export function useDeepLinks(isWhole: boolean): void {
  useEffect(() => {
    if (!isWhole) return
    const follow = () => reveal(fragment())
    // The first one waits for the layout: what stands above has its height then.
    const first = requestAnimationFrame(() => reveal(fragment() || calculatorInAddress()))
    window.addEventListener('hashchange', follow)
    // The same link a second time changes no address, and is meant nevertheless.
    const again = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
      if (link && link.getAttribute('href') === window.location.hash) follow()
    }
    window.addEventListener('click', again)
    return () => {
      cancelAnimationFrame(first)
      window.removeEventListener('hashchange', follow)
      window.removeEventListener('click', again)
    }
  }, [isWhole])
}

/** Unfolds an element's surroundings and its own first fold, and goes there. False where there is no such element. */
export function reveal(id: string): boolean {
  const target = id ? document.getElementById(id) : null
  if (!target) return false
  // As the browser does it for a match of its own search: whoever hides the place is told, and shows it.
  target.closest('[hidden]')?.dispatchEvent(new Event('beforematch', { bubbles: true }))
  for (let around: Element | null = target; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true
  }
  const own = target.querySelector<HTMLDetailsElement>('details[data-opens]')
  if (own) own.open = true
  target.scrollIntoView({ block: 'start' })
  if (!target.matches('a, button, input, summary, [tabindex]')) target.tabIndex = -1
  target.focus({ preventScroll: true })
  return true
}

/** For paper everything is unfolded; afterwards it is as it was. */
export function usePrintUnfolded(): void {
  useEffect(() => {
    let opened: HTMLDetailsElement[] = []
    const unfold = () => {
      opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')]
      for (const fold of opened) fold.open = true
    }
    const fold = () => {
      for (const one of opened) one.open = false
      opened = []
    }
    window.addEventListener('beforeprint', unfold)
    window.addEventListener('afterprint', fold)
    return () => {
      window.removeEventListener('beforeprint', unfold)
      window.removeEventListener('afterprint', fold)
    }
  }, [])
}

function fragment(): string {
  try {
    return decodeURIComponent(window.location.hash.slice(1))
  } catch {
    return ''
  }
}

/** A shared scenario names its recommendation in the query; it opens there. */
function calculatorInAddress(): string {
  const id = scenarioOwner(window.location.search)
  return id ? `calculator-${id}` : ''
}
