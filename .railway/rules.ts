// What must hold of each environment's graph: zero-downtime, one digest, no secret in the file.
//
// A rule is a function of a graph and returns what is wrong with it, so that a test can hand it a bad graph.

import type { ProjectDefinition, ResourceNode, ServiceNode, VariableValue } from 'railway/iac'

export type Name = 'staging' | 'production'

export type Graph = {
  name: Name
  project: ProjectDefinition
  variables: Variables
}

/** What the backend says about its variables in `deploy/env/<environment>.env`. */
export type Variables = { known: Set<string>; required: Set<string>; secret: Set<string> }

type Rule = (graph: Graph) => string[]

const DIGEST = /@(sha256:[0-9a-f]{64})$/
const HEALTH: Record<string, string> = {
  'crb-api': '/api/health/ready',
  'crb-web': '/health/ready',
  'crb-stubs': '/__stub/health',
}
const START: Record<string, string> = {
  'crb-api': '/bin/crb serve',
  'crb-web': '/bin/crb-web serve',
  'crb-stubs': '/bin/crb-stubs',
}

/** Passwords in addresses, the vendors' prefixes, and anything long enough that nobody chose it. */
const LOOKS_SECRET =
  /:\/\/[^/]*:[^/]*@|\b(sk|rk|pk)_(live|test)_|\bsk-ant-|\bwhsec_|\bSG\.|^[A-Za-z0-9+/=_-]{32,}$/

/** The graph's own program sets them; the backend's list need not know them. */
const OF_THE_DEPLOY = new Set(['IMAGE_DIGEST'])

