'use client'
import { type FormEvent, useId, useState } from 'react'
import { useCommand } from './use-command'

/** One thing to be said with an action. */
export interface ActionField {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'long' | 'select' | 'number' | 'datetime'
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  readonly required?: boolean
  readonly value?: string
}

export interface ActionFormProps {
  readonly command: string
  readonly title: string
  /** What the button does, in words and figures: "Refund 84.90 EUR". */
  readonly button: string
  readonly fields: readonly ActionField[]
  /** What the command is told beside the fields. */
  readonly given: Readonly<Record<string, unknown>>
  /** Fields that the command wants as a list of answers under one name, such as a checklist. */
  readonly group?: string
  readonly groupNames?: readonly string[]
}

const FIELD = 'mt-0.5 w-full rounded border border-field bg-bg px-2 py-1 text-sm'

/** An action as a form that stands closed until it is asked for: opens in place, says what was refused and why, and closes when it is done. */
export function ActionForm({ command, title, button, fields, given, group, groupNames = [] }: ActionFormProps) {
  const [open, setOpen] = useState(false)
  const own = useId()
  const { run, busy, refusal } = useCommand(command, () => setOpen(false))
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const input: Record<string, unknown> = { ...given }
    for (const { name, kind } of fields) {
      const value = String(form.get(name) ?? '').trim()
      if (value === '' || groupNames.includes(name)) continue
      input[name] = kind === 'number' ? Number(value) : kind === 'datetime' ? new Date(value).toISOString() : value
    }
    if (group) input[group] = Object.fromEntries(groupNames.map((name) => [name, form.get(name) === 'yes']))
    await run(input)
  }
  if (!open)
    return (
      <button
        type="button"
        className="control"
        disabled={busy}
        onClick={() => (fields.length === 0 ? void run({ ...given }) : setOpen(true))}
      >
        {busy ? 'Sending' : title}
      </button>
    )
  return (
    <form onSubmit={send} className="my-1 flex flex-col gap-2 border-l-2 border-accent pl-3" aria-label={title}>
      {fields.map((field) => (
        <div key={field.name}>
          <label htmlFor={`${own}${field.name}`} className="text-xs text-muted">
            {field.label}
          </label>
          {field.kind === 'select' ? (
            <select
              id={`${own}${field.name}`}
              name={field.name}
              className={FIELD}
              required={field.required}
              defaultValue={field.value ?? ''}
            >
              {field.value === undefined ? <option value="">Choose</option> : null}
              {field.options?.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          ) : field.kind === 'long' ? (
            <textarea
              id={`${own}${field.name}`}
              name={field.name}
              rows={2}
              className={FIELD}
              required={field.required}
              defaultValue={field.value}
            />
          ) : (
            <input
              id={`${own}${field.name}`}
              name={field.name}
              type={field.kind === 'datetime' ? 'datetime-local' : field.kind === 'number' ? 'number' : 'text'}
              className={FIELD}
              required={field.required}
              defaultValue={field.value}
            />
          )}
        </div>
      ))}
      {refusal ? (
        <p role="alert" className="border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Sending' : button}
        </button>
        <button type="button" className="control" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </form>
  )
}
