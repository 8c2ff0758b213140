import type { Actor } from '../auth/actor'
import { UserError } from '../errors'
import { isDate, startOfDate, TIME_UNITS, type TimeUnit, zoneName } from './calendar'
import { compared } from './compare'
import type { Dimension, MetricDefinition } from './definition-types'
import { METRICS, partOf } from './definitions/index'
import { DIMENSIONS } from './dimensions'
import type { AskedFilter, AskedMetric, Frame, Question } from './question'
import type { Basis, Column, Filter, Order, QuerySpec } from './types'

export const LIMITS = { metrics: 60, by: 4, filters: 20, values: 500, rows: 100_000, defaultRows: 10_000 } as const

const refuse = (code: string, message: string, parameter: string) => new UserError(code, message, 400, parameter)
const listed = (ids: readonly string[]) => ids.join(', ')
const isTimeUnit = (id: string): id is TimeUnit => (TIME_UNITS as readonly string[]).includes(id)

/**
 * First step: what is asked, made exact. Throws a UserError (400, with the parameter) for an unknown metric, dimension,
 * operator, basis or zone, for a metric that is not cut by a dimension, for dates that are none, and above the limits.
 */
export function normalize(actor: Pick<Actor, 'scope'>, spec: QuerySpec, now: Date): Question {
  const tz = zoneName(spec.tz)
  if (!tz)
    throw refuse('zone_unknown', `There is no time zone "${spec.tz}". Use an IANA name such as Europe/Berlin.`, 'tz')
  const metrics = askedMetrics(spec)
  const by = askedDimensions(spec, metrics)
  const unit = by.map(({ id }) => id).find(isTimeUnit)
  const instant = asOfInstant(spec.asOf, now)
  const current = frame('current', spec.from, spec.to, instant, tz)
  return {
    metrics,
    by,
    unit,
    tz,
    filters: askedFilters(spec.filters, metrics),
    scope: actor.scope,
    current,
    previous: previousFrame(spec, instant, tz),
    order: askedOrder(spec, metrics, by),
    limit: askedLimit(spec.limit),
    columns: [...by.map(dimensionColumn), ...metrics.map(metricColumn)],
  }
}

function askedMetrics({ metrics, basis }: QuerySpec): AskedMetric[] {
  if (metrics.length > LIMITS.metrics) throw refuse('too_many', `At most ${LIMITS.metrics} metrics at once.`, 'metrics')
  if (basis !== undefined && basis !== 'cohort' && basis !== 'activity') {
    throw refuse(
      'basis_unknown',
      'The basis is cohort (by date of sale) or activity (by date of what happened).',
      'basis',
    )
  }
  return [...new Set(metrics)].map((id) => {
    const definition = Object.hasOwn(METRICS, id) ? METRICS[id] : undefined
    if (!definition) {
      throw refuse(
        'metric_unknown',
        `There is no metric "${id}". All of them are in the glossary and in /api/v1/openapi.json.`,
        'metrics',
      )
    }
    return { definition, basis: basisOf(definition, basis) }
  })
}

/** A metric that does not know the basis asked for keeps its own. */
const basisOf = ({ bases }: MetricDefinition, asked: Basis | undefined): Basis | undefined =>
  asked !== undefined && bases.includes(asked) ? asked : bases[0]

/** For the API, where nobody sees what basis a number is on: refuses a basis that a metric does not know. */
export function refuseUnfitBasis({ metrics, basis }: QuerySpec): void {
  for (const id of metrics) {
    const bases = Object.hasOwn(METRICS, id) ? METRICS[id]?.bases : undefined
    if (basis && bases && bases.length > 0 && !bases.includes(basis)) {
      throw refuse('basis_unfit', `"${id}" is on the ${listed(bases)} basis only. Ask for it apart.`, 'basis')
    }
  }
}

function dimension(id: string, parameter: string): Dimension {
  const found = Object.hasOwn(DIMENSIONS, id) ? DIMENSIONS[id] : undefined
  if (!found)
    throw refuse(
      'dimension_unknown',
      `There is no dimension "${id}". Known: ${listed(Object.keys(DIMENSIONS))}.`,
      parameter,
    )
  return found
}

function mustCut(metrics: readonly AskedMetric[], id: string, parameter: string) {
  const unfit = metrics.find(({ definition }) => !definition.dimensions.includes(id))
  if (unfit) {
    const { definition } = unfit
    throw refuse(
      'dimension_unfit',
      `"${definition.id}" is not cut by "${id}", only by: ${listed(definition.dimensions)}.`,
      parameter,
    )
  }
}

function askedDimensions({ by }: QuerySpec, metrics: readonly AskedMetric[]): Dimension[] {
  if (by.length > LIMITS.by) throw refuse('too_many', `At most ${LIMITS.by} dimensions at once.`, 'by')
  if (new Set(by).size < by.length) throw refuse('dimension_twice', 'Each dimension once.', 'by')
  if (by.filter(isTimeUnit).length > 1)
    throw refuse('dimension_unfit', 'One of hour, day, week, month and quarter at a time.', 'by')
  return by.map((id) => {
    const found = dimension(id, 'by')
    mustCut(metrics, id, 'by')
    return found
  })
}

