import { History } from 'lucide-react'

/** Why a desk may still be empty after an import: cases take history over beside the work, some minutes for a million events. */
export function HistoryNotice({ events, count }: { events: number; count: string }) {
  if (events === 0) return null
  return (
    <p className="noprint mb-4 flex items-center gap-2 border-y border-line bg-panel px-3 py-2 text-sm">
      <History size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-warn" />
      <span>
        Imported history is still being taken over into cases: <span className="num">{count}</span> events to go. What
        is shown here is not all yet.
      </span>
    </p>
  )
}
