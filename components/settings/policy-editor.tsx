'use client'
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { humanize } from '@/lib/format'
import type { TextRow } from '@/lib/returns/policy-text'
import { readRows } from '@/lib/returns/policy-text'
import { useCommand } from '../actions/use-command'

export interface PolicyEditorProps {
  readonly kind: string
  readonly version: number
  readonly hash: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly rows: readonly TextRow[]
}

const CELL =
  'w-full rounded border border-transparent bg-transparent px-1 py-0.5 text-xs hover:border-field focus:border-field'

/** A draft as a table that is typed into. Every cell that cannot be read says so at once, and nothing with such a cell is saved. */
export function PolicyEditor({ kind, version, hash, inputs, outputs, rows }: PolicyEditorProps) {
  const [draft, setDraft] = useState<readonly TextRow[]>(rows)
  const [seen, setSeen] = useState(hash)
  const [saved, setSaved] = useState(false)
  const { run, busy, refusal } = useCommand<{ hash: string }>('policy.edit', (result) => {
    setSeen(result.hash)
    setSaved(true)
  })
  const read = readRows({ inputs, outputs }, draft)
  const faults = 'faults' in read ? read.faults : []
  const faultAt = (row: string, column: string) => faults.find((each) => each.row === row && each.column === column)
  const change = (index: number, to: TextRow) => {
    setSaved(false)
    setDraft(draft.map((row, at) => (at === index ? to : row)))
  }
  const put = (next: readonly TextRow[]) => {
    setSaved(false)
    setDraft(next)
  }
  const move = (index: number, by: number) => {
    const next = [...draft]
    const [row] = next.splice(index, 1)
    if (row) next.splice(index + by, 0, row)
    put(next)
  }
  const blank = (): TextRow => ({
    id: `row-${draft.length + 1}`,
    note: '',
    when: Object.fromEntries(inputs.map((input) => [input, ''])),
    gives: { ...(draft.at(-1)?.gives ?? Object.fromEntries(outputs.map((output) => [output, '']))) },
  })
  const cell = (row: TextRow, index: number, column: string, value: string, to: (text: string) => TextRow) => {
    const fault = faultAt(row.id, column)
    return (
      <td key={column} className={`cell px-0 text-left ${fault ? 'bg-sel' : ''}`}>
        <input
          aria-label={`${humanize(column)} of ${row.id}`}
          aria-invalid={fault ? true : undefined}
          title={fault ? `${humanize(column)} ${fault.message}` : value}
          value={value}
          onChange={(event) => change(index, to(event.target.value))}
          className={`${CELL} ${fault ? 'border-worse' : ''} ${column === 'note' ? 'min-w-72' : 'min-w-24'}`}
        />
      </td>
    )
  }
  return (
    <>
      <p className="mb-2 max-w-[90ch] text-xs text-muted">
        Rows are read from the top; the first whose every condition holds decides. A condition is a list (a | b), its
        opposite (not a | b), a range with both ends in it (5 .. 10, .. 30, 12 ..), or yes or no. An empty cell is no
        condition.
      </p>
      <section aria-label="Draft" className="table-box overflow-x-auto" tabIndex={-1}>
        <table className="border-separate border-spacing-0 text-xs">
          <thead>
            <tr>
              <th scope="col" className="cell-head cell-sticky min-w-36 text-left">
                Row
              </th>
              {inputs.map((input) => (
                <th key={input} scope="col" className="cell-head text-left">
                  {humanize(input)}
                </th>
              ))}
              {outputs.map((output) => (
                <th key={output} scope="col" className="cell-head bg-panel text-left">
                  {humanize(output)}
                </th>
              ))}
              <th scope="col" className="cell-head text-left">
                What it is for
              </th>
              <th scope="col" className="cell-head">
                <span className="sr-only">Order</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row's name is what is being typed, its place is what it is
              <tr key={index}>
                <th scope="row" className="cell cell-sticky px-0 text-left font-normal">
                  <input
                    aria-label={`Name of row ${index + 1}`}
                    aria-invalid={faultAt(row.id, 'id') ? true : undefined}
                    value={row.id}
                    onChange={(event) => change(index, { ...row, id: event.target.value })}
                    className={`${CELL} num`}
                  />
                </th>
                {inputs.map((input) =>
                  cell(row, index, input, row.when[input] ?? '', (text) => ({
                    ...row,
                    when: { ...row.when, [input]: text },
                  })),
                )}
                {outputs.map((output) =>
                  cell(row, index, output, row.gives[output] ?? '', (text) => ({
                    ...row,
                    gives: { ...row.gives, [output]: text },
                  })),
                )}
                {cell(row, index, 'note', row.note, (text) => ({ ...row, note: text }))}
                <td className="cell whitespace-nowrap">
                  <button
                    type="button"
                    className="control px-1"
                    disabled={index === 0}
                    aria-label={`Move ${row.id} up`}
                    onClick={() => move(index, -1)}
                  >
                    <ArrowUp size={14} strokeWidth={1.5} aria-hidden="true" />
                  </button>
                  <button
                    type="button"
                    className="control px-1"
                    disabled={index === draft.length - 1}
                    aria-label={`Move ${row.id} down`}
                    onClick={() => move(index, 1)}
                  >
                    <ArrowDown size={14} strokeWidth={1.5} aria-hidden="true" />
                  </button>
                  <button
                    type="button"
                    className="control px-1"
                    aria-label={`Remove ${row.id}`}
                    onClick={() => put(draft.filter((_, at) => at !== index))}
                  >
                    <X size={14} strokeWidth={1.5} aria-hidden="true" />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <button type="button" className="control" onClick={() => put([blank(), ...draft])}>
          <Plus size={14} strokeWidth={1.5} aria-hidden="true" /> Row at the top
        </button>
        <button type="button" className="control" onClick={() => put([...draft, blank()])}>
          <Plus size={14} strokeWidth={1.5} aria-hidden="true" /> Row at the end
        </button>
        <button
          type="button"
          className="control primary"
          disabled={busy || faults.length > 0 || draft === rows}
          onClick={() => void run({ kind, version, seen, rows: draft })}
        >
          {busy ? 'Saving' : 'Save the draft'}
        </button>
        <output className="text-sm text-muted">
          {faults.length > 0
            ? `${faults.length} ${faults.length === 1 ? 'cell' : 'cells'} cannot be read: ${faults[0]?.row}, ${humanize(faults[0]?.column)} ${faults[0]?.message}.`
            : saved
              ? 'Saved.'
              : ''}
        </output>
      </div>
      {refusal ? (
        <p role="alert" className="mt-2 border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
    </>
  )
}
