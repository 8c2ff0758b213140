import { humanize } from '@/lib/format'
import type { RowChange } from '@/lib/returns/policy-diff'
import { ScrollRegion } from '../ui/scroll-region'

const STATES = { same: '', added: 'new', removed: 'gone', changed: 'changed', moved: 'moved' } as const
const TONES = { same: '', added: 'bg-better', removed: 'bg-worse', changed: 'bg-warn', moved: 'bg-field' } as const

/** A version as a table; beside another version, what came, went and changed is marked, with what it was. */
export function PolicyTable({
  inputs,
  outputs,
  changes,
}: {
  inputs: readonly string[]
  outputs: readonly string[]
  changes: readonly RowChange[]
}) {
  // Columns that no row uses say nothing.
  const used = inputs.filter((input) => changes.some(({ row, was }) => row.when[input] || was[input] !== undefined))
  return (
    <ScrollRegion label="Rows of the policy" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-xs">
        <thead>
          <tr>
            <th scope="col" className="cell-head cell-sticky text-left">
              Row
            </th>
            {used.map((input) => (
              <th key={input} scope="col" className="cell-head text-left">
                {humanize(input)}
              </th>
            ))}
            {outputs.map((output) => (
              <th key={output} scope="col" className="cell-head bg-panel text-left">
                {humanize(output)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ row, state, was }) => (
            <tr key={row.id} className="row" tabIndex={-1}>
              <th scope="row" className="cell cell-sticky h-auto max-w-72 min-w-52 py-1 text-left font-normal">
                <span className={`font-medium ${state === 'removed' ? 'line-through' : ''}`}>{row.id}</span>
                {STATES[state] ? (
                  <span className="ml-1.5 inline-flex items-center gap-1 text-2xs text-muted">
                    <i className={`mark size-1.5 rounded-full ${TONES[state]}`} aria-hidden="true" />
                    {STATES[state]}
                  </span>
                ) : null}
                <span className="block text-2xs whitespace-normal text-muted">{row.note}</span>
              </th>
              {used.map((input) => (
                <Cell key={input} text={row.when[input] ?? ''} was={was[input]} />
              ))}
              {outputs.map((output) => (
                <Cell key={output} text={row.gives[output] ?? ''} was={was[output]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

function Cell({ text, was }: { text: string; was: string | undefined }) {
  return (
    <td
      className={`cell h-auto max-w-52 py-1 text-left align-top whitespace-normal ${was === undefined ? '' : 'bg-sel'}`}
    >
      {was === undefined ? null : <del className="block text-muted">{was || 'empty'}</del>}
      {was !== undefined && text === '' ? 'empty' : text}
    </td>
  )
}
