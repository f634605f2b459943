// Errors and web vitals, reported to Sentry where a DSN is set; the client itself comes after the page is idle.
import { config } from '@/lib/config'

const MOST_EARLY_ERRORS = 20
const early: unknown[] = []
let report: ((error: unknown) => void) | undefined

/** Keeps what goes wrong before the client is there. */
export function bufferEarlyErrors(): void {
  window.addEventListener('error', (event) => captureError(event.error ?? event.message))
  window.addEventListener('unhandledrejection', (event) => captureError(event.reason))
}

/** For errors that were caught and shown, and that somebody should still look at. */
export function captureError(error: unknown): void {
  if (report) report(error)
  else if (early.length < MOST_EARLY_ERRORS) early.push(error)
}

export function reportWhenIdle(): void {
  if (!config.sentryDsn) return
  const start = async () => {
    const { startSentry } = await import('@/lib/sentry')
    report = startSentry(config)
    for (const error of early.splice(0)) report(error)
  }
  // Not in the way of the first interaction; Safari has no idle callback.
  if ('requestIdleCallback' in window) window.requestIdleCallback(() => void start(), { timeout: 5000 })
  else setTimeout(() => void start(), 2000)
}
