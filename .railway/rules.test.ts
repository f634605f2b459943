// Both environments keep every rule, and every rule sees the fault that it is for.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DeployConfig, ServiceNode } from 'railway/iac'

import { graphOf } from './graph.ts'
import { RULES, faults, variablesOf, type Graph, type Name } from './rules.ts'

const digest = (sign: string) => `sha256:${sign.repeat(64)}`

process.env['RELEASE_BACKEND'] = `registry.example/crb@${digest('a')}`
process.env['RELEASE_WEB'] = `registry.example/crb-web@${digest('b')}`
process.env['RELEASE_STUBS'] = `registry.example/crb-stubs@${digest('c')}`

type Control = [rule: keyof typeof RULES, name: Name, spoil: (graph: Graph) => void]

const CONTROLS: Control[] = [
  [
    'every service of the environment is there, and no other',
    'production',
    (graph) => remove(graph, 'crb-api'),
  ],
  [
    'every service of the environment is there, and no other',
    'production',
    (graph) => remove(graph, 'redis'),
  ],
  [
    'every service of the environment is there, and no other',
    'production',
    (graph) => (find(graph, 'crb-web').name = 'page'),
  ],
  [
    'an image is pinned by its digest',
    'staging',
    (graph) => setImage(graph, 'crb-web', 'registry.example/crb-web:latest'),
  ],
  [
    'an image is pinned by its digest',
    'production',
    (graph) => (find(graph, 'crb-api').source = { type: 'github', repo: 'owner/name' }),
  ],
  [
    'the backend says which digest it is',
    'production',
    (graph) => write(graph, 'crb-api', 'IMAGE_DIGEST', digest('e')),
  ],
  [
    'traffic comes when an instance is ready, after 120 to 300 seconds at most',
    'production',
    (graph) => deploy(graph, 'crb-api', { healthcheckPath: '/api/health' }),
  ],
  [
    'traffic comes when an instance is ready, after 120 to 300 seconds at most',
    'production',
    (graph) => deploy(graph, 'crb-web', { healthcheckTimeout: 10 }),
  ],
  [
    'instances overlap and have time to drain',
    'production',
    (graph) => delete find(graph, 'crb-api').deploy?.overlapSeconds,
  ],
  [
    'instances overlap and have time to drain',
    'production',
    (graph) => deploy(graph, 'crb-api', { drainingSeconds: 30 }),
  ],
  [
    'instances overlap and have time to drain',
    'staging',
    (graph) => deploy(graph, 'crb-web', { drainingSeconds: '150' as unknown as number }),
  ],
  [
    'an instance that fails is started again, ten times',
    'production',
    (graph) => deploy(graph, 'crb-api', { restartPolicyMaxRetries: 3 }),
  ],
  [
    'an instance that fails is started again, ten times',
    'production',
    (graph) => deploy(graph, 'crb-api', { restartPolicyType: 'NEVER' }),
  ],
  [
    'production has two of each, and staging one, whose counters the load gate reads',
    'production',
    (graph) => deploy(graph, 'crb-api', { numReplicas: 1 }),
  ],
  [
    'production has two of each, and staging one, whose counters the load gate reads',
    'staging',
    (graph) => deploy(graph, 'crb-api', { numReplicas: 2 }),
  ],
  [
    'the schema is brought up once a deployment, by the API alone',
    'production',
    (graph) => delete find(graph, 'crb-api').deploy?.preDeployCommand,
  ],
  [
    'the schema is brought up once a deployment, by the API alone',
    'production',
    (graph) => deploy(graph, 'crb-web', { preDeployCommand: ['/bin/crb migrate'] }),
  ],
  [
    'each service does its own work',
    'production',
    (graph) => deploy(graph, 'crb-api', { startCommand: '/bin/crb serve --only api' }),
  ],
  ['an instance is bounded', 'production', (graph) => delete find(graph, 'crb-api').deploy?.limitOverride],
  [
    'a service listens on every address of both families, at a port that is known',
    'production',
    (graph) => write(graph, 'crb-api', 'HOST', '0.0.0.0'),
  ],
  [
    'a service listens on every address of both families, at a port that is known',
    'staging',
    (graph) => write(graph, 'crb-stubs', 'STUBS_LISTEN', '127.0.0.1:18080'),
  ],
  ['no secret stands in the file', 'production', (graph) => write(graph, 'crb-api', 'SECRET_KEY', 'short')],
  [
    'no secret stands in the file',
    'production',
    (graph) => write(graph, 'crb-api', 'CORS_ORIGINS', 'https://user:word@example.org'),
  ],
  [
    'no secret stands in the file',
    'production',
    (graph) => write(graph, 'crb-web', 'FRONTEND_SENTRY_DSN', 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'),
  ],
  [
    'the backend is given all that it requires, and nothing that it does not know',
    'production',
    (graph) => delete find(graph, 'crb-api').variables?.['STRIPE_SECRET_KEY'],
  ],
  [
    'the backend is given all that it requires, and nothing that it does not know',
    'production',
    (graph) => write(graph, 'crb-api', 'WORKERS', '8'),
  ],
  [
    'a service knows which environment it is in',
    'production',
    (graph) => write(graph, 'crb-web', 'APP_ENV', 'staging'),
  ],
  [
    'the one way in is crb-web',
    'production',
    (graph) => (find(graph, 'crb-api').networking = { serviceDomains: { 'crb.example.org': {} } }),
  ],
  ['the one way in is crb-web', 'production', (graph) => write(graph, 'crb-api', 'TRUSTED_PROXIES', '1')],
  [
    'the one way in is crb-web',
    'production',
    (graph) => write(graph, 'crb-web', 'CRB_API_UPSTREAM', 'https://api.crb-analyser.com'),
  ],
  ['the one way in is crb-web', 'production', (graph) => delete find(graph, 'crb-web').networking],
  ['what is referred to is there', 'staging', (graph) => remove(graph, 'crb-stubs')],
  ['what is referred to is there', 'production', (graph) => remove(graph, 'postgres')],
  [
    'stand-ins are staging’s alone, and nothing in staging costs money',
    'staging',
    (graph) => delete find(graph, 'crb-api').variables?.['ANTHROPIC_BASE_URL'],
  ],
  [
    'stand-ins are staging’s alone, and nothing in staging costs money',
    'production',
    (graph) => write(graph, 'crb-api', 'LIMIT_BYPASS_KEY', ''),
  ],
  [
    'a payment at the stand-in finds its way: the buyer to it, and its word to the API',
    'staging',
    (graph) =>
      write(
        graph,
        'crb-stubs',
        'STUBS_WEBHOOK_URL',
        'https://staging-api.crb-analyser.com/api/v1/webhooks/stripe',
      ),
  ],
  [
    'a payment at the stand-in finds its way: the buyer to it, and its word to the API',
    'staging',
    (graph) => write(graph, 'crb-stubs', 'STUBS_PUBLIC_URL', 'http://crb-stubs.railway.internal:18080'),
  ],
]

for (const name of ['staging', 'production'] as const) {
  test(`${name} keeps every rule`, async () => {
    assert.deepEqual(faults(await graphOf(name)), [])
  })
}

for (const [rule, name, spoil] of CONTROLS) {
  test(`${rule}: ${spoil.toString().replace('(graph) => ', '')}`, async () => {
    const graph = await graphOf(name)
    spoil(graph)
    assert.notDeepEqual(RULES[rule]?.(graph), [], 'the rule is blind')
  })
}

test('every rule has a control', () => {
  const controlled = new Set(CONTROLS.map(([rule]) => rule))
  assert.deepEqual(
    Object.keys(RULES).filter((rule) => !controlled.has(rule)),
    [],
  )
})

test('nothing is evaluated without digests, nor for a place that is unknown', async () => {
  const given = process.env['RELEASE_BACKEND']
  for (const wrong of ['', 'registry.example/crb', 'registry.example/crb:1.2', `crb@${digest('a')}x`]) {
    process.env['RELEASE_BACKEND'] = wrong
    await assert.rejects(async () => graphOf('staging'), /RELEASE_BACKEND must name an image by its digest/)
  }
  process.env['RELEASE_BACKEND'] = given
  await assert.rejects(async () => graphOf('pr-7' as Name), /the environment is "pr-7"/)
})

test('a template tells what is required and what is secret', () => {
  const read = variablesOf(
    '# secret, required\nA_KEY=\n#PLAIN=1\n# required\nB_URL=\n# secret, optional\n#C_KEY=\n',
  )
  assert.deepEqual([...read.known], ['A_KEY', 'PLAIN', 'B_URL', 'C_KEY'])
  assert.deepEqual([...read.required], ['A_KEY', 'B_URL'])
  assert.deepEqual([...read.secret], ['A_KEY', 'C_KEY'])
})

function find(graph: Graph, name: string): ServiceNode {
  const found = (graph.project.resources ?? []).flat().find((node) => node.name === name)
  assert(found?.type === 'service', `there is no service ${name}`)
  return found
}

function remove(graph: Graph, name: string) {
  graph.project.resources = (graph.project.resources ?? []).flat().filter((node) => node.name !== name)
}

function setImage(graph: Graph, service: string, image: string) {
  find(graph, service).source = { type: 'image', image }
}

function deploy(graph: Graph, service: string, change: DeployConfig) {
  Object.assign((find(graph, service).deploy ??= {}), change)
}

function write(graph: Graph, service: string, name: string, value: string) {
  ;(find(graph, service).variables ??= {})[name] = { type: 'literal', value }
}
