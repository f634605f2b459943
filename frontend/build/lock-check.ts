// The lock file holds what every platform needs, no addresses, and exact versions; else an install fails elsewhere.
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readFileSync } from 'node:fs'
import * as v from 'valibot'

const Names = v.optional(v.record(v.string(), v.string()), {})
const Lock = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      resolved: v.optional(v.string()),
      integrity: v.optional(v.string()),
      dependencies: Names,
      devDependencies: Names,
      optionalDependencies: Names,
    }),
  ),
})

const EXACT = /^(npm:(@?[^@]+)@)?\d+\.\d+\.\d+(-[\w.]+)?$/

/** What is wrong with a lock file; empty: nothing. */
export function checkLock(text: string): string[] {
  const { packages } = v.parse(Lock, JSON.parse(text))
  const faults: string[] = []
  for (const [place, one] of Object.entries(packages)) {
    const name = place || 'package.json'
    if (one.resolved) faults.push(`${name}: the lock names a download address`)
    if (place && one.version && !one.integrity) faults.push(`${name}: the lock has no integrity for it`)
    for (const optional of Object.keys(one.optionalDependencies)) {
      if (!isLocked(packages, place, optional))
        faults.push(`${name}: ${optional} is missing, so an install fails on its platform`)
    }
    if (place) continue
    for (const [dependency, version] of Object.entries({ ...one.dependencies, ...one.devDependencies })) {
      if (!EXACT.test(version))
        faults.push(`${name}: ${dependency} is "${version}"; an exact version is needed`)
    }
  }
  return faults
}

/** As Node looks it up: in the package's own folder, then in every one above. */
function isLocked(packages: Readonly<Record<string, unknown>>, place: string, name: string): boolean {
  for (
    let at = place;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    if (`${at ? `${at}/` : ''}node_modules/${name}` in packages) return true
    if (!at) return false
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const path of process.argv.slice(2)) {
    for (const fault of checkLock(readFileSync(path, 'utf8'))) {
      console.error(`${basename(path)}: ${fault}`)
      process.exitCode = 1
    }
  }
}
