import type { EntryPanelView, EntryView, LineView, WaitingView } from '@/components/books/journal-view'
import { type Actor, can } from '@/lib/auth/actor'
import { type Formatter, formatFor, humanize } from '@/lib/format'
import type { Entry, EntryLine, ManualEntryLine } from '@/lib/workflow/read/journal-types'

const amountIn = (format: Formatter, currency: string) => {
  const own = formatFor({ locale: format.locale, tz: format.tz, currency })
  return (value: string): string => (value === '' ? '' : own.exactAmountCell(value))
}

const linesOf = (lines: readonly EntryLine[], amount: (value: string) => string): LineView[] =>
  lines.map((line) => ({ account: line.name, debit: amount(line.debit), credit: amount(line.credit) }))

/** What an entry is about, in words: its template names the kind of fact that caused it. */
export const whatOf = ({ template, origin }: Pick<Entry, 'template' | 'origin'>): string =>
  origin === 'manual'
    ? ({ reversal: 'Reversal', reconciliation: 'Difference settled' }[template] ?? 'Manual entry')
    : humanize(template)

const caseOf = ({ rmaId, unitId }: Pick<Entry, 'rmaId' | 'unitId'>): string | null =>
  rmaId ? `/returns/${encodeURIComponent(rmaId)}` : unitId ? `/returns/unit/${encodeURIComponent(unitId)}` : null

export const entryView = (entry: Entry, format: Formatter, link: (id: string) => string): EntryView => ({
  id: entry.id,
  href: link(entry.id),
  day: format.dated(entry.occurredAt),
  what: whatOf(entry),
  note: entry.memo,
  caseHref: caseOf(entry),
  caseLabel: entry.rmaId || entry.unitId,
  marks: [
    ...(entry.origin === 'manual' ? [`by ${entry.preparedBy}, approved by ${entry.approvedBy}`] : []),
    ...(entry.late ? [`late, in ${entry.period}`] : []),
    ...(entry.reversedBy ? ['reversed'] : []),
  ],
  currency: entry.currency,
  lines: linesOf(entry.lines, amountIn(format, entry.currency)),
})

const STATES: Readonly<Record<string, string>> = {
  open: 'Waits for approval',
  rejected: 'Rejected',
  expired: 'Nobody answered in time',
  void: 'Asked for anew',
}

export const waitingView = (entry: ManualEntryLine, format: Formatter): WaitingView => ({
  id: entry.id,
  what: `${entry.reverses ? `Reversal of ${entry.reverses}` : entry.memo}`,
  state: entry.state === 'rejected' ? 'Rejected' : (STATES[entry.approval] ?? humanize(entry.approval)),
  asked: `${entry.preparedBy}, ${format.moment(entry.preparedAt)}, for ${format.dated(entry.occurredAt)} in ${entry.entity}.`,
  size: `${amountIn(format, entry.currency)(entry.size)} ${entry.currency}`,
  lines: linesOf(entry.lines, amountIn(format, entry.currency)),
})

export function panelView(
  entry: Entry,
  { actor, format, close, link }: { actor: Actor; format: Formatter; close: string; link: (id: string) => string },
): EntryPanelView {
  const amount = amountIn(format, entry.currency)
  const reversible = entry.origin === 'manual' && !entry.reverses && !entry.reversedBy
  const href = caseOf(entry)
  return {
    title: whatOf(entry),
    subtitle: entry.id,
    close,
    currency: entry.currency,
    lines: linesOf(entry.lines, amount),
    total: amount(entry.size),
    facts: [
      ...(entry.memo ? [{ label: 'For', value: entry.memo }] : []),
      ...(href ? [{ label: 'Return', value: entry.rmaId || entry.unitId, href }] : []),
      { label: 'Cause', value: entry.cause },
      { label: 'Entity', value: entry.entity },
      { label: 'Occurred', value: format.instant(entry.occurredAt) },
      { label: 'Period', value: entry.late ? `${entry.period}, since its own was closed` : entry.period },
      { label: 'Posted', value: format.instant(entry.postedAt) },
      { label: 'Prepared by', value: humanize(entry.preparedBy) },
      ...(entry.approvedBy ? [{ label: 'Approved by', value: humanize(entry.approvedBy) }] : []),
      ...(entry.reverses ? [{ label: 'Reverses', value: entry.reverses, href: link(entry.reverses) }] : []),
      ...(entry.reversedBy ? [{ label: 'Reversed by', value: entry.reversedBy, href: link(entry.reversedBy) }] : []),
    ],
    action:
      reversible && can(actor, 'journal:prepare')
        ? {
            command: 'journal.reverse',
            title: 'Reverse',
            button: 'Ask for approval',
            given: { entryId: entry.id },
            fields: [{ name: 'memo', label: 'Why it is taken back', kind: 'long', required: true }],
          }
        : null,
    closed: reversible
      ? can(actor, 'journal:prepare')
        ? ''
        : 'An accountant reverses it, and a controller approves that.'
      : entry.origin === 'automatic'
        ? 'It comes from a case and is corrected there: the difference is posted by itself.'
        : entry.reversedBy
          ? 'It is reversed.'
          : '',
  }
}
