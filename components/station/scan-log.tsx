'use client'
import type { Entry } from './entry'

const SIGN = { right: '✓', wrong: '✗', ask: '?', info: '›' } as const

/** The last scans, newest first, and above them those that still need a person. */
export function ScanLog({ entries, onOpen }: { entries: readonly Entry[]; onOpen: (entry: Entry) => void }) {
  const open = entries.filter(needsSomebody)
  const recent = entries.filter((entry) => !needsSomebody(entry)).slice(0, 30)
  return (
    <>
      {open.length > 0 ? (
        <section aria-labelledby="needs-you">
          <h2 id="needs-you" className="st-h">
            Needs you <b className="num">{open.length}</b>
          </h2>
          <ul className="st-log">
            {open.map((entry) => (
              <li key={entry.id}>
                <button type="button" className="st-row" data-tone={entry.tone} onClick={() => onOpen(entry)}>
                  <Row entry={entry} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-labelledby="last-scans">
        <h2 id="last-scans" className="st-h">
          Last scans
        </h2>
        {recent.length === 0 ? <p className="st-muted">Nothing yet.</p> : null}
        <ol className="st-log">
          {recent.map((entry) => (
            <li key={entry.id} className="st-row" data-tone={entry.state === 'waiting' ? 'waiting' : entry.tone}>
              <Row entry={entry} />
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

/** Whether an entry waits for a decision: errors stay until somebody has acted on them. */
export const needsSomebody = (entry: Entry): boolean =>
  entry.state === 'sent' && !entry.settled && (entry.tone === 'wrong' || entry.tone === 'ask')

function Row({ entry }: { entry: Entry }) {
  const waits = entry.state === 'waiting'
  const code = entry.action.type === 'scan' ? entry.action.code : entry.action.label
  return (
    <>
      <span className="st-dot" aria-hidden="true">
        {waits ? '…' : entry.state === 'cancelled' ? '–' : SIGN[entry.tone ?? 'info']}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate">
          {waits ? code : entry.state === 'cancelled' ? `${code}, taken back` : (entry.title ?? code)}
        </span>
        <span className="st-muted block truncate">{waits ? 'waits to be sent' : code}</span>
      </span>
    </>
  )
}