function askedFilters(filters: readonly Filter[], metrics: readonly AskedMetric[]): AskedFilter[] {
  if (filters.length > LIMITS.filters) throw refuse('too_many', `At most ${LIMITS.filters} filters.`, 'filter')
  return filters.map(({ dimension: id, op, values }) => {
    const found = dimension(id, 'filter')
    if (found.kind === 'time') throw refuse('dimension_unfit', 'Time is chosen with from and to.', 'filter')
    mustCut(metrics, id, 'filter')
    if (op !== 'eq' && op !== 'in' && op !== 'not_in') {
      throw refuse('operator_unknown', `There is no operator "${String(op)}". Use eq, in or not_in.`, 'filter')
    }
    if (values.length === 0 || values.length > LIMITS.values) {
      throw refuse('values_unfit', `A filter has 1 to ${LIMITS.values} values.`, 'filter')
    }
    if (op === 'eq' && values.length > 1)
      throw refuse('values_unfit', 'eq takes one value; use in for several.', 'filter')
    return { dimension: found, op, values: [...values] }
  })
}

function asOfInstant(asOf: string | undefined, now: Date): number {
  if (asOf === undefined) return now.getTime()
  const shaped = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(asOf)
  // Date.parse takes 30 February for 2 March.
  const instant = shaped && isDate(asOf.slice(0, 10)) ? Date.parse(asOf) : Number.NaN
  if (Number.isNaN(instant) || instant <= 0 || instant > Date.parse('2105-01-01')) {
    throw refuse(
      'instant_invalid',
      'as_of is an instant in ISO 8601 with its offset, such as 2026-03-31T22:00:00Z.',
      'as_of',
    )
  }
  return instant
}

function frame(name: Frame['name'], from: string, to: string, instant: number, tz: string): Frame {
  const [fromName, toName] = name === 'current' ? ['from', 'to'] : ['compare', 'compare']
  if (!isDate(from)) throw refuse('date_invalid', 'from is a calendar date, YYYY-MM-DD.', fromName)
  if (!isDate(to))
    throw refuse('date_invalid', 'to is a calendar date, YYYY-MM-DD, the first day after the period.', toName)
  if (to <= from) throw refuse('period_empty', 'to is the first day after the period, so it lies after from.', toName)
  const start = Math.max(startOfDate(from, tz), 1)
  return { name, from, to, start, end: Math.min(startOfDate(to, tz), instant + 1), instant }
}

function previousFrame({ from, to, compare }: QuerySpec, instant: number, tz: string): Frame | undefined {
  if (compare === undefined) return undefined
  if (typeof compare === 'string' && compare !== 'previous_period' && compare !== 'previous_year') {
    throw refuse(
      'compare_unknown',
      'Compare with previous_period, previous_year, or dates: 2025-01-01..2025-04-01.',
      'compare',
    )
  }
  if (typeof compare === 'object' && !(isDate(compare.from) && isDate(compare.to))) {
    throw refuse('date_invalid', 'Compare with dates as 2025-01-01..2025-04-01.', 'compare')
  }
  const dates = compared({ from, to, instant, tz }, compare)
  return frame('previous', dates.from, dates.to, dates.instant, tz)
}

function askedOrder(spec: QuerySpec, metrics: readonly AskedMetric[], by: readonly Dimension[]): Order[] {
  const isMetric = (id: string) => metrics.some(({ definition }) => definition.id === id)
  const asked = (spec.order ?? []).map((order) => {
    if (!isMetric(order.column) && !by.some(({ id }) => id === order.column)) {
      throw refuse(
        'order_unknown',
        `Order by one of the columns: ${listed([...by.map(({ id }) => id), ...spec.metrics])}.`,
        'order',
      )
    }
    const value = METRICS[order.column]?.value
    if (
      order.by === 'low' &&
      !(
        isMetric(order.column) &&
        value?.kind === 'ratio' &&
        partOf(value.by).unit === 'count' &&
        partOf(value.of).unit === 'count'
      )
    ) {
      throw refuse('order_unfit', 'Only shares of units have a lower bound to order by.', 'order')
    }
    return order
  })
  const first = metrics[0]?.definition.id
  const byDimensions = by.map(({ id }): Order => ({ column: id, direction: 'asc' }))
  const ranked: Order[] = by.some(({ kind }) => kind === 'time') || !first ? [] : [{ column: first, direction: 'desc' }]
  const all = asked.length > 0 ? [...asked, ...byDimensions] : [...ranked, ...byDimensions]
  return all.filter(({ column }, index) => all.findIndex((other) => other.column === column) === index)
}

function askedLimit(limit: number | undefined): Question['limit'] {
  if (limit === undefined) return { rows: LIMITS.defaultRows, strict: true }
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.rows) {
    throw refuse('limit_invalid', `limit is a whole number from 1 to ${LIMITS.rows}.`, 'limit')
  }
  return { rows: limit, strict: false }
}

const dimensionColumn = ({ id, label, kind }: Dimension): Column => ({
  id,
  label,
  type: kind === 'code' ? 'text' : id === 'hour' ? 'time' : 'date',
  unit: null,
})
const metricColumn = ({ definition: { id, label, unit } }: AskedMetric): Column => ({
  id,
  label,
  type: unit === 'money' ? 'money' : 'number',
  unit,
})
