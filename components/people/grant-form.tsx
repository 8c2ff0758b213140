'use client'
import { type FormEvent, useState } from 'react'
import type { AccountView, GrantableRole } from '@/lib/workflow/read/accounts-types'
import { useCommand } from '../actions/use-command'
import { Field, FORM, INPUT, Refused } from './field'
import { type ReviewDays, ReviewFields, reviewIn } from './review-fields'

/**
 * Gives a role. Says at once what it may do and what it would bring together; roles that exclude each other ask for somebody who watches over it and
 * until when.
 */
export function GrantForm({
  personId,
  name,
  roles,
  owners,
  days,
}: {
  personId: string
  name: string
  roles: readonly GrantableRole[]
  owners: AccountView['owners']
  days: ReviewDays
}) {
  const [picked, setPicked] = useState('')
  const { run, busy, refusal, clear } = useCommand('person.grant', () => setPicked(''))
  const role = roles.find((each) => each.role === picked)
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    void run({
      ...{ personId, role: picked, reason: String(said.get('reason') ?? '') },
      ...(role?.conflict ? { mitigation: reviewIn(said) } : {}),
    })
  }
  return (
    <form className={FORM} onSubmit={send} aria-label="Give a role">
      <Field label="Role">
        {(id) => (
          <select
            id={id}
            className={INPUT}
            required
            value={picked}
            onChange={(event) => {
              setPicked(event.target.value)
              clear()
            }}
          >
            <option value="">Choose</option>
            {roles.map((each) => (
              <option key={each.role} value={each.role}>
                {each.label}
                {each.conflict ? ' (excluded by a role they have)' : ''}
              </option>
            ))}
          </select>
        )}
      </Field>
      {role ? (
        <>
          <p className="text-xs text-muted">May: {role.may}.</p>
          {role.conflict ? (
            <>
              <output className="block border-l-2 border-warn pl-2 text-sm">
                {role.conflict} It is given only with a review by somebody else, and gives nothing any more when that
                has run out.
              </output>
              <ReviewFields owners={owners} days={days} />
            </>
          ) : null}
          <Field label="Why">
            {(id) => <input id={id} name="reason" required minLength={3} autoComplete="off" className={INPUT} />}
          </Field>
          <Refused message={refusal?.message} />
          <div>
            <button type="submit" className="control primary" disabled={busy}>
              {busy ? 'Sending' : `Make ${name} ${role.label.toLowerCase()}`}
            </button>
          </div>
        </>
      ) : null}
    </form>
  )
}
