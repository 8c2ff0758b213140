'use client'
import { useState } from 'react'
import { CSV_START, csvLine } from '@/lib/csv-line'
import type { BulkOutcome } from '@/lib/workflow/read/bulk-types'
import { ScrollRegion } from '../ui/scroll-region'

const STATES = { created: 'Created', repeated: 'Created before', ready: 'Ready', refused: 'Refused' } as const
const MARKS = { created: 'bg-better', repeated: 'bg-better', ready: 'bg-field', refused: 'bg-worse' } as const
const EXAMPLE = 'order_id,order_line_id,sku,quantity,reason,note'

/** A file of returns: checked first, then created, with what became of every row. */
export function BulkForm() {
  const [csv, setCsv] = useState('')
  const [outcomes, setOutcomes] = useState<readonly BulkOutcome[] | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  const checked = outcomes?.some(({ state }) => state === 'ready' || state === 'refused') === true
  const ready = outcomes?.filter(({ state }) => state === 'ready').length ?? 0
  async function send(check: boolean) {
    setBusy(true)
    setFailure('')
    const answer: { outcomes?: BulkOutcome[]; error?: { message: string } } = await fetch('/api/v1/returns/bulk', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ csv, check }),
    })
      .then((response) => response.json())
      .catch(() => ({
        error: { message: 'The server could not be reached. Send it again: what was created is not created twice.' },
      }))
    setBusy(false)
    if (answer.error) setFailure(answer.error.message)
    else setOutcomes(answer.outcomes ?? [])
  }
  function download() {
    const lines = (outcomes ?? []).map(({ rows, orderId, state, rmaId, code, message }) =>
      csvLine([rows.join(' '), orderId, STATES[state], rmaId, code, message]),
    )
    const file = new Blob([CSV_START, csvLine(['rows', 'order_id', 'outcome', 'rma_id', 'code', 'message']), ...lines])
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = 'returns_outcome.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <div>
      <label className="text-xs text-muted" htmlFor="bulk-csv">
        A CSV file, pasted or chosen: {EXAMPLE}. A row names its order_line_id or its sku; rows of one order become one
        return.
        <textarea
          id="bulk-csv"
          value={csv}
          rows={8}
          onChange={(event) => {
            setCsv(event.target.value)
            setOutcomes(null)
          }}
          placeholder={`${EXAMPLE}\nO-10023,,AP-1004-M,1,too_small,`}
          className="field num mt-1 block w-full max-w-3xl text-text"
        />
      </label>
      <div className="my-2 flex flex-wrap items-center gap-2">
        <input
          type="file"
          accept=".csv,text/csv"
          aria-label="Choose a CSV file"
          className="text-sm"
          onChange={async (event) => {
            const [file] = event.target.files ?? []
            if (!file) return
            setCsv(await file.text())
            setOutcomes(null)
          }}
        />
        <button type="button" className="control" disabled={busy || csv.trim() === ''} onClick={() => void send(true)}>
          {busy ? 'Sending' : 'Check'}
        </button>
        <button
          type="button"
          className="control primary"
          disabled={busy || ready === 0}
          onClick={() => void send(false)}
        >
          Create {ready > 0 ? ready : ''} {ready === 1 ? 'return' : 'returns'}
        </button>
        {outcomes && !busy ? (
          <button type="button" className="control" onClick={download}>
            Outcome as CSV
          </button>
        ) : null}
      </div>
      {failure ? (
        <p role="alert" className="border-l-2 border-worse pl-2 text-sm">
          {failure}
        </p>
      ) : null}
      {outcomes ? (
        <>
          <output className="block text-sm text-muted">
            {checked && ready > 0 ? `${ready} can be created.` : null} {summary(outcomes)}
          </output>
          <ScrollRegion label="Outcome" rows className="table-box max-w-5xl">
            <table className="w-full border-separate border-spacing-0 text-sm">
              <thead>
                <tr>
                  {['Rows', 'Order', 'Outcome', 'What to do'].map((label) => (
                    <th key={label} scope="col" className="cell-head text-left">
                      {label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {outcomes.map((each) => (
                  <tr key={each.orderId} className="row" tabIndex={-1}>
                    <td className="cell num text-left text-muted">{each.rows.join(', ')}</td>
                    <th scope="row" className="cell text-left font-normal">
                      {each.orderId}
                    </th>
                    <td className="cell text-left whitespace-nowrap">
                      <i
                        className={`mark mr-1.5 inline-block size-1.5 rounded-full ${MARKS[each.state]}`}
                        aria-hidden="true"
                      />
                      {each.rmaId ? (
                        <a className="link" href={`/returns/${encodeURIComponent(each.rmaId)}`}>
                          {each.rmaId}
                        </a>
                      ) : (
                        STATES[each.state]
                      )}
                    </td>
                    <td className="cell text-left text-muted">{each.message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      ) : null}
    </div>
  )
}

function summary(outcomes: readonly BulkOutcome[]): string {
  const count = (state: BulkOutcome['state']) => outcomes.filter((each) => each.state === state).length
  return (['created', 'repeated', 'refused'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${STATES[state].toLowerCase()}`)
    .join(', ')
}
