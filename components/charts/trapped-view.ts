import { type Formatter, humanize, magnitude } from '@/lib/format'
import { AGE_BUCKETS, type TrappedByAge } from '@/lib/metrics/overview-types'
import { axis } from './axis'
import type { BarsView } from './bars-view'

/** A status keeps its colour on every page. */
export const STATUS_COLORS: Record<string, string> = {
  received: 'var(--s1)',
  hold: 'var(--s2)',
  quarantine: 'var(--s3)',
  refurbish: 'var(--s4)',
  vendor: 'var(--s5)',
  liquidation: 'var(--s6)',
}

/** Age buckets as rows, oldest last; statuses stacked from zero. */
export function trappedView(
  trapped: TrappedByAge,
  format: Formatter,
  href: (bucket: string) => string,
): BarsView & { legend: { status: string; label: string; color: string; text: string }[] } {
  const statuses = Object.keys(STATUS_COLORS)
  const total = magnitude(trapped.total.value) ?? 0
  const rows = AGE_BUCKETS.map((bucket) => {
    let from = 0
    const cells = statuses.flatMap((status) => {
      const cell = trapped.cells.find((c) => c.bucket === bucket && c.status === status)
      return cell ? [{ ...cell, size: magnitude(cell.value) ?? 0 }] : []
    })
    const sum = cells.reduce((a, cell) => a + cell.size, 0)
    const spans = cells.map((cell) => {
      const span = { id: cell.status, from, to: from + cell.size, color: STATUS_COLORS[cell.status] ?? 'var(--prior)' }
      from = span.to
      return span
    })
    return {
      id: bucket,
      label: `${bucket}\u00a0days`,
      text: format.compactMoney(sum),
      href: href(bucket),
      strong: false,
      spans,
      previous: null,
      facts: [
        ...cells.map((cell) => ({ name: humanize(cell.status), text: format.money(cell.value) })),
        { name: 'Together', text: format.money(sum) },
        { name: 'Share', text: total > 0 ? format.percent(sum / total) : '–' },
        { name: 'Units', text: format.count(cells.reduce((a, cell) => a + cell.units, 0)) },
      ],
    }
  })
  const legend = statuses.flatMap((status) => {
    const sum = trapped.cells
      .filter((cell) => cell.status === status)
      .reduce((a, cell) => a + (magnitude(cell.value) ?? 0), 0)
    return sum > 0
      ? [{ status, label: humanize(status), color: STATUS_COLORS[status] ?? '', text: format.compactMoney(sum) }]
      : []
  })
  return { ...axis(rows, format.compactMoney), row: 30, rows, legend }
}
