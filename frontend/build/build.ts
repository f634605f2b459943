// `npm run build`: everything that the server sends, in `dist/`. With `--gate` a bundle that is too big is refused, too.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

import { checkBudget, checkEntry } from './budget.ts'
import { checkLock } from './lock-check.ts'
import { readManifest } from './manifest.ts'
import { dist, root } from './paths.ts'
import { precompress } from './precompress.ts'
import { loadMarkup, prerender } from './prerender.ts'
import { writeShells } from './shells.ts'

const isGate = process.argv.includes('--gate')
process.exitCode = 1
const faults = checkLock(await readFile(join(root, 'package-lock.json'), 'utf8'))
if (faults.length === 0) faults.push(...(await bundle()))
for (const fault of faults) console.error(`refused: ${fault}`)
if (faults.length === 0) process.exitCode = 0

async function bundle(): Promise<string[]> {
  await rm(dist, { recursive: true, force: true })
  await build({ root, logLevel: 'warn' })
  const manifest = await readManifest(dist)
  const strangers = await checkEntry(manifest)
  if (strangers.length > 0) return strangers
  const markup = await loadMarkup()
  await prerender(markup, manifest)
  await writeShells(markup, manifest)
  await precompress(join(dist, 'assets'))
  const pages = markup.routes.map(({ shell }) => markup.shells[shell].page)
  const tooBig = await checkBudget(manifest, pages)
  if (isGate) return tooBig
  // Whoever tries something out sees it and goes on.
  for (const one of tooBig) console.warn(`over budget: ${one}`)
  return []
}
