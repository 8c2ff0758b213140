'use client'
import { type FormEvent, useState } from 'react'
import type { AccountView, ConflictView } from '@/lib/workflow/read/accounts-types'
import { useCommand } from '../actions/use-command'
import { Field, FORM, INPUT, Refused } from './field'
import { type ReviewDays, ReviewFields, reviewIn } from './review-fields'

/** Renews the review of two roles that exclude each other. */
export function ReviewForm({
  personId,
  roles: [first, second],
  owners,
  days,
}: {
  personId: string
  roles: ConflictView['roles']
  owners: AccountView['owners']
  days: ReviewDays
}) {
  const [open, setOpen] = useState(false)
  const { run, busy, refusal } = useCommand('person.review_roles', () => setOpen(false))
  if (!open)
    return (
      <button type="button" className="control" onClick={() => setOpen(true)}>
        Renew the review
      </button>
    )
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    void run({ personId, first, second, ...reviewIn(said), reason: String(said.get('reason') ?? '') })
  }
  return (
    <form className={FORM} onSubmit={send} aria-label="Renew the review">
      <ReviewFields owners={owners} days={days} />
      <Field label="Why it goes on">
        {(id) => <input id={id} name="reason" required minLength={3} autoComplete="off" className={INPUT} />}
      </Field>
      <Refused message={refusal?.message} />
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Sending' : 'Record the review'}
        </button>
        <button type="button" className="control" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </form>
  )
}
