// A price as it stands on a vendor's page today: entered in euros, kept as cents.
import { useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { PriceUnit, VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { type Entered, entered } from '@/pages/admin/amounts'
import { isRefusal } from '@/pages/admin/ask'
import { today } from '@/pages/admin/moment'
import { useAddPrice } from '@/pages/admin/vendors/changes'
import { AddressField, Choice, Form } from '@/pages/admin/vendors/fields'
import { priced } from '@/pages/admin/vendors/price'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { ProblemNotice } from '@/ui/problem-notice'

const say = catalogue.prices
const UNITS = ['flat', 'user', 'location', 'usage'] as const
const FIELDS = ['tier_name', 'price_cents', 'per', 'observed_on', 'source_url']

export function AddPrice({ vendor }: { vendor: VendorView }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {say.add}
      </Button>
      <Dialog open={open} title={say.addTo(vendor.name)} onClose={() => setOpen(false)} width="wide">
        <PriceForm vendor={vendor} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function PriceForm({ vendor, onDone }: { vendor: VendorView; onDone: () => void }) {
  const current = vendor.prices.filter((price) => price.superseded_at === undefined)
  const [tier, setTier] = useState(current[0]?.tier_name ?? '')
  const [text, setText] = useState('')
  const [per, setPer] = useState<PriceUnit>(current[0]?.per ?? 'flat')
  const [observed, setObserved] = useState(today)
  const [source, setSource] = useState(vendor.pricing_url)
  const [tried, setTried] = useState(false)
  const add = useAddPrice(vendor.slug)
  const errors = add.error instanceof ApiProblem ? add.error.fields : new Map<string, string>()
  const price = entered(text)
  const replaced = current.find((one) => one.tier_name === tier.trim())
  const submit = () => {
    setTried(true)
    if (price.kind === 'fault' || add.isPending) return
    const body = {
      tier_name: tier.trim(),
      price_cents: price.kind === 'cents' ? price.cents : null,
      per,
      observed_on: observed,
      source_url: source.trim(),
    }
    add.mutate(body, { onSuccess: onDone })
  }
  return (
    <Form errors={errors} known={FIELDS} onSubmit={submit}>
      {add.isError && errors.size === 0 && !isRefusal(add.error) && <ProblemNotice error={add.error} />}
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <div>
          <TextField
            label={say.tier}
            help={say.tierHelp}
            required
            maxLength={60}
            list="price-tiers"
            autoComplete="off"
            value={tier}
            error={errors.get('tier_name')}
            onChange={(event) => setTier(event.target.value)}
          />
          <datalist id="price-tiers">
            {current.map((one) => (
              <option key={one.tier_name}>{one.tier_name}</option>
            ))}
          </datalist>
        </div>
        <EuroField
          label={say.amount}
          text={text}
          tried={tried}
          error={errors.get('price_cents')}
          reading={(cents) => priced(cents, vendor.currency, per)}
          onChange={setText}
        />
        <Choice
          label={say.unit}
          values={UNITS}
          words={say.units}
          value={per}
          error={errors.get('per')}
          onChange={setPer}
        />
        <TextField
          label={say.observed}
          type="date"
          required
          max={today()}
          value={observed}
          error={errors.get('observed_on')}
          onChange={(event) => setObserved(event.target.value)}
        />
        <div className="sm:col-span-2">
          <AddressField
            label={say.source}
            value={source}
            error={errors.get('source_url')}
            onChange={setSource}
          />
        </div>
      </div>
      <p className="text-sm text-muted">
        {replaced
          ? say.supersedes(priced(replaced.price_cents, replaced.currency, replaced.per))
          : say.addsTier}
      </p>
      <div className="flex flex-wrap justify-end gap-3">
        <Button variant="secondary" onClick={onDone}>
          {admin.cancel}
        </Button>
        <Button type="submit" busy={add.isPending}>
          {say.add}
        </Button>
      </div>
    </Form>
  )
}

interface EuroFieldProps {
  label: string
  text: string
  /** After the first try, or while it is read well: not at the first key. */
  tried: boolean
  error: string | undefined
  reading: (cents: number | undefined) => string
  onChange: (text: string) => void
}

/** Says how it reads what is typed, so that `1.000` is no surprise. */
export function EuroField({ label, text, tried, error, reading, onChange }: EuroFieldProps) {
  const price = entered(text)
  const fault = price.kind === 'fault' && tried ? say.faults[price.fault] : undefined
  return (
    <div className="grid gap-1.5">
      <TextField
        label={label}
        help={say.amountHelp}
        inputMode="decimal"
        autoComplete="off"
        unit="€"
        value={text}
        error={fault ?? error}
        onChange={(event) => onChange(event.target.value)}
      />
      <output className="min-h-5 text-sm text-muted">{read(price, reading)}</output>
    </div>
  )
}

const read = (price: Entered, reading: (cents: number | undefined) => string) =>
  price.kind === 'fault' ? '' : say.reads(reading(price.kind === 'cents' ? price.cents : undefined))
