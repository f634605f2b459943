// The lock file of this project passes; planted faults do not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { checkLock } from './lock-check.ts'

const lock = (packages: Record<string, object>) => checkLock(JSON.stringify({ packages }))

test.each(['../package-lock.json', '../perf/package-lock.json'])('%s', (path) => {
  expect(checkLock(readFileSync(join(import.meta.dirname, path), 'utf8'))).toEqual([])
})

test('a platform package that npm left out', () => {
  const faults = lock({
    'node_modules/tool': {
      version: '1.0.0',
      integrity: 'sha512-x',
      optionalDependencies: { '@tool/linux': '1.0.0', '@tool/darwin': '1.0.0' },
    },
    'node_modules/tool/node_modules/@tool/linux': { version: '1.0.0', integrity: 'sha512-x' },
  })
  expect(faults).toEqual(['node_modules/tool: @tool/darwin is missing, so an install fails on its platform'])
})

test('a platform package that stands higher up is found', () => {
  expect(
    lock({
      'node_modules/a/node_modules/tool': {
        version: '1.0.0',
        integrity: 'sha512-x',
        optionalDependencies: { '@tool/linux': '1.0.0' },
      },
      'node_modules/@tool/linux': { version: '1.0.0', integrity: 'sha512-x' },
    }),
  ).toEqual([])
})

test('an address, and a package without integrity', () => {
  expect(lock({ 'node_modules/a': { version: '1.0.0', resolved: 'https://host.test/a.tgz' } })).toEqual([
    'node_modules/a: the lock names a download address',
    'node_modules/a: the lock has no integrity for it',
  ])
})

test.each(['^1.0.0', '~1.0.0', 'latest', '1', '*', 'npm:other@^1.0.0'])('"%s" is not exact', (version) => {
  expect(lock({ '': { dependencies: { a: version } } })).toEqual([
    `package.json: a is "${version}"; an exact version is needed`,
  ])
})

test.each(['1.0.0', '8.0.0-beta.1', 'npm:typescript@7.0.2', 'npm:@scope/name@7.0.2'])(
  '"%s" is exact',
  (version) => {
    expect(lock({ '': { devDependencies: { a: version } } })).toEqual([])
  },
)
