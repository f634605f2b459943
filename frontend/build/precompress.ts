// Smaller forms of every text asset beside it, made once with the most effort that the formats know.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXT = /\.(js|css|svg|json|txt|webmanifest)$/

export async function precompress(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((file) => TEXT.test(file))) {
    const path = join(folder, name)
    const bytes = await readFile(path)
    await writeFile(`${path}.br`, brotli(bytes))
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

export const brotli = (bytes: Buffer): Buffer =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  })
