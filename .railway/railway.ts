// What stands in each environment of Railway: `railway config plan` and `apply` compare it with what is there.
//
// The program evaluates without a network. It asks two things of its caller: which environment is meant, and which
// images run, by digest (RELEASE_BACKEND, RELEASE_WEB and, for staging, RELEASE_STUBS). A release itself is made by
// `crb-deploy`, which changes an image and nothing else; what else a service is stands here and is applied by hand.

import {
  defineRailway,
  image,
  postgres,
  preserve,
  project,
  redis,
  service,
  type RailwayContext,
  type SourceConfig,
  type VariableValue,
} from 'railway/iac'

type Name = 'staging' | 'production'

/** A value, or where the platform finds it. */
type Env = Record<string, string | VariableValue>

const API_PORT = 8383
const WEB_PORT = 8080
const STUBS_PORT = 18080

const GIB = 1024 ** 3

/** What differs between the environments, and nothing else does. */
const ENVIRONMENTS = {
  staging: {
    page: 'staging.crb-analyser.com',
    api: 'staging-api.crb-analyser.com',
    // One: the load gate compares the calls to Claude that the API counts with those that the stand-in heard, and each
    // process counts its own.
    replicas: 1,
    // A hundred users come by before each release to production.
    program: { cpu: 2, memoryBytes: 1 * GIB },
    web: { cpu: 1, memoryBytes: 0.5 * GIB },
  },
  production: {
    page: 'crb-analyser.com',
    api: 'api.crb-analyser.com',
    replicas: 2,
    program: { cpu: 2, memoryBytes: 1 * GIB },
    web: { cpu: 1, memoryBytes: 0.5 * GIB },
  },
} as const

const STUBS_DOMAIN = 'staging-stubs.crb-analyser.com'

/** Kept as shared variables of the environment, sealed. */
const SHARED = [
  'SECRET_KEY',
  'ANTHROPIC_API_KEY',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'SENDGRID_API_KEY',
  'SUPABASE_URL',
  'SUPABASE_SERVICE_KEY',
  'LOGFIRE_TOKEN',
  'SENTRY_DSN',
  'BRAVE_API_KEY',
  'TAVILY_API_KEY',
]

export default defineRailway((context) => {
  const name = environmentOf(context)
  const here = ENVIRONMENTS[name]
  const backend = pinned('RELEASE_BACKEND')
  const database = postgres('postgres')
  const cache = redis('redis')

  const env: Env = {
    APP_ENV: name,
    HOST: '[::]',
    PORT: String(API_PORT),
    API_BASE_URL: `https://${here.api}`,
    APP_BASE_URL: `https://${here.page}`,
    // Railway's edge, then crb-web. True for whoever comes from outside, because there is no other way in.
    TRUSTED_PROXIES: '2',
    DATABASE_URL: database.env.DATABASE_URL,
    REDIS_URL: cache.env.REDIS_URL,
    IMAGE_DIGEST: digestOf(backend),
    // Written by `crb-deploy` with each release.
    APP_REVISION: preserve(),
    ...Object.fromEntries(SHARED.map((variable) => [variable, shared(context, variable)])),
    ...(name === 'staging' ? standIns(context) : {}),
  }

  const api = service('crb-api', {
    source: backend,
    // Both doors, HTTP and the queue: it is what is measured, and an instance counts all that it spends.
    start: '/bin/crb serve',
    // Once a deployment, before the first new instance starts. It holds a lock and can be repeated.
    preDeploy: '/bin/crb migrate',
    healthcheck: '/api/health/ready',
    replicas: here.replicas,
    env,
    deploy: lifecycle(here.program),
  })

  const web = service('crb-web', {
    source: pinned('RELEASE_WEB'),
    start: '/bin/crb-web serve',
    healthcheck: '/health/ready',
    replicas: here.replicas,
    // The one way in, for the API's own name too: the number of proxies before the API is then the same for all.
    domains: [here.page, here.api].map((domain) => ({ domain, port: WEB_PORT })),
    env: {
      APP_ENV: name,
      HOST: '[::]',
      PORT: String(WEB_PORT),
      CRB_API_UPSTREAM: privately('crb-api', API_PORT),
      FRONTEND_SENTRY_DSN: shared(context, 'FRONTEND_SENTRY_DSN'),
      RELEASE: preserve(),
    },
    deploy: lifecycle(here.web),
  })

  const resources = [database, cache, api, web]
  return project('crb-analyser', {
    environments: Object.keys(ENVIRONMENTS),
    resources: name === 'staging' ? [...resources, stubs(context)] : resources,
  })
})

