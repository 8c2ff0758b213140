import { humanize } from '@/lib/format'

const BAD = new Set(['problem', 'lost', 'failed', 'unknown', 'rejected', 'high', 'overdue'])
const WAITING = new Set(['proposed', 'part_received', 'part_paid', 'requested', 'medium', 'submitting', 'reserved'])
const GOOD = new Set(['paid', 'closed', 'done', 'approved', 'resolved', 'restocked'])

/** A status as a word with a mark: the mark repeats what the word says, never more. */
export function StatusWord({ status }: { status: string }) {
  const tone = BAD.has(status)
    ? 'bg-worse'
    : WAITING.has(status)
      ? 'bg-warn'
      : GOOD.has(status)
        ? 'bg-better'
        : 'bg-field'
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <i className={`mark size-1.5 shrink-0 rounded-full ${tone}`} aria-hidden="true" />
      {humanize(status)}
    </span>
  )
}
