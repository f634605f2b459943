// Changing a vendor: typed in a dialog, shown at once, and settled by hand where somebody else was faster.
import { useState } from 'react'

import { ApiProblem } from '@/api/problem'
import type { VendorView } from '@/api/schema'
import { admin } from '@messages/admin'
import { catalogue } from '@messages/admin-catalogue'
import { isConflict, isRefusal } from '@/pages/admin/ask'
import { today } from '@/pages/admin/moment'
import { useSave } from '@/pages/admin/vendors/changes'
import { Conflict } from '@/pages/admin/vendors/conflict'
import { changesBetween, type Draft, draftOf, FIELDS } from '@/pages/admin/vendors/draft'
import { BasicFields, Choice, type Errors, Form } from '@/pages/admin/vendors/fields'
import { vendor as ask } from '@/pages/admin/vendors/queries'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { inWords } from '@/ui/problem-notice'
import { toast } from '@/ui/toast'

const say = catalogue.edit
const STATUSES = ['active', 'needs_review', 'deprecated'] as const
const NO_ERRORS: Errors = new Map()

/** What is being typed, and the version that it began with. */
interface Editing {
  base: VendorView
  draft: Draft
}

export function EditVendor({ vendor }: { vendor: VendorView }) {
  const [open, setOpen] = useState(false)
  const [editing, setEditing] = useState<Editing>()
  const [errors, setErrors] = useState(NO_ERRORS)
  const [theirs, setTheirs] = useState<VendorView>()
  const save = useSave(vendor.slug)

  const begin = () => {
    setEditing({ base: vendor, draft: draftOf(vendor) })
    setErrors(NO_ERRORS)
  }
  const reopen = (next: Editing, refused: Errors) => {
    setEditing(next)
    setErrors(refused)
    setOpen(true)
  }
  /** The dialog closes at once; whatever fails brings it back as it was typed. */
  const submit = async (next: Editing) => {
    setOpen(false)
    setTheirs(undefined)
    if (!isChanged(next)) {
      setEditing(undefined)
      return toast(say.nothing)
    }
    try {
      await save.mutateAsync({ change: changesOf(next), version: next.base.version })
      setEditing(undefined)
      toast(say.saved)
    } catch (error) {
      if (isRefusal(error)) return
      if (isConflict(error)) return settle(next)
      if (error instanceof ApiProblem && error.fields.size > 0) return reopen(next, error.fields)
      toast(catalogue.vendor.notSaved(inWords(error).text), {
        kind: 'failed',
        action: { label: say.again, run: () => reopen(next, NO_ERRORS) },
      })
    }
  }
  const settle = async (mine: Editing) => {
    setEditing(mine)
    try {
      setTheirs(await ask(vendor.slug))
    } catch (error) {
      if (isRefusal(error)) return
      toast(catalogue.vendor.notSaved(inWords(error).text), {
        kind: 'failed',
        action: { label: say.again, run: () => void settle(mine) },
      })
    }
  }
  return (
    <>
      <Button
        variant="secondary"
        size="small"
        busy={save.isPending}
        onClick={() => {
          // What was typed and not saved is still there; what was only looked at begins anew.
          if (!editing || !isChanged(editing)) begin()
          setOpen(true)
        }}
      >
        {say.open}
      </Button>
      <Dialog open={open} title={say.title(vendor.name)} onClose={() => setOpen(false)} width="wide">
        {editing && (
          <EditForm
            editing={editing}
            errors={errors}
            isOld={editing.base.version !== vendor.version}
            onChange={(draft) => setEditing({ ...editing, draft })}
            onReset={begin}
            onCancel={() => {
              setOpen(false)
              setEditing(undefined)
            }}
            onSubmit={() => void submit(editing)}
          />
        )}
      </Dialog>
      {editing && (
        <Conflict
          base={editing.base}
          mine={editing.draft}
          theirs={theirs}
          onClose={() => setTheirs(undefined)}
          onSave={(base, draft) => void submit({ base, draft })}
        />
      )}
    </>
  )
}

const changesOf = ({ base, draft }: Editing) => changesBetween(draftOf(base), draft)

const isChanged = (editing: Editing) => Object.keys(changesOf(editing)).length > 0

interface EditFormProps {
  editing: Editing
  errors: Errors
  isOld: boolean
  onChange: (draft: Draft) => void
  onReset: () => void
  onCancel: () => void
  onSubmit: () => void
}

function EditForm({ editing, errors, isOld, onChange, onReset, onCancel, onSubmit }: EditFormProps) {
  const { draft } = editing
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  return (
    <Form errors={errors} known={FIELDS} onSubmit={onSubmit}>
      <p className="text-sm text-muted">{say.help}</p>
      {isOld && (
        <p role="status" className="text-sm font-medium text-warn">
          {say.isOld}
        </p>
      )}
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <BasicFields draft={draft} errors={errors} onChange={change} />
        <Choice
          label={say.status}
          values={STATUSES}
          words={catalogue.vendorStatus}
          value={draft.status}
          error={errors.get('status')}
          onChange={(status) => change({ status })}
        />
        <TextField
          label={say.verified_on}
          help={say.verifiedHelp}
          type="date"
          max={today()}
          value={draft.verified_on}
          error={errors.get('verified_on')}
          onChange={(event) => change({ verified_on: event.target.value })}
        />
      </div>
      <div className="flex flex-wrap justify-end gap-3">
        {isChanged(editing) && (
          <Button variant="quiet" onClick={onReset}>
            {say.reset}
          </Button>
        )}
        <Button variant="secondary" onClick={onCancel}>
          {admin.cancel}
        </Button>
        <Button type="submit">{say.save}</Button>
      </div>
    </Form>
  )
}
