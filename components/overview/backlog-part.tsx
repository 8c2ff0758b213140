import { magnitude } from '@/lib/format'
import type { QueryResult } from '@/lib/metrics/types'
import { backlogView } from '../charts/backlog-view'
import { BarsChart } from '../charts/bars'
import { ChartFrame } from '../charts/frame'
import { href, withFilter } from '../filters/view-state'
import { PanelMessage, Section } from '../ui/panel'
import type { PageContext } from './figure'
import { type OverviewProps, toggles } from './parts'

/** Where work waits: units received and not decided on, and how many days of work that is at the pace of late. */
export function BacklogPart(props: OverviewProps) {
  const { backlog, context, links, asTable } = props
  const { format, state, name } = context
  const rows = backlog.state === 'ok' ? backlog.data.rows : []
  if (backlog.state !== 'ok' || rows.length === 0) {
    const panel = backlog.state === 'ok' ? { state: 'no_match' as const, filters: [] } : backlog
    return (
      <Section id="backlog" title="Backlog by facility">
        <PanelMessage panel={panel} links={links} height={120} />
      </Section>
    )
  }
  const view = backlogView(backlog.data.rows, format, {
    name: (facility) => name('facility', facility),
    href: (facility) =>
      href('/rows', state, { filters: withFilter(state, 'facility', [facility]) }, { metric: 'backlog_units' }),
  })
  const sentence = words(backlog.data, context)
  return (
    <ChartFrame
      id="backlog"
      title="Backlog by facility"
      sentence={sentence}
      legend="bars: units, at the right: days of work"
      table={{
        head: ['Facility', 'Units', 'Days of work', `Value at cost ${format.currency}`],
        rows: backlog.data.rows.map((row) => ({
          id: String(row.facility),
          cells: [
            name('facility', String(row.facility ?? '')),
            format.count(row.backlog_units),
            format.decimal(row.backlog_days),
            format.amountCell(row.backlog_value),
          ],
        })),
      }}
      asTable={asTable.includes('backlog')}
      toggle={toggles(props, 'backlog')}
    >
      <BarsChart view={view} label={sentence} wide />
    </ChartFrame>
  )
}

function words({ rows, totals }: QueryResult, { format, name }: PageContext): string {
  const longest = rows.toSorted((a, b) => (magnitude(b.backlog_days) ?? 0) - (magnitude(a.backlog_days) ?? 0))[0]
  const all = `${format.count(totals.backlog_units)} units wait to be decided on`
  return longest && magnitude(longest.backlog_days) !== null
    ? `${all}; longest in ${name('facility', String(longest.facility ?? ''))}, ${format.decimal(longest.backlog_days)} days of work.`
    : `${all}.`
}
