import { TriangleAlert } from 'lucide-react'
import type { Unread } from './view-state'

/** What of the address was not understood: without it the page answers another question, and its reader must know. */
export function UnreadNotice({ unread }: { unread: readonly Unread[] }) {
  if (unread.length === 0) return null
  return (
    <div role="alert" className="mb-4 border-y border-line bg-panel px-3 py-2 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <TriangleAlert size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-warn" />
        {unread.length === 1
          ? 'A part of this address could not be read. The page is without it.'
          : `${unread.length} parts of this address could not be read. The page is without them.`}
      </p>
      <ul className="mt-1 max-w-[90ch] text-xs text-muted">
        {unread.map(({ text, why }) => (
          <li key={text}>
            <code className="break-all text-ink">{text}</code> {why}
          </li>
        ))}
      </ul>
    </div>
  )
}
