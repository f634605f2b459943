// What an operator can do to a vendor, and how the page shows it before the server has answered.
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/api/client'
import type { NewPrice, NewVendor, VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { ask, isRefusal } from '@/pages/admin/ask'
import type { Pages } from '@/pages/admin/list'
import { keys } from '@/pages/admin/vendors/queries'
import { inWords } from '@/ui/problem-notice'
import { toast } from '@/ui/toast'

/** What may be changed afterwards. Sizes, price model and starting price follow from elsewhere. */
export type VendorChanges = Partial<
  Pick<
    VendorView,
    | 'name'
    | 'category'
    | 'description'
    | 'website'
    | 'pricing_url'
    | 'free_tier'
    | 'complexity'
    | 'implementation_weeks'
    | 'status'
    | 'verified_on'
  >
>

interface Save {
  change: VendorChanges
  /** The version that the change is based on. */
  version: number
}

/** Shown at once, and taken back when the server refuses. Telling why is the caller's part. */
export function useSave(slug: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ change, version }: Save) => {
      const params = { path: { slug }, header: { 'If-Match': `"${version}"` } }
      return ask((as) => api.PATCH('/api/v1/admin/vendors/{slug}', { ...as, params, body: change }))
    },
    onMutate: async ({ change }) => {
      await client.cancelQueries({ queryKey: keys.all })
      const before = [
        ...client.getQueriesData({ queryKey: keys.lists }),
        ...client.getQueriesData({ queryKey: keys.one(slug) }),
      ]
      show(client, slug, (vendor) => ({ ...vendor, ...change }))
      return before
    },
    onSuccess: (saved) => show(client, slug, () => saved),
    onError: (_error, _save, before) => {
      for (const [key, data] of before ?? []) client.setQueryData(key, data)
    },
    onSettled: () => askAgain(client),
  })
}

export function useAddPrice(slug: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewPrice) => {
      const params = { path: { slug } }
      return ask((as) => api.POST('/api/v1/admin/vendors/{slug}/prices', { ...as, params, body }))
    },
    onSuccess: (vendor) => {
      client.setQueryData(keys.one(slug), vendor)
      toast(catalogue.prices.added)
    },
    onSettled: () => askAgain(client),
  })
}

/** Takes a vendor out of the choice; the notice takes that back. */
export function useRemove(vendor: VendorView) {
  const client = useQueryClient()
  const save = useSave(vendor.slug)
  const undo = async () => {
    // Taking it out made a version of its own, which is the one to go on from.
    const params = { path: { slug: vendor.slug } }
    try {
      const now = await ask((as) => api.GET('/api/v1/vendors/{slug}', { ...as, params }))
      await save.mutateAsync({ change: { status: vendor.status }, version: now.version })
      toast(catalogue.vendor.putBack(vendor.name))
    } catch (error) {
      if (!isRefusal(error)) toast(catalogue.vendor.notSaved(inWords(error).text), { kind: 'failed' })
    }
  }
  return useMutation({
    mutationFn: () => {
      const params = { path: { slug: vendor.slug } }
      return ask((as) => api.DELETE('/api/v1/admin/vendors/{slug}', { ...as, params }))
    },
    onSuccess: () => {
      show(client, vendor.slug, (seen) => ({ ...seen, status: 'deprecated' }))
      toast(catalogue.vendor.removed(vendor.name), {
        action: { label: admin.undo, run: () => void undo() },
      })
    },
    onError: (error) => {
      if (!isRefusal(error)) toast(catalogue.vendor.notSaved(inWords(error).text), { kind: 'failed' })
    },
    onSettled: () => askAgain(client),
  })
}

/** Proposes prices that stand on the vendor's own pages; changes nothing by itself. */
export function useLookUp(slug: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const params = { path: { slug } }
      const found = await ask((as) =>
        api.POST('/api/v1/admin/vendors/{slug}/price-lookup', { ...as, params }),
      )
      return found.items
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['admin', 'proposals'] }),
  })
}

export function useCreate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewVendor) => ask((as) => api.POST('/api/v1/admin/vendors', { ...as, body })),
    onSuccess: (vendor) => {
      client.setQueryData(keys.one(vendor.slug), vendor)
      toast(catalogue.newVendor.done(vendor.name))
    },
    onSettled: () => askAgain(client),
  })
}

/** Not waited for: what was done is done, and is said without the newest state of everything else. */
function askAgain(client: QueryClient) {
  void client.invalidateQueries({ queryKey: keys.all })
}

/** The same vendor, everywhere that it is shown. */
function show(client: QueryClient, slug: string, change: (vendor: VendorView) => VendorView) {
  const changed = (vendor: VendorView) => (vendor.slug === slug ? change(vendor) : vendor)
  client.setQueryData<VendorView>(keys.one(slug), (vendor) => vendor && changed(vendor))
  client.setQueriesData<Pages<VendorView>>(
    { queryKey: keys.lists },
    (data) =>
      data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(changed) })) },
  )
}
