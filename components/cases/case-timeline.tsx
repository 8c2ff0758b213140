import { humanize } from '@/lib/format'
import type { CaseView, TimelineEntry } from '@/lib/workflow/read/case-types'

const OWN = '/backhaul/workflow'

/** Everything that happened, latest first: when, what, by whom, told by which system, why, and the data as it came for those who look. */
export function CaseTimeline({ view, instant }: { view: CaseView; instant: (iso: string) => string }) {
  const several = view.units.length > 1
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="mb-2 text-md">
        Timeline
      </h2>
      <ol>
        {[...view.timeline].reverse().map((entry) => (
          <Entry key={entry.key} entry={entry} several={several} instant={instant} />
        ))}
      </ol>
    </section>
  )
}

function Entry({
  entry,
  several,
  instant,
}: {
  entry: TimelineEntry
  several: boolean
  instant: (iso: string) => string
}) {
  const source = entry.source === OWN ? 'Backhaul' : entry.source
  return (
    <li className="grid grid-cols-[9.5rem_1fr] gap-x-3 border-t border-line py-1.5 text-sm max-sm:grid-cols-1">
      <time dateTime={entry.at} className="num text-muted">
        {instant(entry.at)}
      </time>
      <div className="min-w-0">
        <p className={entry.voided ? 'text-muted line-through' : ''}>
          {entry.what}
          {entry.voided ? <span className="sr-only"> (taken back)</span> : null}
        </p>
        <details className="text-xs text-muted">
          <summary className="cursor-pointer">
            {entry.who && entry.who !== source ? `${entry.who}, ` : ''}
            {source}
            {several && entry.unitId ? `, ${entry.unitId}` : ''}
            {entry.why ? `. ${humanize(entry.why)}` : ''}
          </summary>
          <p className="pt-1">
            {entry.type}, {entry.unitId}
          </p>
          <pre className="overflow-x-auto whitespace-pre-wrap break-all py-1 text-faint">
            {JSON.stringify(JSON.parse(entry.data), null, 2)}
          </pre>
        </details>
      </div>
    </li>
  )
}