export const RULES: Record<string, Rule> = {
  'every service of the environment is there, and no other': (graph) => {
    const wanted = ['crb-api', 'crb-web', ...(graph.name === 'staging' ? ['crb-stubs'] : [])]
    const missing = wanted.filter((name) => !services(graph).some((service) => service.name === name))
    const strange = services(graph).filter((service) => !wanted.includes(service.name))
    const databases = ['postgres', 'redis'].filter(
      (engine) => !nodes(graph).some((node) => node.type === 'database' && node.engine === engine),
    )
    return [
      ...missing.map((name) => `${name} is missing`),
      ...strange.map((service) => `${service.name} is not expected`),
      ...databases.map((engine) => `there is no ${engine}`),
    ]
  },

  'an image is pinned by its digest': (graph) =>
    each(graph, (service) =>
      DIGEST.test(service.source?.image ?? '') ? [] : [`runs ${show(service.source)}, which can move`],
    ),

  'the backend says which digest it is': (graph) =>
    ofBackend(graph).flatMap((service) => {
      const said = literal(service, 'IMAGE_DIGEST')
      const runs = DIGEST.exec(service.source?.image ?? '')?.[1]
      return said === runs
        ? []
        : [`${service.name}: IMAGE_DIGEST is ${show(said)}, the image is ${show(runs)}`]
    }),

  'traffic comes when an instance is ready, after 120 to 300 seconds at most': (graph) =>
    each(graph, (service) => [
      ...equal('healthcheckPath', service.deploy?.healthcheckPath, HEALTH[service.name]),
      ...between('healthcheckTimeout', service.deploy?.healthcheckTimeout, 120, 300),
    ]),

  'instances overlap and have time to drain': (graph) =>
    each(graph, (service) => [
      ...between('overlapSeconds', service.deploy?.overlapSeconds, 30, 300),
      // SHUTDOWN_LAG 10 s and WORKER_GRACE 120 s, and telemetry's 5 s.
      ...between('drainingSeconds', service.deploy?.drainingSeconds, 150, 600),
    ]),

  'an instance that fails is started again, ten times': (graph) =>
    each(graph, (service) => [
      ...equal('restartPolicyType', service.deploy?.restartPolicyType, 'ON_FAILURE'),
      ...equal('restartPolicyMaxRetries', service.deploy?.restartPolicyMaxRetries, 10),
    ]),

  'production has two of each, and staging one, whose counters the load gate reads': (graph) =>
    each(graph, (service) =>
      equal('numReplicas', service.deploy?.numReplicas, graph.name === 'production' ? 2 : 1),
    ),

  'the schema is brought up once a deployment, by the API alone': (graph) =>
    each(graph, (service) =>
      equal(
        'preDeployCommand',
        service.deploy?.preDeployCommand?.join(' && '),
        service.name === 'crb-api' ? '/bin/crb migrate' : undefined,
      ),
    ),

  'each service does its own work': (graph) =>
    each(graph, (service) => equal('startCommand', service.deploy?.startCommand, START[service.name])),

  'an instance is bounded': (graph) =>
    each(graph, (service) => [
      ...between('cpu', service.deploy?.limitOverride?.containers?.cpu, 0.5, 8),
      ...between('memoryBytes', service.deploy?.limitOverride?.containers?.memoryBytes, 2 ** 28, 2 ** 33),
    ]),

  'a service listens on every address of both families, at a port that is known': (graph) =>
    each(graph, (service) => {
      const port = literal(service, 'PORT')
      const listen =
        service.name === 'crb-stubs'
          ? literal(service, 'STUBS_LISTEN')
          : `${literal(service, 'HOST')}:${port}`
      return [
        ...(/^[0-9]+$/.test(port ?? '') ? [] : [`PORT is ${show(port)}`]),
        ...equal('listens on', listen, `[::]:${port}`),
      ]
    }),

  'no secret stands in the file': (graph) =>
    each(graph, (service) =>
      Object.entries(service.variables ?? {}).flatMap(([name, value]) => {
        const text = written(value)
        if (text === undefined) return []
        if (graph.variables.secret.has(name)) return [`${name} is a secret and is written out`]
        return name !== 'IMAGE_DIGEST' && LOOKS_SECRET.test(text) ? [`${name} looks like a secret`] : []
      }),
    ),

  'the backend is given all that it requires, and nothing that it does not know': (graph) =>
    ofBackend(graph).flatMap((service) => {
      const given = Object.keys(service.variables ?? {})
      const missing = [...graph.variables.required].filter((name) => !given.includes(name))
      const unknown = given.filter((name) => !graph.variables.known.has(name) && !OF_THE_DEPLOY.has(name))
      return [
        ...missing.map((name) => `${service.name}: ${name} is required and not given`),
        ...unknown.map((name) => `${service.name}: ${name} is no variable of the backend`),
      ]
    }),

  'a service knows which environment it is in': (graph) =>
    each(graph, (service) =>
      service.name === 'crb-stubs' ? [] : equal('APP_ENV', literal(service, 'APP_ENV'), graph.name),
    ),

  'the one way in is crb-web': (graph) => [
    ...each(graph, (service) => {
      const isOpen = JSON.stringify(service.networking ?? {}) !== '{}'
      const mayBe = service.name === 'crb-web' || service.name === 'crb-stubs'
      return isOpen && !mayBe
        ? ['has an address of its own, by which a caller could forge where it comes from']
        : []
    }),
    ...ofBackend(graph).flatMap((service) =>
      equal('TRUSTED_PROXIES', literal(service, 'TRUSTED_PROXIES'), '2'),
    ),
    ...services(graph)
      .filter((service) => service.name === 'crb-web')
      .flatMap((web) => {
        const api = services(graph).find((service) => service.name === 'crb-api')
        const port = api && literal(api, 'PORT')
        const wanted = '${{crb-api.RAILWAY_PRIVATE_DOMAIN}}'
        return [
          ...equal('CRB_API_UPSTREAM', literal(web, 'CRB_API_UPSTREAM'), `http://${wanted}:${port}`),
          ...['API_BASE_URL', 'APP_BASE_URL'].flatMap((name) => {
            const host = (api && literal(api, name))?.replace('https://', '') ?? name
            const reached = web.networking?.customDomains?.[host]?.port
            return equal(`the port behind ${host}`, reached, Number(literal(web, 'PORT')))
          }),
        ]
      }),
  ],

  'what is referred to is there': (graph) =>
    each(graph, (service) =>
      Object.entries(service.variables ?? {}).flatMap(([name, value]) => {
        const addresses = nodes(graph).map((node) => node.address)
        const named = [...(written(value) ?? '').matchAll(/\$\{\{([a-z-]+)\./g)].map(
          (found) => `service.${found[1]}`,
        )
        const wanted = value.type === 'reference' ? [value.resource] : named
        const missing = wanted.filter((address) => !addresses.some((known) => known === address))
        return missing.map((address) => `${name} refers to ${address}, which is not there`)
      }),
    ),

  'stand-ins are staging’s alone, and nothing in staging costs money': (graph) =>
    ofBackend(graph).flatMap((service) =>
      ['ANTHROPIC_BASE_URL', 'STRIPE_BASE_URL', 'SENDGRID_BASE_URL', 'LIMIT_BYPASS_KEY'].flatMap((name) => {
        const isGiven = service.variables?.[name] !== undefined
        if (isGiven === (graph.name === 'staging')) return []
        return [`${service.name}: ${name} is ${isGiven ? 'given' : 'missing'} in ${graph.name}`]
      }),
    ),

  'a payment at the stand-in finds its way: the buyer to it, and its word to the API': (graph) =>
    services(graph)
      .filter((service) => service.name === 'crb-stubs')
      .flatMap((stubs) => {
        const api = services(graph).find((service) => service.name === 'crb-api')
        const inside = `http://\${{crb-api.RAILWAY_PRIVATE_DOMAIN}}:${api && literal(api, 'PORT')}`
        const domains = Object.keys(stubs.networking?.customDomains ?? {})
        return [
          ...equal('STUBS_PUBLIC_URL', literal(stubs, 'STUBS_PUBLIC_URL'), `https://${domains[0]}`),
          // In plain HTTP, which is all that the stand-in speaks.
          ...equal(
            'STUBS_WEBHOOK_URL',
            literal(stubs, 'STUBS_WEBHOOK_URL'),
            `${inside}/api/v1/webhooks/stripe`,
          ),
        ]
      }),
}

/** Every rule over a graph: the rule's name and what is wrong. */
export function faults(graph: Graph): string[] {
  return Object.entries(RULES).flatMap(([name, rule]) => rule(graph).map((fault) => `${name}: ${fault}`))
}

/** Reads a template of the backend's: `NAME=`, `#NAME=default`, after a line `# secret, required` where it is one. */
export function variablesOf(template: string): Variables {
  const variables: Variables = { known: new Set(), required: new Set(), secret: new Set() }
  let about = ''
  for (const line of template.split('\n')) {
    const name = /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1]
    if (name !== undefined) {
      variables.known.add(name)
      if (about.includes('required')) variables.required.add(name)
      if (about.includes('secret')) variables.secret.add(name)
    }
    about = name === undefined && line.startsWith('# ') ? line : ''
  }
  return variables
}

function nodes(graph: Graph): ResourceNode[] {
  return (graph.project.resources ?? []).flat()
}

function services(graph: Graph): ServiceNode[] {
  return nodes(graph).filter((node): node is ServiceNode => node.type === 'service')
}

function ofBackend(graph: Graph): ServiceNode[] {
  return services(graph).filter((service) => service.name === 'crb-api')
}

function each(graph: Graph, rule: (service: ServiceNode) => string[]): string[] {
  return services(graph).flatMap((service) => rule(service).map((fault) => `${service.name}: ${fault}`))
}

function literal(service: ServiceNode, name: string): string | undefined {
  const value = service.variables?.[name]
  return value && written(value)
}

/** The text of a value that stands in the file; none of one that the platform looks up. */
function written(value: VariableValue): string | undefined {
  if (value.type === 'literal') return value.value ?? ''
  return value.type === 'raw' ? (value.value.value ?? '') : undefined
}

function equal(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what} is ${show(found)}, not ${show(wanted)}`]
}

/** A number: Railway refuses seconds in quotes. */
function between(what: string, found: unknown, least: number, most: number): string[] {
  const isFine = typeof found === 'number' && found >= least && found <= most
  return isFine ? [] : [`${what} is ${show(found)}, not a number from ${least} to ${most}`]
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
