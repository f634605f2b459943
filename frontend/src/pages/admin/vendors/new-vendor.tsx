// A vendor that the catalogue does not have yet.
import { useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { CompanySize, PriceModel } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { useNavigate } from '@/lib/navigation'
import { amount, entered } from '@/pages/admin/amounts'
import { isConflict, isRefusal } from '@/pages/admin/ask'
import { Room } from '@/pages/admin/room'
import { useCreate } from '@/pages/admin/vendors/changes'
import { type Basics, BasicFields, CheckField, Choice, Form } from '@/pages/admin/vendors/fields'
import { EuroField } from '@/pages/admin/vendors/price-dialog'
import { href } from '@/routes'
import { Button, LinkButton } from '@/ui/button'
import { FieldError, Select, TextField } from '@/ui/field'
import { TextLink } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'

const say = catalogue.newVendor
const MODELS = ['flat', 'per_user', 'per_location', 'usage', 'custom'] as const
const SIZES = ['startup', 'smb', 'mid_market', 'enterprise'] as const
const STARS = ['', '1', '2', '3', '4', '5'] as const
const FIELDS = [
  'slug',
  'name',
  'category',
  'description',
  'website',
  'pricing_url',
  'price_model',
  'starting_price_cents',
  'free_tier',
  'company_sizes',
  'complexity',
  'implementation_weeks',
  'api_openness',
]

interface Draft extends Basics {
  slug: string
  price_model: PriceModel
  price: string
  sizes: readonly CompanySize[]
  stars: string
}

const EMPTY: Draft = {
  slug: '',
  name: '',
  category: '',
  description: '',
  website: '',
  pricing_url: '',
  free_tier: false,
  complexity: 'low',
  implementation_weeks: '2',
  price_model: 'flat',
  price: '',
  sizes: ['smb'],
  stars: '',
}

export default function NewVendor() {
  const [draft, setDraft] = useState(EMPTY)
  const [ownSlug, setOwnSlug] = useState(false)
  const [tried, setTried] = useState(false)
  const create = useCreate()
  const go = useNavigate()
  const change = (part: Partial<Draft>) =>
    setDraft((old) => {
      const next = { ...old, ...part }
      return ownSlug || part.name === undefined ? next : { ...next, slug: slugOf(next.name) }
    })
  const errors = refused(create.error)
  const price = entered(draft.price)
  const submit = () => {
    setTried(true)
    if (price.kind === 'fault' || draft.sizes.length === 0 || create.isPending) return
    create.mutate(
      {
        slug: draft.slug,
        name: draft.name.trim(),
        category: draft.category.trim(),
        description: draft.description.trim(),
        website: draft.website.trim(),
        pricing_url: draft.pricing_url.trim(),
        price_model: draft.price_model,
        starting_price_cents: price.kind === 'cents' ? price.cents : null,
        free_tier: draft.free_tier,
        company_sizes: [...draft.sizes],
        complexity: draft.complexity,
        implementation_weeks: Number(draft.implementation_weeks),
        api_openness: draft.stars === '' ? null : Number(draft.stars),
      },
      { onSuccess: (vendor) => go(`${href.admin('vendors')}/${vendor.slug}`) },
    )
  }
  const noSize = tried && draft.sizes.length === 0 ? say.noSize : errors.get('company_sizes')
  return (
    <Room title={say.title} lead={<TextLink to={href.admin('vendors')}>{catalogue.vendor.back}</TextLink>}>
      <div className="max-w-3xl">
        <Form errors={errors} known={FIELDS} onSubmit={submit}>
          {create.isError && errors.size === 0 && !isRefusal(create.error) && (
            <ProblemNotice error={create.error} />
          )}
          <div className="grid items-start gap-5 sm:grid-cols-2">
            <BasicFields
              draft={draft}
              errors={errors}
              onChange={change}
              besideName={
                <TextField
                  label={say.slug}
                  help={say.slugHelp}
                  required
                  pattern="[a-z0-9\-]{2,60}"
                  title={say.slugForm}
                  value={draft.slug}
                  error={errors.get('slug')}
                  onChange={(event) => {
                    setOwnSlug(true)
                    change({ slug: event.target.value.toLowerCase() })
                  }}
                />
              }
              besideCategory={
                <Choice
                  label={say.model}
                  values={MODELS}
                  words={catalogue.models}
                  value={draft.price_model}
                  error={errors.get('price_model')}
                  onChange={(price_model) => change({ price_model })}
                />
              }
            />
            <EuroField
              label={say.price}
              text={draft.price}
              tried={tried}
              error={errors.get('starting_price_cents')}
              reading={(cents) => (cents === undefined ? catalogue.prices.onRequest : amount(cents, 'EUR'))}
              onChange={(text) => change({ price: text })}
            />
            <fieldset>
              <legend className="font-medium">{catalogue.vendor.sizes}</legend>
              {SIZES.map((size) => (
                <CheckField
                  key={size}
                  label={catalogue.sizes[size]}
                  checked={draft.sizes.includes(size)}
                  onChange={(on) =>
                    change({ sizes: SIZES.filter((one) => (one === size ? on : draft.sizes.includes(one))) })
                  }
                />
              ))}
              {noSize && <FieldError>{noSize}</FieldError>}
            </fieldset>
            <Select
              label={catalogue.vendor.openness}
              help={say.opennessHelp}
              value={draft.stars}
              error={errors.get('api_openness')}
              options={STARS.map((value) => ({
                value,
                label: value === '' ? say.unknown : catalogue.vendor.outOfFive(Number(value)),
              }))}
              onChange={(stars) => change({ stars })}
            />
          </div>
          <div className="flex flex-wrap gap-3">
            <Button type="submit" busy={create.isPending}>
              {say.save}
            </Button>
            <LinkButton to={href.admin('vendors')} variant="secondary">
              {admin.cancel}
            </LinkButton>
          </div>
        </Form>
      </div>
    </Room>
  )
}

/** What was refused, by field. A name that is taken is a conflict, and belongs to the short name. */
function refused(error: unknown): ReadonlyMap<string, string> {
  if (isConflict(error)) return new Map([['slug', say.taken]])
  return error instanceof ApiProblem ? error.fields : NONE
}

const NONE: ReadonlyMap<string, string> = new Map()

const slugOf = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
