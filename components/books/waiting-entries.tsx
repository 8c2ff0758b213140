import { EntryLines } from './entry-lines'
import type { WaitingView } from './journal-view'

/** Entries that were asked for and are not in the journal: what waits for whom, and what was refused. */
export function WaitingEntries({ entries }: { entries: readonly WaitingView[] }) {
  if (entries.length === 0) return null
  return (
    <section aria-labelledby="waiting" className="mb-5">
      <h2 id="waiting" className="mb-1 text-md">
        Asked for
      </h2>
      <ul>
        {entries.map((entry) => (
          <li key={entry.id} className="border-t border-line py-2 text-sm">
            <details>
              <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{entry.what}</span>
                <span className="num">{entry.size}</span>
                <span className="text-muted">
                  {entry.state}. {entry.asked}
                </span>
              </summary>
              <table className="mt-1 w-full max-w-xl text-sm">
                <tbody>
                  <EntryLines lines={entry.lines} />
                </tbody>
              </table>
            </details>
          </li>
        ))}
      </ul>
    </section>
  )
}
