import { magnitude } from '@/lib/format'
import { buckets, startOfDate } from '@/lib/metrics/calendar'
import type { MetricDefinition } from '@/lib/metrics/definition-types'
import type { Group } from '@/lib/metrics/groups-types'
import { axis } from '../charts/axis'
import type { BarsRow, BarsView } from '../charts/bars-view'
import { type SeriesPoint, seriesView } from '../charts/series-view'
import type { TrendView } from '../charts/trend-view'
import type { AskedExplore } from './asked-explore'
import { keyNote, keyText, placeOf, rowsOf, timeText } from './cells'
import { MATURE, projectedEnd, ripens } from './ripen'
import type { TableWords } from './table-view'

/** More bars than this are a table; more points than that, a smear. */
export const MOST_BARS = 12
const MOST_POINTS = 150

/** What the picture shows: the figure that the groups are ordered by, else the first. */
export const drawnMetric = ({ fit, order }: AskedExplore): MetricDefinition | undefined =>
  fit.find(({ id }) => id === order.column) ?? fit[0]

export type Drawing =
  | { kind: 'line'; view: TrendView }
  | { kind: 'bars'; view: BarsView }
  | { kind: 'none'; why: string }

export function drawingOf(words: TableWords): Drawing {
  const { asked, data } = words
  const metric = drawnMetric(asked)
  if (!metric) return { kind: 'none', why: '' }
  if (asked.time && asked.by.length === 1) {
    return data.result.count > MOST_POINTS
      ? {
          kind: 'none',
          why: `A picture of more than ${MOST_POINTS} points says nothing: take longer steps or a shorter period.`,
        }
      : { kind: 'line', view: line(metric, asked.time.id, words) }
  }
  return { kind: 'bars', view: bars(metric, words) }
}

/** The first groups, in the order of the table; how much of a young rate is still expected stands lighter behind it. */
function bars(metric: MetricDefinition, words: TableWords): BarsView {
  const { asked, data, context, prior } = words
  const { format } = context
  const now = Date.parse(data.result.asOf)
  const rows = data.result.groups.slice(0, MOST_BARS).map((group): BarsRow => {
    const value = magnitude(group.values[metric.id])
    const previous = magnitude(group.previous?.[metric.id])
    const maturity = magnitude(data.maturity?.of(group.keys)?.maturity)
    const end = projectedEnd(metric, value, maturity)
    const id = JSON.stringify(group.keys)
    const [only] = asked.by
    const note = only && asked.by.length === 1 ? keyNote(only, group.keys[0] ?? '', data.names) : undefined
    const label = asked.by.map((dimension, index) => keyText(dimension, group.keys[index] ?? '', context)).join(' · ')
    return {
      id,
      label: note ? `${label} ${note}` : label,
      text: format.brief(value, metric.unit),
      ...(context.opens ? { href: rowsOf(asked, metric, placeOf(asked, group.keys, now), context) } : {}),
      strong: false,
      spans: [
        ...(value === null ? [] : [{ id: 'value', from: 0, to: value, color: 'var(--s1)' }]),
        ...(value === null || end === null
          ? []
          : [{ id: 'expected', from: value, to: end, color: 'color-mix(in srgb, var(--s1) 25%, var(--bg))' }]),
      ],
      previous: previous === null ? null : [0, previous],
      facts: factsOf(metric, group, maturity, words, prior),
    }
  })
  return { ...axis(rows, (value) => format.brief(value, metric.unit).replace(/[.,]0(?=\u202f)/, '')), row: 28, rows }
}

function line(metric: MetricDefinition, unit: string, words: TableWords): TrendView {
  const { asked, data, context, prior } = words
  const { format } = context
  const { spec } = asked
  const now = Date.parse(data.result.asOf)
  const step = unit === 'day' || unit === 'week' || unit === 'month' ? unit : 'quarter'
  const byLabel = new Map(data.result.groups.map((group) => [group.keys[0] ?? '', group]))
  const end = startOfDate(spec.to, spec.tz)
  const young = ripens(metric, spec.basis)
  let immature = false
  // Every step of the period: one without a group is a nought, or a gap where nothing was sold.
  const points = buckets(step, spec.from, Math.min(end, now + 1), spec.tz, MOST_POINTS).map((bucket): SeriesPoint => {
    const group = byLabel.get(bucket.label)
    const then = group?.previousAt ? data.ended?.get(group.previousAt) : undefined
    const value = group ? magnitude(group.values[metric.id]) : metric.value.kind === 'part' ? 0 : null
    const ripe = (young && data.maturity?.of([bucket.label])) || null
    const maturity = magnitude(ripe?.maturity)
    if (maturity !== null && maturity < MATURE) immature = true
    const [low, high] = [magnitude(ripe?.low), magnitude(ripe?.high)]
    const last = projectedEnd(metric, value, maturity)
    return {
      label: step === 'day' || step === 'week' ? format.day(bucket.label) : timeText(step, bucket.label, format),
      value,
      open: Math.min(bucket.end, end) > now || (maturity !== null && maturity < MATURE),
      end: last,
      band: metric.id === 'return_rate_units' && last !== null && low !== null && high !== null ? [low, high] : null,
      previous: magnitude(young && data.ended ? then?.[metric.id] : group?.previous?.[metric.id]),
      facts: group ? factsOf(metric, group, maturity, words, prior) : [],
    }
  })
  const open = immature ? 'Not yet mature' : `Running ${step}`
  return seriesView(points, { label: metric.label, unit: metric.unit, step, previous: prior, open }, format)
}

function factsOf(
  metric: MetricDefinition,
  group: Group,
  maturity: number | null,
  { asked, context }: TableWords,
  prior: string,
): { name: string; text: string }[] {
  const { format } = context
  const value = group.values[metric.id] ?? null
  const previous = group.previous?.[metric.id] ?? null
  const young = ripens(metric, asked.spec.basis) && maturity !== null && maturity < MATURE
  const end = young ? projectedEnd(metric, magnitude(value), maturity) : null
  return [
    { name: young ? 'So far' : 'This period', text: format.exact(value, metric.unit) },
    ...(end === null ? [] : [{ name: 'Projected', text: format.percent(end) }]),
    ...(young ? [{ name: 'Maturity', text: format.percent(maturity) }] : []),
    ...(previous === null ? [] : [{ name: prior, text: format.exact(previous, metric.unit) }]),
    ...asked.fit
      .filter((other) => other !== metric)
      .map((other) => ({ name: other.label, text: format.exact(group.values[other.id] ?? null, other.unit) })),
  ]
}
