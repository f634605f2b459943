// `npm run build`: everything that the server sends, in `dist/`, and the proof that it is small enough.
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
  return checkBudget(
    manifest,
    markup.routes.map(({ shell }) => markup.shells[shell].page),
  )
}
