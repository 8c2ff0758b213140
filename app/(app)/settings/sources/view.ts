import type { ShownKey } from '@/components/settings/api-keys'
import type { ShownSource } from '@/components/settings/source-table'
import { type Formatter, NONE } from '@/lib/format'
import type { Delivery, KeyLine, SourceLine } from '@/lib/workflow/read/sources-types'

/** Seconds as people say them: "12 s", "12 min", "3.5 h", "2.1 d". */
function span(seconds: number, format: Formatter): string {
  if (seconds < 1) return 'under 1 s'
  if (seconds < 60) return `${format.count(seconds)} s`
  if (seconds < 3600) return `${format.count(seconds / 60)} min`
  return seconds < 86_400 ? `${format.decimal(seconds / 3600)} h` : format.days(seconds / 86_400)
}

export const shownSource = (
  line: SourceLine,
  format: Formatter,
  review: (own: Record<string, string>) => string,
): ShownSource => ({
  ...line,
  name: line.source === '/backhaul/workflow' ? 'Work in Backhaul itself' : line.source || 'Unreadable',
  last: line.lastAt ? format.moment(line.lastAt) : 'Never',
  count: format.count(line.events),
  lag: line.lagSeconds === null ? NONE : span(line.lagSeconds, format),
  refusedHref: review({ source: line.source }),
  refusedWords: format.count(line.refused),
  conflictsHref: review({ source: line.source, reason: 'business_conflict' }),
  conflictsWords: format.count(line.conflicts),
})

export const shownKey = (key: KeyLine, format: Formatter): ShownKey => ({
  ...key,
  until: format.dated(key.expiresAt),
  used: key.lastUsedAt ? format.moment(key.lastUsedAt) : 'Never',
})

/** How far behind delivery is, in a sentence. */
export function deliveryWords(
  { unsealed, toFigures, toCases, audit }: Delivery,
  format: Formatter,
  now = Date.now(),
): string {
  const behind = (what: string, { batches, oldest }: Delivery['toFigures']) =>
    batches === 0 || oldest === null
      ? []
      : [
          `${format.count(batches)} ${batches === 1 ? 'batch waits' : 'batches wait'} for ${what}, the oldest for ${span(Math.max(0, now - Date.parse(oldest)) / 1000, format)}`,
        ]
  const late = [
    ...(unsealed > 0
      ? [`${format.count(unsealed)} ${unsealed === 1 ? 'event is' : 'events are'} about to be delivered`]
      : []),
    ...behind('the figures', toFigures),
    ...behind('the cases', toCases),
  ]
  const looked = audit
    ? ` What is served was last compared with its events ${format.moment(audit.at)}: ${audit.repaired === 0 ? 'nothing differed' : `${format.count(audit.repaired)} rows differed and were derived again`}.`
    : ''
  return `${late.length === 0 ? 'Everything accepted is in the figures and in the cases.' : `${late.join('; ')}.`}${looked}`
}
