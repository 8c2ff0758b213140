import { firstOf, type SearchParams, type Unread, type ViewState } from '@/components/filters/view-state'
import type { MetricDefinition } from '@/lib/metrics/definition-types'
import { METRICS } from '@/lib/metrics/definitions'
import type { Order, PartName, QuerySpec } from '@/lib/metrics/types'
import { specOf } from '../spec'

export const PAGE_SIZES = [50, 200, 1000] as const
const DEFAULT_METRIC = 'return_rate_units'

/** What the rows page was asked: which number, which part of a ratio, which page, in which order. */
export interface AskedRows {
  metric: MetricDefinition
  part: PartName
  size: number
  offset: number
  order: Order | undefined
  spec: QuerySpec
  /** The page's own parameters as they stand in its links. */
  own: Record<string, string | undefined>
  unread: Unread[]
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/

/** Reads the page's own parameters; what cannot be read falls back to its default, a figure that there is not is told. */
export function askedRows(params: SearchParams, state: ViewState): AskedRows {
  const named = firstOf(params.metric) ?? DEFAULT_METRIC
  const known = Object.hasOwn(METRICS, named)
  const metric = METRICS[known ? named : DEFAULT_METRIC]
  if (!metric) throw new Error(`No metric is called ${DEFAULT_METRIC}`)
  const asOf = firstOf(params.as_of)
  const at = asOf && INSTANT.test(asOf) ? asOf : undefined
  const sort = firstOf(params.sort)
  const order = sort && /^-?[a-z_]+$/.test(sort) ? orderOf(sort) : undefined
  const part = firstOf(params.part) === 'denominator' && metric.denominator ? 'denominator' : 'numerator'
  const size = PAGE_SIZES.find((known) => String(known) === firstOf(params.size)) ?? PAGE_SIZES[0]
  const page = Math.max(1, Number.parseInt(firstOf(params.page) ?? '1', 10) || 1)
  const { compare: _, ...view } = specOf(state)
  return {
    metric,
    part,
    size,
    offset: (page - 1) * size,
    order,
    spec: { ...view, metrics: [metric.id], by: [], ...(at ? { asOf: at } : {}) },
    own: {
      metric: metric.id,
      part: part === 'denominator' ? part : undefined,
      size: size === PAGE_SIZES[0] ? undefined : String(size),
      sort: order ? sort : undefined,
      as_of: at,
    },
    unread: known
      ? []
      : [{ text: `metric=${named}`, why: `There is no such figure: the glossary has all. You see: ${metric.label}.` }],
  }
}

const orderOf = (sort: string): Order =>
  sort.startsWith('-') ? { column: sort.slice(1), direction: 'desc' } : { column: sort, direction: 'asc' }
