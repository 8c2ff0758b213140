import { humanize } from '@/lib/format'

const BAD = new Set(['problem', 'lost', 'failed', 'unknown', 'rejected', 'high', 'overdue'])
const WAITING = new Set(['proposed', 'part_received', 'part_paid', 'requested', 'medium', 'submitting', 'reserved'])
const GOOD = new Set(['paid', 'closed', 'done', 'approved', 'resolved', 'restocked'])

const TONE = { worse: 'bg-worse', warn: 'bg-warn', better: 'bg-better', plain: 'bg-field' } as const

/** How a status is marked: bad, waiting, done, or none of these. */
export const markOf = (status: string): keyof typeof TONE =>
  BAD.has(status) ? 'worse' : WAITING.has(status) ? 'warn' : GOOD.has(status) ? 'better' : 'plain'

/** A status as a word with a mark: the mark repeats what the word says, never more. */
export function StatusWord({ status }: { status: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <i className={`mark size-1.5 shrink-0 rounded-full ${TONE[markOf(status)]}`} aria-hidden="true" />
      {humanize(status)}
    </span>
  )
}
