// `npm run build`: everything that the server sends, in `dist/`, and the proof that it is small enough.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

import { checkBudget } from './budget.ts'
import { checkLock } from './lock-check.ts'
import { readManifest } from './manifest.ts'
import { dist, root } from './paths.ts'
import { precompress } from './precompress.ts'
import { loadMarkup, prerender } from './prerender.ts'
import { writeShells } from './shells.ts'

const faults = [...checkLock(await readFile(join(root, 'package-lock.json'), 'utf8'))]
if (faults.length === 0) {
  await rm(dist, { recursive: true, force: true })
  await build({ root, logLevel: 'warn' })
  const manifest = await readManifest(dist)
  const markup = await loadMarkup()
  await prerender(markup, manifest)
  await writeShells(markup, manifest)
  await precompress(join(dist, 'assets'))
  faults.push(...(await checkBudget(manifest)))
}

for (const fault of faults) console.error(`refused: ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
