// Says something to screen readers without moving the focus.

let region: HTMLElement | undefined

/** Politely: after what is being read. The same words twice are said twice. */
export function announce(text: string): void {
  if (!region?.isConnected) {
    region = document.createElement('div')
    region.setAttribute('role', 'status')
    region.className = 'sr-only'
    document.body.append(region)
  }
  // An element of its own each time, so that equal words count as a change.
  const words = document.createElement('p')
  words.textContent = text
  region.replaceChildren(words)
}
