import { Printer } from 'lucide-react'
import { humanize, magnitude } from '@/lib/format'
import {
  AGE_BUCKETS,
  type OverviewData,
  type Tile,
  type TrappedByAge,
  type Trend,
  type Waterfall,
} from '@/lib/metrics/overview-types'
import { BarsChart } from '../charts/bars'
import { ChartFrame } from '../charts/frame'
import { trappedView } from '../charts/trapped-view'
import { TrendChart } from '../charts/trend'
import { trendView } from '../charts/trend-view'
import { waterfallView } from '../charts/waterfall-view'
import { href } from '../filters/view-state'
import type { Density } from '../tables/table-types'
import { type PanelLinks, PanelMessage, Section } from '../ui/panel'
import { Swatch } from '../ui/swatch'
import { type PageContext, rowsHref } from './figure'
import { Headline } from './headline'
import { MoversTable } from './movers'
import { Tiles } from './tile'

export interface OverviewProps {
  data: OverviewData
  context: PageContext
  density: Density
  links: PanelLinks
  /** Which figures are shown as tables. */
  asTable: readonly string[]
  moversCsv?: string
  printHref?: string
}

/** The overview: the sentence, eight numbers, then why: over time, by mover, in money, by age. */
export function Overview(props: OverviewProps) {
  const { data, context, links } = props
  const { format } = context
  const tiles = Object.values(data.tiles).flatMap((panel): Tile[] => (panel.state === 'ok' ? [panel.data] : []))
  return (
    <>
      <div className="mb-4">
        <div className="mb-1 flex items-center justify-between">
          <h1 className="text-lg">Overview</h1>
          {props.printHref ? (
            <a href={props.printHref} className="control noprint border-transparent px-1.5 text-muted max-sm:hidden">
              <Printer size={16} strokeWidth={1.5} aria-hidden="true" /> Board pack
            </a>
          ) : null}
        </div>
        {data.headline.state === 'ok' ? (
          <Headline
            clauses={data.headline.data}
            movers={data.movers.state === 'ok' ? data.movers.data.rows : []}
            tiles={tiles}
            context={context}
          />
        ) : null}
      </div>
      <Tiles tiles={data.tiles} freshness={data.freshness} context={context} links={links} />
      <p className="mt-1.5 mb-6 text-xs text-muted">
        {format.range(data.spec.from, data.spec.to)}
        {data.compared
          ? `. Changes against ${format.range(data.compared.from, data.compared.to)}, over complete and mature days only.`
          : '. No comparison chosen.'}
      </p>
      <div className="sections">
        <TrendPart {...props} />
        <MoversPart {...props} />
        <div className="grid min-w-0 gap-x-10 gap-y-6 xl:grid-cols-2 print:grid-cols-2">
          <WaterfallPart {...props} />
          <TrappedPart {...props} />
        </div>
      </div>
    </>
  )
}

/** The words for the comparison's line: a year before, or just before. */
const priorName = (props: OverviewProps): string =>
  props.context.state.compare === 'previous_year'
    ? 'Prior year'
    : props.context.state.compare === 'previous_period'
      ? 'Prior period'
      : 'Comparison'

function toggles(props: OverviewProps, id: string) {
  const to = (shown: readonly string[]) =>
    `${href('/', props.context.state, {}, { as: shown.length > 0 ? shown.join(',') : undefined })}#${id}`
  return { table: to([...new Set([...props.asTable, id])]), chart: to(props.asTable.filter((other) => other !== id)) }
}

function TrendPart(props: OverviewProps) {
  const { data, context, links, asTable } = props
  const { format, state } = context
  const title = `Return rate by ${data.trend.state === 'ok' ? data.trend.data.bucket : 'week'} of ${state.basis === 'cohort' ? 'sale' : 'request'}`
  if (data.trend.state !== 'ok') {
    return (
      <Section id="trend" title={title}>
        <PanelMessage panel={data.trend} links={links} height={292} />
      </Section>
    )
  }
  const trend = data.trend.data
  const names = { current: 'This period', previous: priorName(props), subject: 'Return rate' }
  const view = trendView(trend, format, names)
  const hasTail = view.points.some((point) => point.band && point.band[0] !== point.band[1])
  const hasPrior = view.points.some((point) => point.previous !== null)
  return (
    <ChartFrame
      id="trend"
      title={title}
      sentence={`${view.sentence}${view.cut ? ' The axis does not begin at zero.' : ''}`}
      legend={
        <>
          <span className="whitespace-nowrap">
            <Swatch color="var(--s1)" line="solid" /> {names.current}
          </span>
          {hasTail ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--s1)" line="dashed" /> {view.names.tail}
            </span>
          ) : null}
          {hasPrior ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--prior)" line="solid" /> {names.previous}
            </span>
          ) : null}
        </>
      }
      table={trendTable(trend, context, names.previous)}
      asTable={asTable.includes('trend')}
      toggle={toggles(props, 'trend')}
    >
      <TrendChart view={view} />
    </ChartFrame>
  )
}

