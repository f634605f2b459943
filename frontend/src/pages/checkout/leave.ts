// The way out to the payment page: only to an address that cannot be read or changed on the way.
import { config } from '@/lib/config'

/** False where the address is none to be trusted with a payment; then nothing happens. */
export function leaveForPayment(address: string): boolean {
  if (!isSafe(address, config.environment)) return false
  window.location.assign(address)
  return true
}

/** https everywhere; in development also this machine, where the stand-ins live. */
export function isSafe(address: string, environment: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  if (protocol === 'https:') return true
  return protocol === 'http:' && environment === 'development' && LOOPBACK.has(hostname)
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])
