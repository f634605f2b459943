// Amounts that operators read and enter: model spend in dollars, prices in euros. Cents are whole numbers throughout.
import { euros } from '@/lib/money'

const spend = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
})

/** `$0.0432`, `$12.30`: from millionths of a dollar. */
export const dollars = (microusd: number) => spend.format(microusd / 1_000_000)

/** `€39.90`, `$49.00`: as a vendor's price list has it. */
export function amount(cents: number, currency: string): string {
  if (currency === 'EUR') return euros(cents)
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(cents / 100)
}

export type Fault = 'negative' | 'unclear' | 'too-much'

/** Empty is a price on request. */
export type Entered = { kind: 'none' } | { kind: 'cents'; cents: number } | { kind: 'fault'; fault: Fault }

const MOST_CENTS = 10_000_000

// Whole euros, cents behind a comma or a point, and thousands set apart by the other one.
const FORMS = [
  /^(?<whole>\d+)(?:[.,](?<cents>\d{1,2}))?$/,
  /^(?<whole>[1-9]\d{0,2}(?:\.\d{3})+)(?:,(?<cents>\d{1,2}))?$/,
  /^(?<whole>[1-9]\d{0,2}(?:,\d{3})+)(?:\.(?<cents>\d{1,2}))?$/,
]

/** `39,90`, `39.90`, `1.000`, `1,000.50`, `€ 1 000` as cents, without ever being a fraction. */
export function entered(text: string): Entered {
  const plain = text.replaceAll(/[€\s'’]/g, '')
  if (plain === '') return { kind: 'none' }
  if (/^[-−]/.test(plain)) return { kind: 'fault', fault: 'negative' }
  for (const form of FORMS) {
    const groups = form.exec(plain)?.groups
    if (!groups) continue
    const whole = (groups['whole'] ?? '').replaceAll(/\D/g, '')
    if (whole.length > 9) return { kind: 'fault', fault: 'too-much' }
    const cents = Number(whole) * 100 + Number((groups['cents'] ?? '').padEnd(2, '0'))
    return cents > MOST_CENTS ? { kind: 'fault', fault: 'too-much' } : { kind: 'cents', cents }
  }
  return { kind: 'fault', fault: 'unclear' }
}
