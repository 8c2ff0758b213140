import type { ClickHouseClient } from '@clickhouse/client'
import type { Actor } from '../../auth/actor'
import { addDays, addDaysTo, dateOf, daysBetween, startOfDate } from '../calendar'
import { compared } from '../compare'
import { METRICS, partOf } from '../definitions/index'
import { DIMENSIONS } from '../dimensions'
import { normalize } from '../normalize'
import type { OverviewSpec } from '../overview-types'
import type { AskedMetric, Frame, Question } from '../question'
import type { Basis, QuerySpec } from '../types'

/** What all panels of one page share: who asks, of what, from which instant. */
export interface View {
  actor: Actor
  client: ClickHouseClient
  spec: OverviewSpec
  /** T, one for the whole page. */
  instant: number
  now: Date
  /** Exclusive end of the complete days of the period; not after `spec.to`. */
  completeTo: string
  /** Days that the comparison lies back, and its end if it has one of its own. */
  shift: { days: number; to: string | undefined } | undefined
}

export function viewOf(actor: Actor, client: ClickHouseClient, spec: OverviewSpec, now: Date): View {
  const instant = spec.asOf ? Date.parse(spec.asOf) : now.getTime()
  const today = dateOf(instant, spec.tz)
  const then = spec.compare && compared({ from: spec.from, to: spec.to, instant, tz: spec.tz }, spec.compare)
  return {
    actor,
    client,
    spec,
    instant,
    now,
    completeTo: today.localeCompare(spec.to) < 0 ? today : spec.to,
    shift: then && {
      days: daysBetween(then.from, spec.from),
      to: typeof spec.compare === 'object' ? spec.compare.to : undefined,
    },
  }
}

/** Dates of the period, or of a part of it. */
export interface Dates {
  from: string
  to: string
}

/** A frame over dates, looked at from T, or from the same distance as T where `back` days are given. */
export function frameOf(view: View, name: string, { from, to }: Dates, back = 0): Frame {
  const { tz } = view.spec
  const instant = addDaysTo(view.instant, -back, tz)
  return {
    name,
    from,
    to,
    start: Math.max(startOfDate(from, tz), 1),
    end: Math.min(startOfDate(to, tz), instant + 1),
    instant,
  }
}

/** The dates that a part of the period is compared with; undefined where there is no comparison or nothing to compare. */
export function earlier({ shift }: View, { from, to }: Dates): Dates | undefined {
  if (!shift || from >= to) return undefined
  const end = addDays(to, -shift.days)
  const dates = { from: addDays(from, -shift.days), to: shift.to && shift.to < end ? shift.to : end }
  return dates.from < dates.to ? dates : undefined
}

/** Whether a metric can be narrowed by all filters of the page. */
export const fits = ({ spec }: View, metric: string): boolean =>
  spec.filters.every(({ dimension }) => METRICS[metric]?.dimensions.includes(dimension))

export const basisOf = ({ spec }: View, metric: string): Basis | undefined => {
  const bases = METRICS[metric]?.bases ?? []
  return spec.basis && bases.includes(spec.basis) ? spec.basis : bases[0]
}

/** The question of the page about metrics, which must fit its filters. */
export function questionOf(view: View, metrics: readonly string[], by: readonly string[]): Question {
  return normalize(
    view.actor,
    { ...queryOf(view, metrics, {}), by: [...by], asOf: new Date(view.instant).toISOString(), limit: 100_000 },
    view.now,
  )
}

export const metricsOf = (view: View, ids: readonly string[]): AskedMetric[] =>
  ids.flatMap((id) => {
    const definition = METRICS[id]
    return definition ? [{ definition, basis: basisOf(view, id) }] : []
  })

/** A part as if it were a metric: for sums that the page needs and that have no name of their own. */
export function partMetric(partId: string, basis: Basis | undefined): AskedMetric {
  const { label, unit } = partOf(partId)
  return {
    definition: {
      id: partId,
      family: 'returns',
      label,
      unit: unit === 'milliseconds' ? 'count' : unit,
      good: 'none',
      bases: basis ? [basis] : [],
      asOf: false,
      value: { kind: 'part', of: partId },
      sentence: label,
      formula: label,
      owner: '',
      numerator: undefined,
      denominator: undefined,
      dimensions: Object.keys(DIMENSIONS),
    },
    basis,
  }
}

/** The page's question as a spec that a link can carry; with `back`, looked at from that many days before T. */
export function queryOf(
  view: View,
  metrics: readonly string[],
  own: Partial<Dates> & { back?: number; filters?: QuerySpec['filters'] },
): QuerySpec {
  const { from, to, tz, filters, basis, asOf } = view.spec
  const [first] = metrics
  const wanted = first && metrics.length === 1 ? basisOf(view, first) : basis
  const then = own.back ? new Date(addDaysTo(view.instant, -own.back, tz)).toISOString() : asOf
  return {
    metrics: [...metrics],
    by: [],
    from: own.from ?? from,
    to: own.to ?? to,
    tz,
    filters: [...filters, ...(own.filters ?? [])],
    ...(wanted ? { basis: wanted } : {}),
    ...(then ? { asOf: then } : {}),
  }
}
