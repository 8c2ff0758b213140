'use client'
import type { AccountView } from '@/lib/workflow/read/accounts-types'
import { Field, INPUT } from './field'

/** Days as YYYY-MM-DD: the one that is proposed, and the first and the last that are taken. */
export interface ReviewDays {
  readonly proposed: string
  readonly first: string
  readonly last: string
}

/** Who watches over two roles that exclude each other, what they look at, and until when. */
export function ReviewFields({ owners, days }: { owners: AccountView['owners']; days: ReviewDays }) {
  return (
    <>
      <Field label="Who reviews it">
        {(id) => (
          <select id={id} name="owner" required className={INPUT} defaultValue="">
            <option value="">Choose</option>
            {owners.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="What they look at, and how often">
        {(id) => <input id={id} name="review" required minLength={3} autoComplete="off" className={INPUT} />}
      </Field>
      <Field label="Until, 90 days at most">
        {(id) => (
          <input
            id={id}
            name="until"
            type="date"
            required
            min={days.first}
            max={days.last}
            defaultValue={days.proposed}
            className={INPUT}
          />
        )}
      </Field>
    </>
  )
}

/** What was said in these fields, as the commands take it. */
export const reviewIn = (said: FormData) => ({
  owner: String(said.get('owner') ?? ''),
  until: String(said.get('until') ?? ''),
  review: String(said.get('review') ?? ''),
})
