// The browser's storage, which may be full, forbidden or holding somebody else's text.
import * as v from 'valibot'

/** A value under one key, checked when read; what does not fit counts as absent. */
export function stored<const Schema extends v.GenericSchema>(
  key: string,
  schema: Schema,
  area: Area = 'local',
) {
  const name = `crb.${key}`
  return {
    read(): v.InferOutput<Schema> | undefined {
      try {
        const text = open(area).getItem(name)
        if (text === null) return undefined
        const parsed = v.safeParse(schema, JSON.parse(text))
        return parsed.success ? parsed.output : undefined
      } catch {
        return undefined
      }
    },
    /** False where the browser keeps nothing: private windows, a full disk. */
    write(value: v.InferInput<Schema>): boolean {
      try {
        open(area).setItem(name, JSON.stringify(value))
        return true
      } catch {
        return false
      }
    },
    clear(): void {
      try {
        open(area).removeItem(name)
      } catch {
        // Nothing was kept, so nothing is left.
      }
    },
  }
}

type Area = 'local' | 'session'

const open = (area: Area) => (area === 'local' ? window.localStorage : window.sessionStorage)
