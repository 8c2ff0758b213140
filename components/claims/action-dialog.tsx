'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useCommand } from '../actions/use-command'
import { ACTION_WORDS } from './action-words'
import type { ClaimAction, Picked } from './claims-view'

interface Opened {
  batchId: string
  total: string
  currency: string
  claims: { claimId: string }[]
  left: { unitId: string; words: string }[]
}

/** One action on the claims that were picked: what it does in figures, what must be said with it, and what came of it. */
export function ActionDialog({
  action,
  picked,
  onDone,
  onClose,
}: {
  action: ClaimAction
  picked: Picked
  onDone: () => void
  onClose: () => void
}) {
  const words = ACTION_WORDS[action]
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const { run, busy, refusal } = useCommand(action === 'open' ? 'claim.open_eligible' : `claim.${action}`)
  const [news, setNews] = useState<string[] | null>(null)
  useEffect(() => dialog.current?.showModal(), [])

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const told: string[] = []
    for (const input of inputsOf(action, picked, form)) {
      const outcome = await run(input)
      if (!outcome.ok) return
      told.push(...newsOf(action, outcome.result))
    }
    if (told.length > 0) setNews(told)
    else onDone()
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      className="layer m-auto w-[30rem] max-w-[calc(100vw-2rem)] p-4"
      onClose={news ? onDone : onClose}
    >
      <h2 id={title} className="text-md">
        {words.title}
      </h2>
      {news ? (
        <>
          <ul className="my-2 max-h-60 overflow-y-auto text-sm">
            {news.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <button type="button" className="control primary" onClick={() => dialog.current?.close()}>
            Done
          </button>
        </>
      ) : (
        <form onSubmit={send} className="mt-1 flex flex-col gap-3">
          <p className="text-sm text-muted">{words.effect(picked)}</p>
          <Fields action={action} picked={picked} />
          {refusal ? (
            <p role="alert" className="border-l-2 border-worse pl-2 text-sm">
              {refusal.message}
            </p>
          ) : null}
          <div className="flex justify-end gap-2">
            <button type="button" className="control" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit" className="control primary" disabled={busy}>
              {busy ? 'Sending' : words.button}
            </button>
          </div>
        </form>
      )}
    </dialog>
  )
}

/** What must be said: an amount of its own only where it is about one claim. */
function Fields({ action, picked }: { action: ClaimAction; picked: Picked }) {
  const [currency = ''] = Object.keys(picked.sums)
  const single = picked.ids.length === 1
  switch (action) {
    case 'open':
      return null
    case 'submit':
      return (
        <>
          <Field name="reference" label="Reference, as the supplier knows it" required />
          <label className="flex items-center gap-2 text-sm">
            <input type="checkbox" name="returnGoods" className="size-4 accent-accent" />
            The goods go back with it: units in status vendor become returned to vendor
          </label>
        </>
      )
    case 'accept':
      return (
        <>
          {single ? <Amount label={`Accepted, ${currency}`} value={picked.amount} /> : <Whole />}
          <Field name="reason" label="Why less, if it is less" />
        </>
      )
    case 'recover':
      return (
        <>
          {single ? (
            <Amount label={`Has come in all, ${currency}`} value={undefined} hint="Empty: all that was accepted" />
          ) : (
            <Whole />
          )}
          <Field name="reference" label="Payment or credit note" />
        </>
      )
    default:
      return <Field name="reason" label="Why" required min={action === 'write_off' ? 8 : 3} />
  }
}

const Whole = () => <p className="text-sm">Each for its whole amount. For a smaller one, open that claim.</p>

function Amount({ label, value, hint }: { label: string; value: string | undefined; hint?: string }) {
  return (
    <label className="text-xs text-muted">
      <span className="block pb-0.5">{label}</span>
      <input
        name="amount"
        inputMode="decimal"
        pattern="\d{1,12}(\.\d{1,4})?"
        title="Digits, and a point before the cents"
        defaultValue={value?.replace(/00$/, '')}
        placeholder={hint}
        className="field num w-full"
        autoComplete="off"
      />
    </label>
  )
}

function Field({ name, label, required, min }: { name: string; label: string; required?: boolean; min?: number }) {
  return (
    <label className="text-xs text-muted">
      <span className="block pb-0.5">{label}</span>
      <input
        name={name}
        required={required}
        minLength={min}
        maxLength={500}
        className="field w-full"
        autoComplete="off"
      />
    </label>
  )
}

/** The commands that an action sends: one, but for opening, where each supplier has its own batch. */
function inputsOf(action: ClaimAction, picked: Picked, form: FormData): unknown[] {
  const said = (name: string): Record<string, string> => {
    const value = form.get(name)
    return typeof value === 'string' && value.trim() !== '' ? { [name]: value.trim() } : {}
  }
  const claims = picked.ids.map((claimId) => ({ claimId, ...said('amount') }))
  switch (action) {
    case 'open':
      return picked.suppliers.map((supplierId) =>
        picked.wholeSupplier ? { supplierId } : { supplierId, unitIds: picked.ids },
      )
    case 'submit':
      return [{ claimIds: picked.ids, ...said('reference'), returnGoods: form.get('returnGoods') === 'on' }]
    case 'accept':
      return [{ claims, ...said('reason') }]
    case 'recover':
      return [{ claims, ...said('reference') }]
    case 'reject':
      return [{ claimIds: picked.ids, ...said('reason') }]
    case 'write_off':
      return picked.ids.map((claimId) => ({ claimId, ...said('reason') }))
  }
}

/** What is worth saying afterwards: batches and what was left out of them, and what waits for somebody. */
function newsOf(action: ClaimAction, result: unknown): string[] {
  if (action === 'write_off') return ['It waits for an approval. Nothing has been booked yet.']
  if (action !== 'open') return []
  const { batchId, total, currency, claims, left } = result as Opened
  const reasons = new Map<string, string[]>()
  for (const { unitId, words } of left) reasons.set(words, [...(reasons.get(words) ?? []), unitId])
  return [
    `Batch ${batchId}: ${claims.length} for ${total.replace(/00$/, '')} ${currency}.`,
    ...[...reasons].map(
      ([words, units]) => `Left out ${units.length > 4 ? `${units.length} units` : units.join(', ')}: ${words}`,
    ),
  ]
}
