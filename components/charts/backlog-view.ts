import { type Formatter, magnitude } from '@/lib/format'
import type { Row } from '@/lib/metrics/types'
import { axis } from './axis'
import type { BarsRow, BarsView } from './bars-view'

/** Facilities by the work that waits in them, longest first: units as bars, days of work as the figure that compares them. */
export function backlogView(
  rows: readonly Row[],
  format: Formatter,
  words: { name: (facility: string) => string; href: (facility: string) => string },
): BarsView {
  const bars = rows
    .map((row) => ({ row, units: magnitude(row.backlog_units) ?? 0, facility: String(row.facility ?? '') }))
    .filter(({ units }) => units > 0)
    .toSorted((a, b) => b.units - a.units)
    .slice(0, 8)
    .map(({ row, units, facility }): BarsRow => {
      const days = row.backlog_days ?? null
      return {
        id: facility,
        label: words.name(facility),
        text: days === null ? format.count(units) : format.days(days),
        href: words.href(facility),
        strong: false,
        spans: [{ id: facility, from: 0, to: units, color: 'var(--s1)' }],
        previous: null,
        facts: [
          { name: 'Units', text: format.count(units) },
          { name: 'Days of work', text: format.decimal(days) },
          { name: 'Value at cost', text: format.money(row.backlog_value) },
        ],
      }
    })
  return { ...axis(bars, format.count), row: 28, rows: bars }
}
