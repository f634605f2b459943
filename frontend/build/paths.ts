// Where the build reads and writes, from wherever it is started.
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
export const dist = join(root, 'dist')
