'use client'
import { Plus, X } from 'lucide-react'
import { type FormEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { formatUnits, parseAmount } from '@/lib/money'
import { useCommand } from '../actions/use-command'
import type { AccountChoice } from './journal-view'

interface Line {
  readonly key: number
  readonly account: string
  readonly debit: string
  readonly credit: string
}

const FIELD = 'rounded border border-field bg-bg px-2 py-1 text-sm'
const blank = (key: number): Line => ({ key, account: '', debit: '', credit: '' })

/** An entry as a form that stands closed until it is asked for. It says at every key by how much the two sides differ. */
export function EntryForm({
  entities,
  accounts,
  currency,
  today,
}: {
  entities: readonly string[]
  accounts: readonly AccountChoice[]
  currency: string
  today: string
}) {
  const own = useId()
  const [open, setOpen] = useState(false)
  const [lines, setLines] = useState<readonly Line[]>([blank(1), blank(2)])
  const [asked, setAsked] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const { run, busy, refusal, clear } = useCommand('journal.prepare', () => {
    setLines([blank(1), blank(2)])
    setOpen(false)
    setAsked(true)
  })
  const change = (key: number, part: Partial<Line>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const sum = (side: 'debit' | 'credit') => lines.reduce((total, line) => total + (parseAmount(line[side]) ?? 0n), 0n)
  const debit = sum('debit')
  const off = debit - sum('credit')
  const close = () => {
    setOpen(false)
    clear()
    opener.current?.focus()
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
  })
  useEffect(() => {
    if (!open) return
    const opened = form.current
    opened?.querySelector('select')?.focus()
    opened?.addEventListener('keydown', onKey)
    return () => opened?.removeEventListener('keydown', onKey)
  }, [open])
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const word = (name: string) => String(said.get(name) ?? '').trim()
    await run({
      ...{ entity: word('entity'), currency: word('currency').toUpperCase(), day: word('day'), memo: word('memo') },
      lines: lines.map((line) => ({
        account: line.account,
        ...(line.debit.trim() ? { debit: line.debit.trim() } : {}),
        ...(line.credit.trim() ? { credit: line.credit.trim() } : {}),
      })),
    })
  }
  if (!open)
    return (
      <>
        <button ref={opener} type="button" className="control primary" onClick={() => setOpen(true)}>
          Prepare an entry
        </button>
        {asked ? (
          <output className="text-sm text-muted">Asked for. It is posted when somebody else has approved it.</output>
        ) : null}
      </>
    )
  return (
    <form
      ref={form}
      onSubmit={send}
      aria-label="Prepare an entry"
      className="my-2 w-full max-w-3xl border-l-2 border-accent pl-3"
    >
      <div className="mb-2 grid gap-2 sm:grid-cols-[1fr_7rem_10rem]">
        <label className="text-xs text-muted" htmlFor={`${own}entity`}>
          Entity
          <select id={`${own}entity`} name="entity" className={`${FIELD} mt-0.5 block w-full text-text`} required>
            {entities.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label className="text-xs text-muted" htmlFor={`${own}currency`}>
          Currency
          <input
            id={`${own}currency`}
            name="currency"
            defaultValue={currency}
            required
            maxLength={3}
            className={`${FIELD} mt-0.5 block w-full text-text uppercase`}
          />
        </label>
        <label className="text-xs text-muted" htmlFor={`${own}day`}>
          Day
          <input
            id={`${own}day`}
            name="day"
            type="date"
            max={today}
            defaultValue={today}
            required
            className={`${FIELD} mt-0.5 block w-full text-text`}
          />
        </label>
      </div>
      <table className="w-full text-sm">
        <thead>
          <tr>
            <th scope="col" className="text-left text-xs font-normal text-muted">
              Account
            </th>
            <th scope="col" className="w-28 text-right text-xs font-normal text-muted">
              Debit
            </th>
            <th scope="col" className="w-28 text-right text-xs font-normal text-muted">
              Credit
            </th>
            <th scope="col" className="w-8">
              <span className="sr-only">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={line.key}>
              <td className="py-0.5 pr-1">
                <select
                  aria-label={`Account of line ${index + 1}`}
                  value={line.account}
                  required
                  onChange={(event) => change(line.key, { account: event.target.value })}
                  className={`${FIELD} w-full`}
                >
                  <option value="">Choose</option>
                  {accounts.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              </td>
              {(['debit', 'credit'] as const).map((side) => (
                <td key={side} className="py-0.5 pr-1">
                  <input
                    aria-label={`${side === 'debit' ? 'Debit' : 'Credit'} of line ${index + 1}`}
                    inputMode="decimal"
                    pattern="\d{1,12}(\.\d{1,4})?"
                    title="Digits, and a point before the decimals"
                    value={line[side]}
                    onChange={(event) =>
                      change(line.key, { [side]: event.target.value, [side === 'debit' ? 'credit' : 'debit']: '' })
                    }
                    className={`${FIELD} num w-full text-right`}
                  />
                </td>
              ))}
              <td>
                {lines.length > 2 ? (
                  <button
                    type="button"
                    className="control px-1"
                    aria-label={`Remove line ${index + 1}`}
                    onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
                  >
                    <X size={14} strokeWidth={1.5} aria-hidden="true" />
                  </button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="my-1 flex flex-wrap items-center justify-between gap-2 text-sm">
        <button
          type="button"
          className="control"
          onClick={() => setLines([...lines, blank(Math.max(...lines.map(({ key }) => key)) + 1)])}
        >
          <Plus size={14} strokeWidth={1.5} aria-hidden="true" /> Line
        </button>
        <output className={`num ${off === 0n ? 'text-muted' : 'text-warn'}`}>
          {off === 0n
            ? debit === 0n
              ? 'Nothing entered yet'
              : `Balances at ${formatUnits(debit, 2)}`
            : `${off > 0n ? 'Credits' : 'Debits'} lack ${formatUnits(off > 0n ? off : -off, 2)}`}
        </output>
      </div>
      <label className="block text-xs text-muted" htmlFor={`${own}memo`}>
        What it is for; the approver and the auditor read it
        <input
          id={`${own}memo`}
          name="memo"
          required
          minLength={8}
          maxLength={500}
          className={`${FIELD} mt-0.5 block w-full text-text`}
        />
      </label>
      {refusal ? (
        <p role="alert" className="my-1 border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
      <div className="mt-2 flex gap-2">
        <button type="submit" className="control primary" disabled={busy || off !== 0n || debit === 0n}>
          {busy ? 'Sending' : 'Ask for approval'}
        </button>
        <button type="button" className="control" onClick={close}>
          Close
        </button>
      </div>
    </form>
  )
}
