'use client'
import { type FormEvent, useState } from 'react'
import type { AccountView, ScopeView } from '@/lib/workflow/read/accounts-types'
import { useCommand } from '../actions/use-command'
import { Field, FORM, INPUT, Refused } from './field'

const KINDS = [
  ['entities', 'Entities'],
  ['facilities', 'Facilities'],
  ['channels', 'Channels'],
] as const
type Kind = (typeof KINDS)[number][0]

/** Limits the rows that somebody sees: all, or only named entities, facilities and channels. */
export function ScopeForm({
  personId,
  scope,
  choices,
}: {
  personId: string
  scope: ScopeView
  choices: AccountView['choices']
}) {
  const [open, setOpen] = useState(false)
  const [rows, setRows] = useState<ScopeView>(scope)
  const { run, busy, refusal } = useCommand('person.scope', () => setOpen(false))
  if (!open)
    return (
      <button
        type="button"
        className="control"
        onClick={() => {
          setRows(scope)
          setOpen(true)
        }}
      >
        Change what they see
      </button>
    )
  const set = (kind: Kind, ids: readonly string[] | null) => setRows((before) => ({ ...before, [kind]: ids }))
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void run({ personId, ...rows, reason: String(new FormData(event.currentTarget).get('reason') ?? '') })
  }
  const none = KINDS.filter(([kind]) => rows[kind]?.length === 0).map(([, label]) => label.toLowerCase())
  return (
    <form className={FORM} onSubmit={send} aria-label="Change what they see">
      {KINDS.map(([kind, label]) => {
        const own = rows[kind]
        // What is limited to something that is in no case yet stays to be seen, and to be taken away.
        const known = choices[kind].map(({ value }) => value)
        const all = [
          ...choices[kind],
          ...(own ?? []).filter((id) => !known.includes(id)).map((value) => ({ value, label: value })),
        ]
        return (
          <fieldset key={kind} className="text-sm">
            <legend className="text-xs text-muted">{label}</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-1">
              <label className="flex items-center gap-1.5">
                <input type="radio" name={kind} checked={own === null} onChange={() => set(kind, null)} /> All
              </label>
              <label className="flex items-center gap-1.5">
                <input type="radio" name={kind} checked={own !== null} onChange={() => set(kind, own ?? [])} /> Only
                these
              </label>
            </div>
            {own === null ? null : (
              <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1 pl-5">
                {all.map(({ value, label: name }) => (
                  <label key={value} className="flex items-center gap-1.5">
                    <input
                      type="checkbox"
                      checked={own.includes(value)}
                      onChange={() =>
                        set(kind, own.includes(value) ? own.filter((id) => id !== value) : [...own, value])
                      }
                    />{' '}
                    {name}
                  </label>
                ))}
              </div>
            )}
          </fieldset>
        )
      })}
      {none.length > 0 ? (
        <output className="block border-l-2 border-warn pl-2 text-sm">
          With no {none.join(' and no ')} chosen they see no rows at all.
        </output>
      ) : null}
      <Field label="Why">
        {(id) => <input id={id} name="reason" required minLength={3} autoComplete="off" className={INPUT} />}
      </Field>
      <Refused message={refusal?.message} />
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Sending' : 'Change it and end their sessions'}
        </button>
        <button type="button" className="control" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </form>
  )
}
