// The fields that a new vendor and a changed one have in common.
import { type ReactNode, useEffect, useRef } from 'react'

import type { Complexity } from '@/api/schema'
import { catalogue } from '@messages/admin-catalogue'
import { useCategories } from '@/pages/admin/vendors/queries'
import { FieldError, Select, TextArea, TextField } from '@/ui/field'

const say = catalogue.fields

export const COMPLEXITIES = ['low', 'medium', 'high'] as const

/** As they are typed. */
export interface Basics {
  name: string
  category: string
  description: string
  website: string
  pricing_url: string
  free_tier: boolean
  complexity: Complexity
  implementation_weeks: string
}

export type Errors = ReadonlyMap<string, string>

interface BasicFieldsProps {
  draft: Basics
  errors: Errors
  onChange: (change: Partial<Basics>) => void
  besideName?: ReactNode
  besideCategory?: ReactNode
}

export function BasicFields({ draft, errors, onChange, besideName, besideCategory }: BasicFieldsProps) {
  const categories = useCategories().data ?? []
  return (
    <>
      <TextField
        label={say.name}
        required
        maxLength={80}
        value={draft.name}
        error={errors.get('name')}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      {besideName}
      <div>
        <TextField
          label={say.category}
          required
          maxLength={60}
          list="vendor-categories"
          pattern="[a-z0-9][a-z0-9_\-]*"
          title={say.categoryForm}
          autoComplete="off"
          value={draft.category}
          error={errors.get('category')}
          onChange={(event) => onChange({ category: event.target.value })}
        />
        <datalist id="vendor-categories">
          {categories.map((category) => (
            <option key={category}>{category}</option>
          ))}
        </datalist>
      </div>
      {besideCategory}
      <Choice
        label={say.complexity}
        values={COMPLEXITIES}
        words={catalogue.complexity}
        value={draft.complexity}
        error={errors.get('complexity')}
        onChange={(complexity) => onChange({ complexity })}
      />
      <TextField
        label={say.implementation_weeks}
        required
        type="number"
        inputMode="numeric"
        min={1}
        max={26}
        step={1}
        unit={say.weeks}
        value={draft.implementation_weeks}
        error={errors.get('implementation_weeks')}
        onChange={(event) => onChange({ implementation_weeks: event.target.value })}
      />
      <div className="sm:col-span-2">
        <TextArea
          label={say.description}
          required
          maxLength={500}
          rows={3}
          className="min-h-24"
          value={draft.description}
          error={errors.get('description')}
          // The API takes one line.
          onChange={(event) => onChange({ description: event.target.value.replaceAll(/\s*\n\s*/g, ' ') })}
        />
      </div>
      <AddressField
        label={say.website}
        value={draft.website}
        error={errors.get('website')}
        onChange={(website) => onChange({ website })}
      />
      <AddressField
        label={say.pricing_url}
        value={draft.pricing_url}
        error={errors.get('pricing_url')}
        onChange={(pricing_url) => onChange({ pricing_url })}
      />
      <CheckField
        label={say.free_tier}
        checked={draft.free_tier}
        onChange={(free_tier) => onChange({ free_tier })}
      />
    </>
  )
}

interface AddressFieldProps {
  label: string
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

export const AddressField = ({ label, value, error, onChange }: AddressFieldProps) => (
  <TextField
    label={label}
    required
    type="url"
    minLength={10}
    maxLength={500}
    pattern="https://.+"
    title={say.https}
    placeholder="https://"
    value={value}
    error={error}
    onChange={(event) => onChange(event.target.value)}
  />
)

interface ChoiceProps<Value extends string> {
  label: string
  values: readonly Value[]
  words: Readonly<Record<Value, string>>
  value: Value
  error?: string | undefined
  onChange: (value: Value) => void
}

/** A select whose values are known. */
export const Choice = <Value extends string>({
  label,
  values,
  words,
  value,
  error,
  onChange,
}: ChoiceProps<Value>) => (
  <Select
    label={label}
    value={value}
    error={error}
    options={values.map((one) => ({ value: one, label: words[one] }))}
    onChange={(chosen) => {
      const found = values.find((one) => one === chosen)
      if (found !== undefined) onChange(found)
    }}
  />
)

interface CheckFieldProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}

export const CheckField = ({ label, checked, onChange }: CheckFieldProps) => (
  <label className="flex min-h-11 items-center gap-3">
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      className="size-5"
    />
    {label}
  </label>
)

interface FormProps {
  errors: Errors
  /** Named here where no field of the form shows them. */
  known: readonly string[]
  onSubmit: () => void
  children: ReactNode
}

/** The browser checks what it can, the server the rest; the focus goes to the first field that was refused. */
export function Form({ errors, known, onSubmit, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (errors.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [errors])
  const others = [...errors].filter(([field]) => !known.includes(field))
  return (
    <form
      ref={form}
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {others.map(([field, message]) => (
        <FieldError key={field}>
          {field}: {message}
        </FieldError>
      ))}
      {children}
    </form>
  )
}
