import { humanize } from '@/lib/format'
import type { Trend } from '@/lib/metrics/overview-types'
import { ChartFrame } from '../charts/frame'
import { TrendChart } from '../charts/trend'
import { trendView } from '../charts/trend-view'
import { PanelMessage, Section } from '../ui/panel'
import { Swatch } from '../ui/swatch'
import type { PageContext } from './figure'
import { type OverviewProps, priorName, toggles } from './parts'

/** The rate over time: this period, the one before, and the tail that is not mature yet. */
export function TrendPart(props: OverviewProps) {
  const { data, context, links, asTable } = props
  const { format, state } = context
  const title = `Return rate by ${data.trend.state === 'ok' ? data.trend.data.bucket : 'week'} of ${state.basis === 'cohort' ? 'sale' : 'receipt'}`
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
  const hasTail = trend.points.some((point) => point.state !== 'final' && point.value !== null)
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
