import type { LineView } from './journal-view'

/** The lines of one entry, debits first, as bookkeepers write them: credits stand further in. */
export function EntryLines({ lines }: { lines: readonly LineView[] }) {
  return lines.map((line) => (
    <tr key={line.account}>
      <td className="max-sm:hidden" aria-hidden="true" />
      <th scope="row" className={`cell h-6 text-left font-normal ${line.credit ? 'pl-6 text-muted' : ''}`}>
        {line.account}
      </th>
      <td className="cell h-6 text-right">{line.debit}</td>
      <td className="cell h-6 text-right">{line.credit}</td>
    </tr>
  ))
}
