'use client'
import { type FormEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { useCommand } from './use-command'

/** One thing to be said with an action. */
export interface ActionField {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'long' | 'select' | 'number' | 'numbers' | 'datetime'
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
  // What was given when it was opened: the page beneath may be read again meanwhile, and nobody decides on what they did not see.
  const [seen, setSeen] = useState<ActionFormProps['given'] | null>(null)
  const own = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const closed = useRef(false)
  const { run, busy, refusal, clear } = useCommand(command, () => setSeen(null))
  function close() {
    setSeen(null)
    clear()
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    close()
  })
  useEffect(() => {
    const opened = form.current
    if (seen) opened?.querySelector<HTMLElement>('select, textarea, input')?.focus()
    else if (closed.current) opener.current?.focus()
    closed.current = seen !== null
    opened?.addEventListener('keydown', onKey)
    return () => opened?.removeEventListener('keydown', onKey)
  }, [seen])
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const input: Record<string, unknown> = { ...seen }
    for (const { name, kind } of fields) {
      const value = String(said.get(name) ?? '').trim()
      if (value === '' || groupNames.includes(name)) continue
      input[name] = typed(kind, value)
    }
    if (group) input[group] = Object.fromEntries(groupNames.map((name) => [name, said.get(name) === 'yes']))
    await run(input)
  }
  if (!seen)
    return (
      <>
        <button
          ref={opener}
          type="button"
          className="control"
          disabled={busy}
          onClick={() => (fields.length === 0 ? void run({ ...given }) : setSeen(given))}
        >
          {busy ? 'Sending' : title}
        </button>
        {refusal ? <Refused message={refusal.message} /> : null}
      </>
    )
  return (
    <form
      ref={form}
      onSubmit={send}
      className="my-1 flex w-full max-w-md flex-col gap-2 border-l-2 border-accent pl-3"
      aria-label={title}
    >
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
      {refusal ? <Refused message={refusal.message} /> : null}
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Sending' : button}
        </button>
        <button type="button" className="control" onClick={close}>
          Close
        </button>
      </div>
    </form>
  )
}

const Refused = ({ message }: { message: string }) => (
  <p role="alert" className="my-1 border-l-2 border-worse pl-2 text-sm">
    {message}
  </p>
)

/** What was typed, as the command takes it; `numbers` are whole numbers with commas between. */
function typed(kind: ActionField['kind'], value: string): unknown {
  switch (kind) {
    case 'number':
      return Number(value)
    case 'numbers':
      return value.split(/[\s,;]+/).map(Number)
    case 'datetime':
      return new Date(value).toISOString()
    default:
      return value
  }
}
