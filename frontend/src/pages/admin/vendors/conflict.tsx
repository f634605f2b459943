// Somebody else changed the same vendor meanwhile: both versions side by side, and a choice for each field.
import { useState } from 'react'

import type { VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { day } from '@/pages/admin/moment'
import {
  differences,
  type Difference,
  type Draft,
  draftOf,
  type Field,
  merged,
  type Side,
} from '@/pages/admin/vendors/draft'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'

const say = catalogue.conflict

interface ConflictProps {
  /** What both began with. */
  base: VendorView
  mine: Draft
  /** As it is saved now; absent while there is no conflict. */
  theirs: VendorView | undefined
  onClose: () => void
  onSave: (base: VendorView, draft: Draft) => void
}

export function Conflict({ base, mine, theirs, onClose, onSave }: ConflictProps) {
  return (
    <Dialog open={theirs !== undefined} title={say.title} onClose={onClose} width="wide">
      {theirs && <Sides base={base} mine={mine} theirs={theirs} onClose={onClose} onSave={onSave} />}
    </Dialog>
  )
}

type SidesProps = Omit<ConflictProps, 'theirs'> & { theirs: VendorView }

function Sides({ base, mine, theirs, onClose, onSave }: SidesProps) {
  const saved = draftOf(theirs)
  const found = differences(draftOf(base), mine, saved)
  const [chosen, setChosen] = useState<ReadonlyMap<Field, Side>>(
    () => new Map(found.map(({ field, suggested }) => [field, suggested])),
  )
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        onSave(theirs, merged(mine, saved, chosen))
      }}
    >
      <p>{say.text}</p>
      {found.map((difference) => (
        <Sided
          key={difference.field}
          difference={difference}
          mine={mine}
          theirs={saved}
          chosen={chosen.get(difference.field) ?? difference.suggested}
          onChoose={(side) => setChosen(new Map(chosen).set(difference.field, side))}
        />
      ))}
      <div className="flex flex-wrap justify-end gap-3">
        <Button variant="secondary" onClick={onClose}>
          {say.later}
        </Button>
        <Button type="submit">{say.save}</Button>
      </div>
    </form>
  )
}

interface SidedProps {
  difference: Difference
  mine: Draft
  theirs: Draft
  chosen: Side
  onChoose: (side: Side) => void
}

function Sided({ difference, mine, theirs, chosen, onChoose }: SidedProps) {
  const { field } = difference
  const sides: readonly { side: Side; text: string }[] = [
    { side: 'theirs', text: shown(theirs, field) },
    { side: 'mine', text: shown(mine, field) },
  ]
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 font-medium">{catalogue.fields[field]}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {sides.map(({ side, text }) => (
          <label
            key={side}
            className="grid min-h-11 grid-cols-[auto_minmax(0,1fr)] gap-x-3 rounded-lg border border-edge p-3 has-checked:border-accent has-checked:bg-tint"
          >
            <input
              type="radio"
              name={field}
              checked={chosen === side}
              onChange={() => onChoose(side)}
              className="row-span-2 mt-0.5 size-5"
            />
            <span className="text-sm text-muted">{say[side]}</span>
            <span className="break-words">{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** A field's value as a person reads it. */
function shown(draft: Draft, field: Field): string {
  switch (field) {
    case 'complexity':
      return catalogue.complexity[draft.complexity]
    case 'status':
      return catalogue.vendorStatus[draft.status]
    case 'free_tier':
      return draft.free_tier ? admin.yes : admin.no
    case 'verified_on':
      return draft.verified_on === '' ? admin.nothing : day(draft.verified_on)
    default:
      return draft[field] || admin.nothing
  }
}
