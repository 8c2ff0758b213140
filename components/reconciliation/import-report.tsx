'use client'
import { Upload } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useCommand } from '../actions/use-command'

/** Takes in a report of somebody outside as a CSV file, all of it or nothing. */
export function ImportReport({
  kind,
  facilities = [],
  channels = [],
}: {
  kind: 'payments' | 'receipts'
  facilities?: readonly { id: string; label: string }[]
  channels?: readonly { id: string; label: string }[]
}) {
  const [open, setOpen] = useState(false)
  const [told, setTold] = useState('')
  const own = useId()
  const { run, busy, refusal } = useCommand<{ rows: number }>(`reconciliation.import_${kind}`, ({ rows }) => {
    setOpen(false)
    setTold(`${rows} ${rows === 1 ? 'row' : 'rows'} taken in.`)
  })

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const file = form.get('file')
    if (!(file instanceof File) || file.size === 0) return
    const csv = await file.text()
    await run(
      kind === 'payments'
        ? { provider: form.get('provider'), name: file.name, csv, channels: form.getAll('channel') }
        : { facility: form.get('facility'), name: file.name, csv },
    )
  }

  if (!open)
    return (
      <>
        <button type="button" className="control" onClick={() => setOpen(true)}>
          <Upload size={14} strokeWidth={1.5} aria-hidden="true" />
          {kind === 'payments' ? 'Import a payment report' : 'Import a receipt summary'}
        </button>
        <output aria-live="polite" className="self-center text-sm text-muted">
          {told}
        </output>
      </>
    )
  return (
    <form onSubmit={send} className="flex w-full flex-col gap-2 border-l-2 border-accent pl-3">
      {kind === 'payments' ? (
        <>
          <label htmlFor={`${own}provider`} className="text-xs text-muted">
            Provider, as a short name
            <input
              id={`${own}provider`}
              name="provider"
              required
              defaultValue="stripe"
              className="field mt-0.5 block w-56"
            />
          </label>
          <fieldset className="text-sm">
            <legend className="text-xs text-muted">Channels whose refunds, made elsewhere, must be in it</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-1">
              {channels.map(({ id, label }) => (
                <label key={id} className="flex items-center gap-1.5 py-0.5">
                  <input type="checkbox" name="channel" value={id} className="size-4 accent-accent" />
                  {label}
                </label>
              ))}
            </div>
          </fieldset>
        </>
      ) : (
        <label htmlFor={`${own}facility`} className="text-xs text-muted">
          Facility
          <select id={`${own}facility`} name="facility" required className="field mt-0.5 block w-56">
            {facilities.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      <label htmlFor={`${own}file`} className="text-xs text-muted">
        {kind === 'payments'
          ? 'CSV with the columns id, amount, currency and created; settlement_id, status and type where known'
          : 'CSV with the columns day, sku and quantity'}
        <input
          id={`${own}file`}
          type="file"
          name="file"
          accept=".csv,text/csv"
          required
          className="mt-0.5 block text-sm text-ink"
        />
      </label>
      {refusal ? (
        <p role="alert" className="border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
      <div className="flex gap-2">
        <button type="submit" className="control primary" disabled={busy}>
          {busy ? 'Reading' : 'Import'}
        </button>
        <button type="button" className="control" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </form>
  )
}
