import { type Formatter, magnitude, type Quantity, type Unit } from '@/lib/format'
import { buckets, dateOf, startOfDate } from '@/lib/metrics/calendar'
import type { Dimension, MetricDefinition } from '@/lib/metrics/definition-types'
import type { Figure } from '@/lib/metrics/overview-types'
import type { Filter } from '@/lib/metrics/types'
import { type PageContext, rowsHref } from '../overview/figure'
import { asRead, type Verdict } from '../ui/delta'
import type { AskedExplore } from './asked-explore'
import type { ExploreData } from './explore-types'

/** A figure in a column whose head says the unit. */
export function cellText(value: Quantity, unit: Unit, format: Formatter): string {
  if (unit === 'ratio') return format.percentCell(value)
  if (unit === 'money') return format.amountCell(value)
  return unit === 'days' ? format.decimal(value) : format.count(value)
}

export const unitHead = (unit: Unit, format: Formatter): string | undefined =>
  ({ ratio: '%', money: format.currency, days: 'days', ppm: 'ppm', count: undefined })[unit]

export interface Change {
  size: number
  text: string
  verdict: Verdict
  /** With its unit, without its sign, and less exactly than the text. */
  step: { text: string; verdict: Verdict }
}

/** Against the earlier dates: rates in points, money and counts by a share, what has no earlier value by nothing. */
export function changeOf(
  metric: Pick<MetricDefinition, 'unit' | 'good'>,
  value: Quantity,
  previous: Quantity,
  format: Formatter,
): Change | null {
  const [now, then] = [magnitude(value), magnitude(previous)]
  if (now === null || then === null) return null
  const { unit, good } = metric
  const share = unit === 'money' || unit === 'count' || unit === 'ppm'
  if (share && then === 0) return null
  const exact = share ? (now - then) / Math.abs(then) : now - then
  // Days are told in tenths: what is less than half of one is no change that anybody can read.
  const size = unit === 'days' && Math.abs(exact) < 0.05 ? 0 : exact
  const signed = (change: number, text: string) => (change > 0 ? `+${text}` : text)
  const textOf = (change: number) =>
    share
      ? format.signedPercent(change).replace(/\s*%/, '')
      : unit === 'ratio'
        ? format.signedPoints(change)
        : signed(change, format.decimal(change))
  const stepOf = (change: number) => (share ? format.percent(Math.abs(change)) : format.step(change, unit))
  const exactly: Verdict = good === 'none' ? 'neither' : size > 0 === (good === 'up') ? 'better' : 'worse'
  const verdict = (told: (change: number) => string) => asRead(exactly, told(Math.abs(size)), told(0))
  return {
    size,
    text: textOf(size),
    verdict: verdict(textOf),
    step: { text: stepOf(size), verdict: verdict(stepOf) },
  }
}

/** A value of a dimension as people call it. */
export function keyText(
  dimension: Dimension,
  value: string,
  { format, name }: Pick<PageContext, 'format' | 'name'>,
): string {
  if (dimension.kind === 'time') return timeText(dimension.id, value, format)
  if (value === '') return 'Unknown'
  if (dimension.id === 'country') return countryName(value, format.locale)
  return name(dimension.id, value)
}

/** A step of time by its first day. */
export function timeText(unit: string, value: string, format: Formatter): string {
  if (unit === 'month') return format.month(value)
  if (unit === 'quarter') return `Q${Math.floor((Number(value.slice(5, 7)) - 1) / 3) + 1} ${value.slice(0, 4)}`
  return unit === 'week' ? `Week of ${format.dayYear(value)}` : format.dayYear(value)
}

function countryName(code: string, locale: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code
}

/** Suppliers are called by their names alone: their codes are the names once more. */
export const callingSuppliers = <C extends Pick<PageContext, 'name'>>(context: C, names: ExploreData['names']): C => ({
  ...context,
  name: (dimension: string, value: string) =>
    (dimension === 'supplier' ? names.get(dimension)?.get(value) : undefined) ?? context.name(dimension, value),
})

/** What stands beside the code of an item: its product. */
export const keyNote = (dimension: Dimension, value: string, names: ExploreData['names']): string | undefined =>
  dimension.id === 'sku' ? names.get(dimension.id)?.get(value) : undefined

/** One group's part of the period: its days and filters, as the rows behind its figures are asked. */
export interface Place {
  from: string
  to: string
  filters: Filter[]
  /** End of the time asked for: what is taken at an instant is taken there. */
  end: string | undefined
}

export function placeOf(asked: AskedExplore, keys: readonly string[], now: number): Place {
  const { spec, by } = asked
  const place: Place = { from: spec.from, to: spec.to, filters: spec.filters, end: undefined }
  for (const [index, dimension] of by.entries()) {
    const value = keys[index] ?? ''
    if (dimension.kind === 'code') {
      // The group passes the filters there are: its own value says more than a list that it is in.
      const others = place.filters.filter((filter) => filter.dimension !== dimension.id)
      place.filters = [...others, { dimension: dimension.id, op: 'eq', values: [value] }]
      continue
    }
    const unit =
      dimension.id === 'day' || dimension.id === 'week' || dimension.id === 'month' ? dimension.id : 'quarter'
    const [bucket] = buckets(unit, value, startOfDate(value, spec.tz) + 1, spec.tz, 1)
    if (!bucket) continue
    const next = dateOf(bucket.end, spec.tz)
    place.from = [value, spec.from].toSorted().at(-1) ?? value
    place.to = [next, spec.to].toSorted().at(0) ?? next
    place.end = bucket.end < now ? new Date(bucket.end).toISOString() : undefined
  }
  return place
}

/** A figure of a place with the question that gives it alone. */
export function figureAt(asked: AskedExplore, metric: MetricDefinition, value: Figure['value'], place: Place): Figure {
  const { compare: _, order: __, ...spec } = asked.spec
  return {
    metric: metric.id,
    value,
    spec: {
      ...spec,
      metrics: [metric.id],
      by: [],
      from: place.from,
      to: place.to,
      filters: place.filters,
      ...(metric.asOf && place.end ? { asOf: place.end } : {}),
    },
  }
}

export const rowsOf = (
  asked: AskedExplore,
  metric: MetricDefinition,
  place: Place,
  { state }: Pick<PageContext, 'state'>,
): string => rowsHref(figureAt(asked, metric, null, place), state)
