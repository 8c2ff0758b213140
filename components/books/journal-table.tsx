import { ScrollRegion } from '../ui/scroll-region'
import { EntryLines } from './entry-lines'
import type { EntryView } from './journal-view'

/** The journal, latest first: each entry with what caused it and its lines. */
export function JournalTable({ entries }: { entries: readonly EntryView[] }) {
  return (
    <ScrollRegion label="Entries" rows className="table-box max-w-5xl">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className="cell-head w-28 text-left max-sm:hidden">
              Day
            </th>
            <th scope="col" className="cell-head text-left">
              Entry
            </th>
            <th scope="col" className="cell-head w-32 text-right">
              Debit
            </th>
            <th scope="col" className="cell-head w-32 text-right">
              Credit
            </th>
          </tr>
        </thead>
        {entries.map((entry) => (
          <tbody key={entry.id}>
            <tr className="row" tabIndex={-1}>
              <td className="cell border-t border-line text-left whitespace-nowrap max-sm:hidden">{entry.day}</td>
              <th scope="rowgroup" colSpan={3} className="cell h-auto border-t border-line py-1 text-left font-normal">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <a className="link font-medium" href={entry.href}>
                    {entry.what}
                  </a>
                  <span className="text-muted sm:hidden">{entry.day}</span>
                  {entry.caseHref ? (
                    <a className="link" href={entry.caseHref}>
                      {entry.caseLabel}
                    </a>
                  ) : null}
                  {entry.marks.map((mark) => (
                    <span key={mark} className="text-2xs text-muted">
                      {mark}
                    </span>
                  ))}
                  <span className="ml-auto text-2xs text-muted">{entry.currency}</span>
                </span>
                {entry.note ? (
                  <span className="block max-w-[90ch] truncate text-xs text-muted">{entry.note}</span>
                ) : null}
              </th>
            </tr>
            <EntryLines lines={entry.lines} />
          </tbody>
        ))}
      </table>
    </ScrollRegion>
  )
}
