// The catalogue as the API has it: lists, one vendor with all its prices, and what their filters offer.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, call } from '@/api/client'
import type { VendorStatus } from '@/api/schema'
import { ask } from '@/pages/admin/ask'
import { byCursor } from '@/pages/admin/list'

export const keys = {
  all: ['admin', 'vendors'],
  lists: ['admin', 'vendors', 'list'],
  list: (filter: VendorFilter) => ['admin', 'vendors', 'list', filter],
  one: (slug: string) => ['admin', 'vendors', 'one', slug],
  categories: ['admin', 'vendors', 'categories'],
}

export interface VendorFilter {
  query: string
  category: string
  industry: string
  /** Empty: all but the deprecated. */
  status: VendorStatus | ''
}

export function useVendors(filter: VendorFilter) {
  return useInfiniteQuery({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...(filter.query && { query: filter.query }),
        ...(filter.category && { category: filter.category }),
        ...(filter.industry && { industry: filter.industry }),
        ...(filter.status && { status: filter.status }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      }
      return ask((as) => api.GET('/api/v1/vendors', { ...as, params: { query }, signal }))
    },
    ...byCursor,
  })
}

export function useVendor(slug: string) {
  return useQuery({ queryKey: keys.one(slug), queryFn: ({ signal }) => vendor(slug, signal) })
}

export function vendor(slug: string, signal?: AbortSignal) {
  const params = { path: { slug } }
  return ask((as) => api.GET('/api/v1/vendors/{slug}', { ...as, params, ...(signal && { signal }) }))
}

const LIMIT = 100
const MOST_PAGES = 10

/** Those that vendors have; a category is what an operator writes there. */
export function useCategories() {
  return useQuery({
    queryKey: keys.categories,
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const found = new Set<string>()
      let cursor: string | undefined
      for (let asked = 0; asked < MOST_PAGES; asked += 1) {
        const query = { limit: LIMIT, ...(cursor !== undefined && { cursor }) }
        const page = await ask((as) => api.GET('/api/v1/vendors', { ...as, params: { query }, signal }))
        for (const { category } of page.items) found.add(category)
        if (page.next === undefined) break
        cursor = page.next
      }
      return [...found].toSorted()
    },
  })
}

export function useIndustries() {
  return useQuery({
    queryKey: ['admin', 'industries'],
    staleTime: 300_000,
    queryFn: async ({ signal }) => (await call(api.GET('/api/v1/industries', { signal }))).items,
  })
}
