// How much a visitor downloads, page by page, against `budgets.json`; and what the entry must never contain.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'

import { closure, ENTRY, type Manifest } from './manifest.ts'
import { dist, root } from './paths.ts'
import { brotli } from './precompress.ts'

const OPERATORS = 'src/pages/admin/'

const Budgets = v.object({
  kilobytes: v.object({
    landing: v.number(),
    entry: v.number(),
    page: v.number(),
    /** Pages with a limit of their own; what they load later counts, too. */
    pages: v.record(v.string(), v.number()),
    /** What nobody downloads without asking for it: loaded by a click, counted for itself. */
    onDemand: v.record(v.string(), v.number()),
    /** All that a buyer can come to load, with everything on demand. */
    buyer: v.number(),
    /** What the operators' rooms add to that. */
    operators: v.number(),
    /** Loaded when idle, where errors are reported. */
    errorClient: v.number(),
  }),
  /** Parts of source paths. */
  entryNeverContains: v.array(v.string()),
})

export type Budgets = v.InferOutput<typeof Budgets>

export interface Measured {
  manifest: Manifest
  /** The sources of the app's pages. */
  pages: readonly string[]
  /** Brotli bytes, by file. */
  sizes: ReadonlyMap<string, number>
}

interface Row {
  what: string
  bytes: number
  limit: number
}

/** What stands in the entry and must not: every visitor would download it. */
export async function checkEntry(manifest: Manifest): Promise<string[]> {
  return strangers(await sourcesOf(closure(manifest, ENTRY)), await readBudgets())
}

/** Prints the table; what is too big comes back. */
export async function checkBudget(manifest: Manifest, pages: readonly string[]): Promise<string[]> {
  const budgets = await readBudgets()
  const measured = { manifest, pages, sizes: await measure() }
  for (const { what, bytes, limit } of table(measured, budgets)) {
    console.log(`${what.padEnd(34)} ${kilobytes(bytes).padStart(6)} KB br  of ${limit}`)
  }
  return violations(measured, budgets)
}

export const strangers = (sources: readonly string[], budgets: Budgets): string[] =>
  sources
    .filter((source) => budgets.entryNeverContains.some((part) => source.includes(part)))
    .map((source) => `the entry contains ${source}`)

export const violations = (measured: Measured, budgets: Budgets): string[] =>
  table(measured, budgets)
    .filter((row) => row.bytes > row.limit * 1024)
    .map((row) => `${row.what} is ${kilobytes(row.bytes)} KB, more than ${row.limit}`)

export function table({ manifest, pages, sizes }: Measured, { kilobytes: limits }: Budgets): Row[] {
  const sum = (files: Iterable<string>) =>
    [...files].reduce((total, file) => total + (sizes.get(file) ?? 0), 0)
  const entry = closure(manifest, ENTRY)
  const onDemand = new Set(Object.keys(limits.onDemand))
  const everything = (keys: readonly string[]) =>
    new Set(keys.flatMap((key) => [...closure(manifest, key, { lazy: true, without: entry })]))
  const buyer = everything(pages.filter((key) => !key.startsWith(OPERATORS)))
  for (const file of entry) buyer.add(file)
  const operators = new Set([...everything(pages)].filter((file) => !buyer.has(file)))
  return [
    { what: 'landing', bytes: sum(['index.html', 'favicon.svg']), limit: limits.landing },
    { what: 'entry', bytes: sum(entry), limit: limits.entry },
    ...pages.map((key) => {
      const own = limits.pages[key]
      const files = closure(manifest, key, { lazy: own !== undefined, without: entry, except: onDemand })
      return { what: key, bytes: sum(files), limit: own ?? limits.page }
    }),
    ...Object.entries(limits.onDemand).map(([key, limit]) => {
      const own = manifest[key]
      if (!own) throw new Error(`the bundle has no chunk for ${key}`)
      return { what: `on demand: ${key}`, bytes: sum([own.file]), limit }
    }),
    { what: 'all for a buyer', bytes: sum(buyer), limit: limits.buyer },
    { what: 'operators, beyond that', bytes: sum(operators), limit: limits.operators },
    {
      what: 'error client',
      // Whatever is left: nothing is outside of every limit.
      bytes: sum(
        [...sizes.keys()].filter(
          (file) => file.startsWith('assets/') && !buyer.has(file) && !operators.has(file),
        ),
      ),
      limit: limits.errorClient,
    },
  ]
}

const readBudgets = async () =>
  v.parse(Budgets, JSON.parse(await readFile(join(root, 'budgets.json'), 'utf8')))

async function measure(): Promise<Map<string, number>> {
  const assets = await readdir(join(dist, 'assets'))
  const files = [
    'index.html',
    'favicon.svg',
    ...assets.filter((name) => /\.(js|css)$/.test(name)).map((name) => `assets/${name}`),
  ]
  const sized = files.map(async (file) => [file, brotli(await readFile(join(dist, file))).length] as const)
  return new Map(await Promise.all(sized))
}

const SourceMap = v.object({ sources: v.array(v.string()) })

/** By the source maps: a chunk's name does not say what was moved into it. */
async function sourcesOf(files: Iterable<string>): Promise<string[]> {
  const scripts = [...files].filter((file) => file.endsWith('.js'))
  const maps = scripts.map(async (file) => {
    // A chunk of the bundler's own has no sources and no map.
    const text = await readFile(join(dist, `${file}.map`), 'utf8').catch(() => '{"sources":[]}')
    return v.parse(SourceMap, JSON.parse(text)).sources
  })
  return (await Promise.all(maps)).flat()
}

const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1)
