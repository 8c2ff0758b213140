'use client'
import { ClipboardCheck } from 'lucide-react'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { humanize } from '@/lib/format'
import { RETURN_ZONES } from '@/lib/returns/reconciliation'
import { useCommand } from '../actions/use-command'

interface Kept {
  expected: number
  difference: number
}

/** A count of one item in one return zone. What the ledger says is told afterwards: who knows it beforehand does not count. */
export function CountForm({ facilities }: { facilities: readonly { id: string; label: string }[] }) {
  const [open, setOpen] = useState(false)
  const [told, setTold] = useState('')
  const own = useId()
  const { run, busy, refusal } = useCommand<Kept>('stock.count', ({ expected, difference }) => {
    setTold(
      difference === 0
        ? `As booked: ${expected}.`
        : `Booked are ${expected}: ${Math.abs(difference)} ${difference > 0 ? 'more' : 'fewer'} were counted. It is listed below.`,
    )
  })
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    await run({
      facility: form.get('facility'),
      location: form.get('location'),
      sku: form.get('sku'),
      status: form.get('status'),
      counted: Number(form.get('counted')),
    })
  }
  if (!open)
    return (
      <button type="button" className="control" onClick={() => setOpen(true)}>
        <ClipboardCheck size={14} strokeWidth={1.5} aria-hidden="true" />
        Count
      </button>
    )
  return (
    <form onSubmit={send} className="flex w-full flex-wrap items-end gap-2 border-l-2 border-accent pl-3">
      <Part label="Facility" id={`${own}f`}>
        <select id={`${own}f`} name="facility" className="field" required>
          {facilities.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </Part>
      <Part label="Location" id={`${own}l`}>
        <input id={`${own}l`} name="location" className="field w-28" defaultValue="dock" />
      </Part>
      <Part label="SKU" id={`${own}s`}>
        <input id={`${own}s`} name="sku" className="field w-36" required autoComplete="off" />
      </Part>
      <Part label="Zone" id={`${own}z`}>
        <select id={`${own}z`} name="status" className="field">
          {RETURN_ZONES.map((zone) => (
            <option key={zone} value={zone}>
              {humanize(zone)}
            </option>
          ))}
        </select>
      </Part>
      <Part label="Counted" id={`${own}c`}>
        <input id={`${own}c`} name="counted" type="number" min={0} step={1} className="field w-24" required />
      </Part>
      <button type="submit" className="control primary" disabled={busy}>
        {busy ? 'Sending' : 'Count'}
      </button>
      <button type="button" className="control" onClick={() => setOpen(false)}>
        Close
      </button>
      <output aria-live="polite" className="w-full text-sm">
        {refusal ? <span className="text-worse">{refusal.message}</span> : told}
      </output>
    </form>
  )
}

function Part({ label, id, children }: { label: string; id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="block pb-0.5 text-xs text-muted">
        {label}
      </label>
      {children}
    </div>
  )
}
