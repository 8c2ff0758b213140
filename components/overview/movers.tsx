import { ChartNoAxesColumn } from 'lucide-react'
import { humanize, magnitude } from '@/lib/format'
import type { Mover, Movers } from '@/lib/metrics/overview-types'
import { href, withFilter } from '../filters/view-state'
import { DataTable } from '../tables/data-table'
import type { Cell, Row, TableData } from '../tables/table-types'
import { PanelMessage, Section } from '../ui/panel'
import { type PageContext, rowsHref } from './figure'
import type { OverviewProps } from './parts'

/** What explains the change of the rate: contribution, not rank; rate and mix effect apart; the sum is the change itself. */
export function MoversPart(props: OverviewProps) {
  const { data, context, links, density } = props
  const { format } = context
  if (data.movers.state !== 'ok') {
    return (
      <Section id="movers" title="What moved it">
        <PanelMessage panel={data.movers} links={links} height={320} />
      </Section>
    )
  }
  const movers = data.movers.data
  return (
    <Section
      id="movers"
      title="What moved it"
      tools={
        <a
          className="control noprint border-transparent px-1.5 text-muted"
          href={href('/explore', context.state, { filters: movers.current.spec.filters })}
        >
          <ChartNoAxesColumn size={16} strokeWidth={1.5} aria-hidden="true" /> Every item
        </a>
      }
      lead={
        <p className="mb-2 max-w-[76ch] text-xs text-muted">
          SKU, reason and channel by their part in the change of {format.signedPoints(movers.change)}
          {'\u202f'}pp, from {format.percent(movers.previous.value)} to {format.percent(movers.current.value)}. By rate:
          more of it comes back. By mix: more of it is sold. * fewer than 30 sold.
        </p>
      }
    >
      <DataTable label="What moved the return rate" data={table(movers, context)} density={density} />
    </Section>
  )
}

function table(movers: Movers, context: PageContext): TableData {
  const { format } = context
  const most = Math.max(...movers.rows.map((row) => Math.abs(row.contribution)), 1e-9)
  const tone = (value: number): NonNullable<Cell['tone']> => (value > 0 ? 'worse' : value < 0 ? 'better' : 'muted')
  const effects = (of: { rateEffect: number; mixEffect: number; contribution: number }, bar = true) => ({
    rate_effect: { text: format.signedPoints(of.rateEffect), sort: of.rateEffect },
    mix_effect: { text: format.signedPoints(of.mixEffect), sort: of.mixEffect },
    contribution: {
      text: format.signedPoints(of.contribution),
      sort: of.contribution,
      ...(bar ? { bar: of.contribution / most } : {}),
      tone: tone(of.contribution),
    },
  })
  const money = (value: Mover['margin']): Cell => ({ text: format.amountCell(value), sort: magnitude(value) })
  const rows = movers.rows.map(
    (mover): Row => ({
      id: `${mover.sku}|${mover.reason}|${mover.channel}`,
      cells: {
        sku: {
          text: mover.sku || 'Unknown',
          href: rowsHref({ metric: 'return_rate_units', value: mover.rate, spec: mover.spec }, context.state),
          note: [mover.product, context.name('channel', mover.channel)].filter(Boolean).join(' · '),
        },
        product: {
          text: mover.product || '–',
          clip: true,
          title: `${mover.product || mover.sku || 'Unknown'}, month by month`,
          href: href(
            '/explore',
            context.state,
            { filters: withFilter(context.state, 'sku', [mover.sku]) },
            { by: 'month' },
          ),
        },
        reason: { text: humanize(mover.reason) },
        channel: { text: context.name('channel', mover.channel) },
        sold: {
          text: `${format.count(mover.sold)}${mover.small ? '*' : ''}`,
          sort: mover.sold,
          ...(mover.small ? { tone: 'muted' as const, title: 'Fewer than 30 sold: a small number' } : {}),
        },
        rate: { text: format.percentCell(mover.rate), sort: mover.rate },
        prior: { text: format.percentCell(mover.previousRate), sort: mover.previousRate },
        ...effects(mover),
        margin: money(mover.margin),
      },
    }),
  )
  const { other } = movers
  const sum = (pick: (of: Mover | Movers['other']) => number) =>
    movers.rows.reduce((a, row) => a + pick(row), pick(other))
  const foot: Row[] = [
    {
      id: 'other',
      cells: {
        sku: { text: `${format.count(other.count)} others` },
        sold: { text: format.count(other.sold) },
        ...effects(other, false),
        margin: money(other.margin),
      },
    },
    {
      id: 'total',
      cells: {
        sku: { text: 'Change' },
        rate: { text: format.percentCell(movers.current.value) },
        prior: { text: format.percentCell(movers.previous.value) },
        rate_effect: { text: format.signedPoints(sum((row) => row.rateEffect)) },
        mix_effect: { text: format.signedPoints(sum((row) => row.mixEffect)) },
        contribution: { text: format.signedPoints(movers.change), tone: tone(movers.change) },
      },
    },
  ]
  return { columns: COLUMNS(format.currency), rows, foot }
}

const COLUMNS = (currency: string): TableData['columns'] => [
  { id: 'sku', label: 'SKU', align: 'left', sticky: true },
  { id: 'product', label: 'Product', align: 'left', wide: true },
  { id: 'reason', label: 'Reason', align: 'left' },
  { id: 'channel', label: 'Channel', align: 'left', wide: true },
  { id: 'contribution', label: 'Contribution', unit: 'pp', align: 'right', help: 'Both effects together' },
  { id: 'rate_effect', label: 'By rate', unit: 'pp', align: 'right', help: 'Because more of it comes back' },
  { id: 'mix_effect', label: 'By mix', unit: 'pp', align: 'right', help: 'Because more or less of it is sold' },
  { id: 'sold', label: 'Sold', align: 'right' },
  { id: 'rate', label: 'Rate', unit: '%', align: 'right', help: 'Returned for this reason, of what was sold' },
  { id: 'prior', label: 'Prior', unit: '%', align: 'right', help: 'The same in the comparison period' },
  { id: 'margin', label: 'Net margin', unit: currency, align: 'right', help: 'Net margin impact of these units' },
]
