// Where the build reads and writes, from wherever it is started.
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const dist = fileURLToPath(new URL('../dist', import.meta.url))