const STATES: Record<Trend['points'][number]['state'], string> = {
  final: 'Final',
  immature: 'Projected',
  unfinished: 'Running',
  early: 'Too young',
}

function trendTable(trend: Trend, { format }: PageContext, previous: string) {
  return {
    head: [
      humanize(trend.bucket),
      'Sold',
      'Returned so far',
      'Visible',
      'Value',
      'Low',
      'High',
      'Maturity',
      previous,
      'State',
    ],
    rows: trend.points.map((point) => ({
      id: point.at,
      cells: [
        format.dayYear(point.at),
        format.count(point.denominator),
        format.count(point.numerator),
        format.percent(point.observed),
        format.percent(point.value),
        format.percent(point.low),
        format.percent(point.high),
        format.percent(point.maturity),
        format.percent(point.previous),
        STATES[point.state],
      ],
    })),
  }
}

function MoversPart(props: OverviewProps) {
  const { data, context, links, density, moversCsv } = props
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
      lead={
        <p className="mb-2 max-w-[76ch] text-xs text-muted">
          SKU, reason and channel by their part in the change of {format.signedPoints(movers.change)}
          {'\u202f'}pp, from {format.percent(movers.previous.value)} to {format.percent(movers.current.value)}. By rate:
          more of it comes back. By mix: more of it is sold. * fewer than 30 sold.
        </p>
      }
    >
      <MoversTable movers={movers} density={density} context={context} {...(moversCsv ? { csv: moversCsv } : {})} />
    </Section>
  )
}

function WaterfallPart(props: OverviewProps) {
  const { data, context, links, asTable } = props
  const { format, state, define } = context
  if (data.waterfall.state !== 'ok') {
    return (
      <Section id="waterfall" title="Net margin impact">
        <PanelMessage panel={data.waterfall} links={links} height={360} />
      </Section>
    )
  }
  const waterfall = data.waterfall.data
  const view = waterfallView(waterfall, format, {
    label: (metric) => stepLabel(metric, define),
    href: (step) => rowsHref(step, state),
    previous: priorName(props),
  })
  return (
    <ChartFrame
      id="waterfall"
      title="Net margin impact"
      sentence={waterfallSentence(waterfall, context)}
      legend={
        <>
          <span className="whitespace-nowrap">
            <Swatch color="var(--worse)" /> Costs
          </span>
          <span className="whitespace-nowrap">
            <Swatch color="var(--better)" /> Recovers
          </span>
          {waterfall.steps.some((step) => step.previous !== null) ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--prior)" line="solid" /> {priorName(props)}
            </span>
          ) : null}
        </>
      }
      table={{
        head: ['Component', `This period ${format.currency}`, `${priorName(props)} ${format.currency}`],
        rows: waterfall.steps.map((step) => ({
          id: step.metric,
          cells: [
            stepLabel(step.metric, define),
            format.exactAmountCell(step.value),
            format.exactAmountCell(step.previous),
          ],
        })),
      }}
      asTable={asTable.includes('waterfall')}
      toggle={toggles(props, 'waterfall')}
    >
      <BarsChart view={view} label={waterfallSentence(waterfall, context)} wide />
    </ChartFrame>
  )
}

const stepLabel = (metric: string, define: PageContext['define']): string =>
  metric === 'realized' ? 'Realized' : define(metric).label.replace(/^Margin:? /, '')

function waterfallSentence(waterfall: Waterfall, { format, define }: PageContext): string {
  const components = waterfall.steps.filter((step) => step.kind === 'component')
  const bySize = components.toSorted((a, b) => (magnitude(a.value) ?? 0) - (magnitude(b.value) ?? 0))
  const [cost, gain] = [bySize[0], bySize.at(-1)]
  if (!cost || !gain) return `Net margin impact ${format.compactMoney(waterfall.total.value)}.`
  return `Returns cost ${format.compactMoney(waterfall.total.value)} net: ${stepLabel(cost.metric, define).toLowerCase()} take most (${format.compactMoney(cost.value)}), ${stepLabel(gain.metric, define).toLowerCase()} gives most back (${format.compactMoney(gain.value)}).`
}

function TrappedPart(props: OverviewProps) {
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
