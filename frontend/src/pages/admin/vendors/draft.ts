// A vendor while it is being changed: as typed, as a change, and beside somebody else's version.
import type { VendorStatus, VendorView } from '@/api/schema'
import type { VendorChanges } from '@/pages/admin/vendors/changes'
import type { Basics } from '@/pages/admin/vendors/fields'

export interface Draft extends Basics {
  status: VendorStatus
  verified_on: string
}

export const FIELDS = [
  'name',
  'category',
  'description',
  'website',
  'pricing_url',
  'complexity',
  'implementation_weeks',
  'free_tier',
  'status',
  'verified_on',
] as const satisfies readonly (keyof Draft)[]

export type Field = (typeof FIELDS)[number]

export const draftOf = (vendor: VendorView): Draft => ({
  name: vendor.name,
  category: vendor.category,
  description: vendor.description,
  website: vendor.website,
  pricing_url: vendor.pricing_url,
  complexity: vendor.complexity,
  implementation_weeks: String(vendor.implementation_weeks),
  free_tier: vendor.free_tier,
  status: vendor.status,
  verified_on: vendor.verified_on ?? '',
})

/** Only what is different, so that nobody else's change is written over. */
export function changesBetween(before: Draft, after: Draft): VendorChanges {
  const now = trimmed(after)
  return {
    ...(now.name !== before.name && { name: now.name }),
    ...(now.category !== before.category && { category: now.category }),
    ...(now.description !== before.description && { description: now.description }),
    ...(now.website !== before.website && { website: now.website }),
    ...(now.pricing_url !== before.pricing_url && { pricing_url: now.pricing_url }),
    ...(now.complexity !== before.complexity && { complexity: now.complexity }),
    ...(now.implementation_weeks !== before.implementation_weeks && {
      implementation_weeks: Number(now.implementation_weeks),
    }),
    ...(now.free_tier !== before.free_tier && { free_tier: now.free_tier }),
    ...(now.status !== before.status && { status: now.status }),
    // A verification cannot be taken back, only dated anew.
    ...(now.verified_on !== before.verified_on && now.verified_on !== '' && { verified_on: now.verified_on }),
  }
}

export type Side = 'mine' | 'theirs'

/** One field on which two versions differ, and which of them is kept unless somebody chooses. */
export interface Difference {
  field: Field
  /** What I did not touch is theirs; what I typed is mine. */
  suggested: Side
}

export function differences(base: Draft, mine: Draft, theirs: Draft): Difference[] {
  return FIELDS.filter((field) => mine[field] !== theirs[field]).map((field) => ({
    field,
    suggested: mine[field] === base[field] ? 'theirs' : 'mine',
  }))
}

/** Theirs, with what was chosen of mine. */
export function merged(mine: Draft, theirs: Draft, chosen: ReadonlyMap<Field, Side>): Draft {
  const result = { ...theirs }
  for (const field of FIELDS) if (chosen.get(field) === 'mine') copy(field, mine, result)
  return result
}

function copy<Name extends Field>(field: Name, from: Draft, to: Draft) {
  to[field] = from[field]
}

const trimmed = (draft: Draft): Draft => ({
  ...draft,
  name: draft.name.trim(),
  category: draft.category.trim(),
  description: draft.description.trim(),
  website: draft.website.trim(),
  pricing_url: draft.pricing_url.trim(),
})
