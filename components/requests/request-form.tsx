'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { humanize } from '@/lib/format'
import { REASONS } from '@/lib/returns/codes'
import type { OrderView, PreviewLine } from '@/lib/workflow/read/orders-types'
import { useCommand } from '../actions/use-command'
import { PreviewOfLine } from './preview-line'

interface Asked {
  readonly quantity: number
  readonly reason: string
  readonly comment: string
}

const PAUSE_MS = 200

/** What comes back of an order, line by line, with what the policy says of it as one types. */
export function RequestForm({ order }: { order: OrderView }) {
  const own = useId()
  const router = useRouter()
  const [asked, setAsked] = useState<Readonly<Record<string, Asked>>>({})
  const [returnType, setReturnType] = useState('refund')
  const [preview, setPreview] = useState<readonly PreviewLine[]>([])
  const { run, busy, refusal } = useCommand<{ rmaId: string }>('return.request', ({ rmaId }) =>
    router.push(`/returns/${encodeURIComponent(rmaId)}`),
  )
  const lines = order.lines.flatMap(({ id }) => {
    const line = asked[id]
    return line && line.quantity > 0 && line.reason ? [{ orderLineId: id, ...line }] : []
  })
  const input = JSON.stringify({ orderId: order.id, returnType, lines })
  const none = lines.length === 0
  useEffect(() => {
    if (none) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      fetch('/api/v1/returns/preview', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: input,
        signal: abort.signal,
      })
        .then((response) => response.json())
        .then((answer: { lines?: PreviewLine[] }) => setPreview(answer.lines ?? []))
        .catch(() => {
          // A newer line was typed, or the server is away: it is judged again when it is sent.
        })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [input, none])
  const change = (id: string, part: Partial<Asked>) =>
    setAsked({ ...asked, [id]: { ...(asked[id] ?? { quantity: 0, reason: '', comment: '' }), ...part } })
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    await run(JSON.parse(input))
  }
  const shown = none ? [] : preview.filter(({ orderLineId }) => lines.some((line) => line.orderLineId === orderLineId))
  const stopped = shown.some(({ fault }) => fault !== '')
  return (
    <form onSubmit={send} aria-label={`Return of order ${order.id}`}>
      <ul className="border-b border-line">
        {order.lines.map((line) => {
          const mine = asked[line.id]
          const said = shown.find(({ orderLineId }) => orderLineId === line.id)
          return (
            <li key={line.id} className="border-t border-line py-2">
              <div className="flex flex-wrap items-end gap-x-4 gap-y-2 text-sm">
                <div className="min-w-52 grow">
                  <span className="font-medium">{line.name || line.sku}</span>
                  <span className="block text-xs text-muted">
                    {line.sku}, {line.price} {line.currency} each,{' '}
                    {line.left === 0 ? 'all in returns already' : `${line.left} of ${line.quantity} can come back`}
                  </span>
                </div>
                <label className="text-xs text-muted" htmlFor={`${own}${line.id}n`}>
                  Pieces
                  <input
                    id={`${own}${line.id}n`}
                    type="number"
                    min={0}
                    max={line.left}
                    disabled={line.left === 0}
                    value={mine?.quantity ?? 0}
                    onChange={(event) =>
                      change(line.id, { quantity: Math.max(0, Math.trunc(Number(event.target.value))) })
                    }
                    className="field num mt-0.5 block w-20 text-right text-text"
                  />
                </label>
                <label className="text-xs text-muted" htmlFor={`${own}${line.id}r`}>
                  Why
                  <select
                    id={`${own}${line.id}r`}
                    disabled={line.left === 0}
                    required={(mine?.quantity ?? 0) > 0}
                    value={mine?.reason ?? ''}
                    onChange={(event) =>
                      change(line.id, {
                        reason: event.target.value,
                        quantity: mine?.quantity || Math.min(1, line.left),
                      })
                    }
                    className="field mt-0.5 block w-44 text-text"
                  >
                    <option value="">Choose</option>
                    {REASONS.map((reason) => (
                      <option key={reason} value={reason}>
                        {humanize(reason)}
                      </option>
                    ))}
                  </select>
                </label>
                <label className="text-xs text-muted" htmlFor={`${own}${line.id}c`}>
                  {mine?.reason === 'other' ? 'In a few words' : 'Note'}
                  <input
                    id={`${own}${line.id}c`}
                    disabled={line.left === 0}
                    required={mine?.reason === 'other'}
                    minLength={mine?.reason === 'other' ? 3 : undefined}
                    maxLength={2000}
                    value={mine?.comment ?? ''}
                    onChange={(event) => change(line.id, { comment: event.target.value })}
                    className="field mt-0.5 block w-52 text-text"
                  />
                </label>
              </div>
              {said ? <PreviewOfLine line={said} /> : null}
            </li>
          )
        })}
      </ul>
      <div className="mt-3 flex flex-wrap items-end gap-3">
        <label className="text-xs text-muted" htmlFor={`${own}type`}>
          The customer wants
          <select
            id={`${own}type`}
            value={returnType}
            onChange={(event) => setReturnType(event.target.value)}
            className="field mt-0.5 block text-text"
          >
            <option value="refund">Money back</option>
            <option value="exchange">Another piece</option>
            <option value="store_credit">Store credit</option>
            <option value="warranty">A warranty repair</option>
          </select>
        </label>
        <button type="submit" className="control primary" disabled={busy || none || stopped}>
          {busy ? 'Sending' : 'Create the return'}
        </button>
        {none ? <p className="text-sm text-muted">Choose what comes back and why.</p> : null}
      </div>
      {refusal ? (
        <p role="alert" className="mt-2 border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
    </form>
  )
}
