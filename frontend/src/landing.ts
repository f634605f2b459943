// The only script of the pages without a framework: theme, price, and the quiz on its way before it is asked for.
import { euros } from '@/lib/money'
import { chooseTheme, currentTheme } from '@/lib/theme'

const find = (selector: string) => document.querySelector<HTMLElement>(selector)

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const
const theme = find('#theme')
if (theme) {
  theme.hidden = false
  theme.addEventListener('click', () => chooseTheme(NEXT[currentTheme()]))
}

// Where the browser does not know speculation rules: the quiz's code, at the first sign that somebody wants it.
if (!HTMLScriptElement.supports?.('speculationrules')) {
  for (const link of document.querySelectorAll('a[href^="/quiz"]')) {
    for (const sign of ['pointerenter', 'touchstart', 'focus']) {
      link.addEventListener(sign, warmUp, { once: true, passive: true })
    }
  }
}

function warmUp() {
  // Twice asked for is once fetched.
  for (const href of document.body.dataset['warm']?.split(' ') ?? []) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))
  }
}

// The price stands in the API alone; without an answer the sentence stays as it is.
const price = find('[data-price]')
if (price) void showPrice(price).catch(() => {})

async function showPrice(place: HTMLElement) {
  const config: { apiBaseUrl?: string } = JSON.parse(find('#crb-config')?.textContent ?? '{}')
  const answer = await fetch(`${config.apiBaseUrl ?? ''}/api/v1/tiers`)
  const tiers: { items: { amount_cents: number; currency: string }[] } = await answer.json()
  const [tier] = tiers.items
  if (tier?.currency !== 'EUR' || tiers.items.length > 1) return
  place.textContent = (place.dataset['price'] ?? '').replace('{price}', euros(tier.amount_cents))
}