/** In staging Claude, Stripe and SendGrid are stand-ins: nothing is paid for, and the load test can count. */
function stubs(context: RailwayContext) {
  return service('crb-stubs', {
    source: pinned('RELEASE_STUBS'),
    start: '/bin/crb-stubs',
    healthcheck: '/__stub/health',
    replicas: 1,
    domains: [{ domain: STUBS_DOMAIN, port: STUBS_PORT }],
    env: {
      PORT: String(STUBS_PORT),
      STUBS_LISTEN: `[::]:${STUBS_PORT}`,
      // Browsers pay there; the backend calls it by the private name, by which nobody else finds it.
      STUBS_PUBLIC_URL: `https://${STUBS_DOMAIN}`,
      STUBS_WEBHOOK_URL: `${privately('crb-api', API_PORT)}/api/v1/webhooks/stripe`,
      STUBS_WEBHOOK_SECRET: shared(context, 'STRIPE_WEBHOOK_SECRET'),
    },
    deploy: lifecycle({ cpu: 1, memoryBytes: 0.5 * GIB }),
  })
}

/** Where staging's backend finds them, and the key that lets a load test past the limits. */
function standIns(context: RailwayContext): Env {
  return {
    ANTHROPIC_BASE_URL: privately('crb-stubs', STUBS_PORT),
    STRIPE_BASE_URL: privately('crb-stubs', STUBS_PORT),
    SENDGRID_BASE_URL: privately('crb-stubs', STUBS_PORT),
    LIMIT_BYPASS_KEY: shared(context, 'LIMIT_BYPASS_KEY'),
  }
}

/** How an instance starts, is replaced and ends. The platform's own overlap and draining are zero, which cuts requests. */
function lifecycle(containers: { cpu: number; memoryBytes: number }) {
  return {
    // The whole of a start, the pull of the image included.
    healthcheckTimeout: 180,
    // The old instances still serve while the router learns of the new ones.
    overlapSeconds: 30,
    // Between SIGTERM and SIGKILL: longer than SHUTDOWN_LAG + WORKER_GRACE.
    drainingSeconds: 150,
    restartPolicyType: 'ON_FAILURE',
    restartPolicyMaxRetries: 10,
    limitOverride: { containers },
  } as const
}

function environmentOf(context: RailwayContext): Name {
  const name = context.environment
  if (name === 'staging' || name === 'production') return name
  throw new Error(`the environment is ${JSON.stringify(name)}: link staging or production (railway link)`)
}

/** An image of ours. A tag can be moved, so only a digest will do. */
function pinned(variable: string): SourceConfig {
  const reference = process.env[variable] ?? ''
  if (!/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/.test(reference)) {
    const found = reference === '' ? 'nothing' : JSON.stringify(reference)
    throw new Error(
      `${variable} must name an image by its digest (registry/path@sha256:…), and it is ${found}`,
    )
  }
  return image(reference)
}

function digestOf(source: SourceConfig): string {
  return source.image?.split('@')[1] ?? ''
}

/** Another service's address inside the environment; the platform fills the name in. */
function privately(service: string, port: number): string {
  return 'http://${{' + service + '.RAILWAY_PRIVATE_DOMAIN}}:' + port
}

function shared(context: RailwayContext, name: string): VariableValue {
  const reference = context.shared[name]
  if (reference === undefined) throw new Error(`${name} cannot be referred to`)
  return reference
}
