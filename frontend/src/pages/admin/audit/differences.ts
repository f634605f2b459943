// What an audited change did, field by field. `after` may be the whole thing or only what was asked for.
import { admin } from '@messages/admin'
import { euros } from '@/lib/money'

export interface Difference {
  field: string
  /** Absent: there was nothing. */
  before: string | undefined
  after: string | undefined
}

export function differencesOf(before: unknown, after: unknown): Difference[] {
  const was = fieldsOf(before)
  const is = fieldsOf(after)
  // A change names what it touched: the rest of what stood before stayed.
  const fields = is.size > 0 ? [...is.keys()] : [...was.keys()]
  return fields.flatMap((field) => {
    const [old, now] = [was.get(field), is.get(field)]
    if (JSON.stringify(old) === JSON.stringify(now) || (!isThere(old) && !isThere(now))) return []
    return {
      field,
      before: isThere(old) ? shown(field, old) : undefined,
      after: isThere(now) ? shown(field, now) : undefined,
    }
  })
}

/** `starting_price_cents` as words. */
export function fieldName(field: string): string {
  const words = field.replace(/_cents$/, '').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  if (!isThere(value)) return new Map()
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return new Map(Object.entries(value))
  return new Map([['value', value]])
}

export const isThere = (value: unknown) => value !== undefined && value !== null

function shown(field: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? admin.yes : admin.no
  if (typeof value === 'number' && field.endsWith('_cents')) return euros(value)
  if (typeof value === 'string') return value === '' ? admin.nothing : value
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ')
  return JSON.stringify(value)
}
