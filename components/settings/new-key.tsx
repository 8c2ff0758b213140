'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useCommand } from '../actions/use-command'

interface Made {
  readonly id: string
  /** '' when the answer was sent again: the secret was told once. */
  readonly key: string
}

const FIELD = 'mt-0.5 w-full rounded border border-field bg-bg px-2 py-1 text-sm'

/** What a key may do, in words. */
const SCOPES = [
  { value: 'events:write', label: 'Send events' },
  { value: 'metrics:read', label: 'Read figures' },
] as const

/** Makes an API key and shows its secret this once. */
export function NewKey() {
  const own = useId()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<Made | null>(null)
  const { run, busy, refusal, clear } = useCommand<Made>('key.create', (result) => {
    setMade(result)
    setOpen(false)
  })
  const secret = useRef<HTMLElement>(null)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (open) first.current?.focus()
    else if (made) secret.current?.focus()
  }, [open, made])
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const text = (name: string) => String(said.get(name) ?? '').trim()
    await run({ name: text('name'), scope: text('scope'), sources: text('sources'), days: Number(text('days')) })
  }
  if (open)
    return (
      <form
        onSubmit={send}
        className="mb-3 flex max-w-md flex-col gap-2 border-l-2 border-accent pl-3"
        aria-label="New key"
      >
        <label className="text-xs text-muted" htmlFor={`${own}name`}>
          What it is for
          <input ref={first} id={`${own}name`} name="name" required maxLength={100} className={FIELD} />
        </label>
        <label className="text-xs text-muted" htmlFor={`${own}scope`}>
          What it may do
          <select id={`${own}scope`} name="scope" className={FIELD}>
            {SCOPES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label className="text-xs text-muted" htmlFor={`${own}sources`}>
          Of which sources: exact, or the beginning with a * at its end
          <input id={`${own}sources`} name="sources" required defaultValue="/*" className={FIELD} />
        </label>
        <label className="text-xs text-muted" htmlFor={`${own}days`}>
          For how many days, 400 at most
          <input
            id={`${own}days`}
            name="days"
            type="number"
            min={1}
            max={400}
            required
            defaultValue={400}
            className={FIELD}
          />
        </label>
        {refusal ? (
          <p role="alert" className="border-l-2 border-worse pl-2 text-sm">
            {refusal.message}
          </p>
        ) : null}
        <div className="flex gap-2">
          <button type="submit" className="control primary" disabled={busy}>
            {busy ? 'Sending' : 'Create the key'}
          </button>
          <button
            type="button"
            className="control"
            onClick={() => {
              setOpen(false)
              clear()
            }}
          >
            Close
          </button>
        </div>
      </form>
    )
  return (
    <div className="mb-2">
      {made ? (
        <section
          ref={secret}
          tabIndex={-1}
          aria-label="The new key"
          className="mb-3 max-w-2xl border-l-2 border-accent pl-3 text-sm outline-none"
        >
          {made.key ? (
            <>
              <p>This is key {made.id}. It is shown this once: what is kept here cannot be turned back into it.</p>
              <code className="num my-1 block break-all bg-panel px-2 py-1 select-all">{made.key}</code>
            </>
          ) : (
            <p>
              Key {made.id} was made, but its secret was told to an answer that got lost. Revoke it and create another.
            </p>
          )}
          <button type="button" className="control" onClick={() => setMade(null)}>
            I have kept it
          </button>
        </section>
      ) : null}
      <button type="button" className="control" onClick={() => setOpen(true)}>
        Create a key
      </button>
    </div>
  )
}
