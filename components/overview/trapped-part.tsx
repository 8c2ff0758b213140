import { magnitude } from '@/lib/format'
import { AGE_BUCKETS, type TrappedByAge } from '@/lib/metrics/overview-types'
import { BarsChart } from '../charts/bars'
import { ChartFrame } from '../charts/frame'
import { trappedView } from '../charts/trapped-view'
import { PanelMessage, Section } from '../ui/panel'
import { Swatch } from '../ui/swatch'
import { type PageContext, rowsHref } from './figure'
import { type OverviewProps, toggles } from './parts'

/** Value that lies in goods not sold again yet: the older, the worse. */
export function TrappedPart(props: OverviewProps) {
  const { data, context, links, asTable } = props
  const { format, state } = context
  if (data.trapped.state !== 'ok') {
    return (
      <Section id="trapped" title="Trapped value by age">
        <PanelMessage panel={data.trapped} links={links} height={260} />
      </Section>
    )
  }
  const trapped = data.trapped.data
  const ageHref = (bucket: string) =>
    rowsHref(
      {
        ...trapped.total,
        spec: {
          ...trapped.total.spec,
          filters: [...trapped.total.spec.filters, { dimension: 'age_bucket', op: 'eq', values: [bucket] }],
        },
      },
      state,
    )
  const view = trappedView(trapped, format, ageHref)
  return (
    <ChartFrame
      id="trapped"
      title="Trapped value by age"
      sentence={trappedSentence(trapped, context)}
      legend={view.legend.map((entry) => (
        <span key={entry.status} className="whitespace-nowrap">
          <Swatch color={entry.color} /> {entry.label} <span className="num">{entry.text}</span>
        </span>
      ))}
      table={{
        head: ['Days in status', ...view.legend.map((entry) => entry.label), `Together ${format.currency}`],
        rows: view.rows.map((row) => ({
          id: row.id,
          cells: [
            row.label,
            ...view.legend.map((entry) =>
              format.amountCell(
                trapped.cells.find((c) => c.bucket === row.id && c.status === entry.status)?.value ?? 0,
              ),
            ),
            row.facts.find((fact) => fact.name === 'Together')?.text ?? '',
          ],
        })),
      }}
      asTable={asTable.includes('trapped')}
      toggle={toggles(props, 'trapped')}
    >
      <BarsChart view={view} label={trappedSentence(trapped, context)} />
    </ChartFrame>
  )
}

function trappedSentence(trapped: TrappedByAge, { format }: PageContext): string {
  const sum = (of: TrappedByAge['cells']) => of.reduce((a, cell) => a + (magnitude(cell.value) ?? 0), 0)
  const old = sum(trapped.cells.filter((cell) => AGE_BUCKETS.indexOf(cell.bucket) >= 3))
  const all = magnitude(trapped.total.value) ?? 0
  const share = all > 0 ? `, ${format.percent(old / all)} of it for 15 days or more in the same status` : ''
  return `${format.compactMoney(trapped.total.value)} at cost lies in returned goods that cannot be sold yet${share}. As of ${format.instant(trapped.asOf)}.`
}
