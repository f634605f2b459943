// Vite's manifest: which files an entry brings with it, at once or later.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'

const Manifest = v.record(
  v.string(),
  v.object({
    file: v.string(),
    imports: v.optional(v.array(v.string()), []),
    dynamicImports: v.optional(v.array(v.string()), []),
    css: v.optional(v.array(v.string()), []),
  }),
)

export type Manifest = v.InferOutput<typeof Manifest>

/** The key of the app's entry; the pages' keys are their source files. */
export const ENTRY = 'app.html'

export const parseManifest = (text: string): Manifest => v.parse(Manifest, JSON.parse(text))

export const readManifest = async (dist: string): Promise<Manifest> =>
  parseManifest(await readFile(join(dist, '.vite/manifest.json'), 'utf8'))

/** The files that come with a chunk before it runs; `lazy`: and all that it may ask for later, but for `except`. */
export function closure(
  manifest: Manifest,
  key: string,
  options: { lazy?: boolean; without?: Set<string>; except?: ReadonlySet<string> } = {},
) {
  const { lazy = false, without = new Set<string>(), except = new Set<string>() } = options
  const seen = new Set<string>()
  const files = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name) || except.has(name)) return
    seen.add(name)
    const chunk = manifest[name]
    if (!chunk) throw new Error(`the bundle has no chunk for ${name}`)
    // What the page already has brings nothing new; least of all the pages that the entry may ask for.
    if (without.has(chunk.file)) return
    files.add(chunk.file)
    for (const file of chunk.css) if (!without.has(file)) files.add(file)
    for (const next of chunk.imports) visit(next)
    if (lazy) for (const next of chunk.dynamicImports) visit(next)
  }
  visit(key)
  return files
}
