'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import type { GrantableRole } from '@/lib/workflow/read/accounts-types'
import { useCommand } from '../actions/use-command'
import { Field, FORM, INPUT, Refused } from './field'

/** Makes a person. What they see and further roles are set on their own page, where the way in is made too. */
export function InviteForm({ roles }: { roles: readonly GrantableRole[] }) {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { run, busy, refusal } = useCommand<{ personId: string }>('person.invite', ({ personId }) =>
    router.push(`/settings/people/${personId}`),
  )
  if (!open)
    return (
      <button type="button" className="control" onClick={() => setOpen(true)}>
        Add a person
      </button>
    )
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const text = (name: string) => String(said.get(name) ?? '').trim()
    const role = text('role')
    void run({ email: text('email'), name: text('name'), roles: role ? [role] : [], reason: text('reason') })
  }
  return (
    <form className={FORM} onSubmit={send} aria-label="Add a person">
      <Field label="Name">
        {(id) => <input id={id} name="name" required maxLength={120} autoComplete="off" className={INPUT} />}
      </Field>
      <Field label="E-mail">
        {(id) => <input id={id} name="email" type="email" required autoComplete="off" className={INPUT} />}
      </Field>
      <Field label="Role (more can be given later)">
        {(id) => (
          <select id={id} name="role" className={INPUT} defaultValue="">
            <option value="">None yet</option>
            {roles.map(({ role, label }) => (
              <option key={role} value={role}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Why">
        {(id) => <input id={id} name="reason" required minLength={3} autoComplete="off" className={INPUT} />}
      </Field>
      <Refused message={refusal?.message} />
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Sending' : 'Add the person'}
        </button>
        <button type="button" className="control" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </form>
  )
}
