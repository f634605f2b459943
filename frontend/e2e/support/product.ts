// A whole product on loopback for one worker: stand-ins, backend, and `crb-web` in front, as in production.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const WEBHOOK_SECRET = 'whsec_browser'
const START_MS = 60_000

const programs = {
  crb: process.env['CRB'] ?? resolve('../target/debug/crb'),
  stubs: process.env['CRB_STUBS'] ?? resolve('../target/debug/crb-stubs'),
  web: process.env['CRB_WEB'] ?? resolve('../target/debug/crb-web'),
}
const bundle = process.env['WEB_ROOT'] ?? resolve('dist')

export class Product {
  readonly #folder = mkdtempSync(join(tmpdir(), 'crb-browser-'))
  readonly #running = new Map<string, ChildProcess>()
  #ports = { web: 0, api: 0, stubs: 0 }

  /** Where a buyer goes. */
  get url() {
    return `http://127.0.0.1:${this.#ports.web}`
  }

  /** The stand-ins' own rooms: `/__stub/…`. */
  get stubsUrl() {
    return `http://127.0.0.1:${this.#ports.stubs}`
  }

  static async start(): Promise<Product> {
    const product = new Product()
    product.#ports = { web: await freePort(), api: await freePort(), stubs: await freePort() }
    await product.#startStubs()
    await product.startApi()
    await product.#startWeb('web', product.#ports.web)
    return product
  }

  async startApi(): Promise<void> {
    this.#spawn('crb', programs.crb, ['serve'], this.#apiEnvironment())
    await this.#answers('crb', `http://127.0.0.1:${this.#ports.api}/api/health/ready`)
  }

  /** As a machine that is gone: no goodbye to anybody. */
  async killApi(): Promise<void> {
    await this.#end('crb', 'SIGKILL')
  }

  /** As a deploy does it. */
  async stopApi(): Promise<void> {
    await this.#end('crb', 'SIGTERM')
  }

  async stop(): Promise<void> {
    for (const name of this.#running.keys()) await this.#end(name, 'SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** How the stand-ins behave from now on: `{ claude: { pace: … }, stripe: { … } }`. */
  async setScenario(scenario: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.stubsUrl}/__stub/scenario`, {
      method: 'PUT',
      body: JSON.stringify(scenario),
    })
    if (!answer.ok) throw new Error(`the stubs refuse the scenario: ${await answer.text()}`)
  }

  /** A token for the operator's doors. */
  async adminToken(): Promise<string> {
    const child = spawn(programs.crb, ['admin-token', '--actor', 'operator@example.org'], {
      env: this.#apiEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    for await (const piece of child.stdout) text += String(piece)
    const token = text.trim().split('\n').at(-1)
    if (!token) throw new Error('crb admin-token printed nothing')
    return token
  }

  async #startStubs(): Promise<void> {
    const webhook = `http://127.0.0.1:${this.#ports.api}/api/v1/webhooks/stripe`
    const listen = ['--listen', `127.0.0.1:${this.#ports.stubs}`, '--pace', 'fast']
    this.#spawn('stubs', programs.stubs, [
      ...listen,
      '--webhook-url',
      webhook,
      '--webhook-secret',
      WEBHOOK_SECRET,
    ])
    await this.#answers('stubs', `${this.stubsUrl}/__stub/health`)
  }

  /** One more server of the page, told something else; it ends with the others. */
  async startPage(told: Record<string, string>): Promise<string> {
    const port = await freePort()
    await this.#startWeb(`web-${port}`, port, told)
    return `http://127.0.0.1:${port}`
  }

  async #startWeb(name: string, port: number, told: Record<string, string> = {}): Promise<void> {
    this.#spawn(name, programs.web, [], {
      APP_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      WEB_ROOT: bundle,
      CRB_API_UPSTREAM: `http://127.0.0.1:${this.#ports.api}`,
      // The stand-in for Stripe's page, where a form may send the buyer.
      CHECKOUT_ORIGINS: this.stubsUrl,
      ...told,
    })
    await this.#answers(name, `http://127.0.0.1:${port}/health`)
  }

  #apiEnvironment(): Record<string, string> {
    return {
      APP_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(this.#ports.api),
      API_BASE_URL: this.url,
      APP_BASE_URL: this.url,
      DATABASE_URL: `sqlite:${join(this.#folder, 'crb.sqlite3')}`,
      SECRET_KEY: 'the-browser-tests-own-secret-key-0123456789',
      LOG_FORMAT: 'text',
      LOG_LEVEL: 'warn',
      ANTHROPIC_API_KEY: 'sk-ant-stub-browser',
      ANTHROPIC_BASE_URL: this.stubsUrl,
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: 'sk_test_stub',
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_BASE_URL: this.stubsUrl,
      SENDGRID_API_KEY: 'SG.stub',
      SENDGRID_BASE_URL: this.stubsUrl,
      // A killed worker's report is taken up again soon.
      WORKER_LEASE: '12s',
      CLAUDE_CALL_TIMEOUT: '10s',
      // All of the tests come from one address.
      LIMIT_GENERAL_PER_MINUTE: '1000000',
      LIMIT_SESSIONS_PER_HOUR: '1000000',
      LIMIT_ORDERS_PER_HOUR: '1000000',
      LIMIT_ADMIN_FAILURES_PER_MINUTE: '1000000',
      LIMIT_STREAMS: '100',
    }
  }

  #spawn(name: string, program: string, args: string[], env: Record<string, string> = {}): void {
    mkdirSync(this.#folder, { recursive: true })
    const log = createWriteStream(join(this.#folder, `${name}.log`), { flags: 'a' })
    const child = spawn(program, args, { env, cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    // What a program says when it fails belongs to the test's output.
    if (process.env['DEBUG_PRODUCT'])
      for (const pipe of [child.stdout, child.stderr]) pipe.pipe(process.stderr)
    this.#running.set(name, child)
  }

  async #answers(name: string, url: string): Promise<void> {
    const end = Date.now() + START_MS
    for (;;) {
      const child = this.#running.get(name)
      if (!child || child.exitCode !== null)
        throw new Error(`${name} ended at its start; run with DEBUG_PRODUCT=1`)
      const isUp = await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
      if (isUp) return
      if (Date.now() > end) throw new Error(`${name} does not answer at ${url}`)
      await new Promise((wake) => setTimeout(wake, 50))
    }
  }

  async #end(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#running.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    await ended
    this.#running.delete(name)
  }
}

// Below the range from which the system takes the near ends of connections: a port of that range may be gone before the
// program that was told of it listens. Each worker has a hundred of its own.
const FIRST_PORT = 12_000 + (Number(process.env['TEST_WORKER_INDEX'] ?? 0) % 100) * 100
let taken = 0

async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = FIRST_PORT + (taken++ % 100)
    if (await isFree(port)) return port
  }
  throw new Error(`no port is free from ${FIRST_PORT} on`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer()
    server.once('error', () => found(false))
    server.listen(port, '127.0.0.1', () => server.close(() => found(true)))
  })
}
