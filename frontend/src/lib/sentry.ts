// Sentry's browser client, put together by hand from the few parts that are used. Its own chunk, loaded when idle.
import {
  BrowserClient,
  breadcrumbsIntegration,
  dedupeIntegration,
  defaultStackParser,
  getCurrentScope,
  eventFiltersIntegration,
  linkedErrorsIntegration,
  makeFetchTransport,
} from '@sentry/browser'
import { onCLS, onINP, onLCP, onTTFB } from 'web-vitals'

import { ApiProblem } from '@/api/problem'
import type { Config } from '@/lib/config'

/** Starts the client; the answer is how an error is reported. */
export function startSentry(config: Config): (error: unknown) => void {
  const client = new BrowserClient({
    dsn: config.sentryDsn,
    environment: config.environment,
    release: config.release,
    transport: makeFetchTransport,
    stackParser: defaultStackParser,
    integrations: [
      eventFiltersIntegration(),
      linkedErrorsIntegration(),
      dedupeIntegration(),
      // Neither what is typed nor what is clicked: only where the page went and what it asked for.
      breadcrumbsIntegration({ dom: false }),
    ],
    beforeSend: (event) => withoutSecrets(event),
    beforeBreadcrumb: (crumb) => withoutSecrets(crumb),
  })
  getCurrentScope().setClient(client)
  client.init()
  for (const watch of [onCLS, onINP, onLCP, onTTFB]) {
    watch((metric) => {
      client.captureEvent({
        level: 'info',
        message: `web-vital ${metric.name}`,
        fingerprint: ['web-vital', metric.name],
        tags: { vital: metric.name, rating: metric.rating, route: routeOf(window.location.pathname) },
        extra: { value: metric.value },
      })
    })
  }
  return (error) => {
    // Refusals are answers, not faults; the server already knows its own.
    if (error instanceof ApiProblem) return
    client.captureException(error)
  }
}

/** Tokens travel in fragments, ids in paths: neither leaves this page. */
export function withoutSecrets<Sent>(sent: Sent): Sent {
  const text = JSON.stringify(sent)
    .replaceAll(/#[^"\\\s]*/g, '')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, ':id')
    .replaceAll(/\b[\w.+-]+@[\w-]+\.[\w.]+\b/g, ':email')
  return JSON.parse(text)
}

const routeOf = (path: string) => path.replaceAll(/[0-9a-f-]{36}/gi, ':id')
