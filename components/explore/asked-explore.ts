import type { Dimension, MetricDefinition } from '@/lib/metrics/definition-types'
import { METRICS, partOf } from '@/lib/metrics/definitions'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import type { Filter, Order, QuerySpec } from '@/lib/metrics/types'
import { firstOf, listOf, type SearchParams, type Unread, type ViewState } from '../filters/view-state'
import { DEFAULT_METRICS } from './presets'

export const MOST_METRICS = 4
export const MOST_BY = 2
/** How many groups a page shows. */
export const LIMITS = [10, 20, 50, 100, 200] as const
const LIMIT = 20
/** Over time all of it is shown: a line with holes lies. */
const LIMIT_OF_TIME = 400

/** A question of the page: the API's grammar (`metrics`, `by`, `order`, `limit`), as far as a table of it can be read. */
export interface AskedExplore {
  /** As chosen, in order. */
  metrics: readonly MetricDefinition[]
  /** Of these the ones that can be cut and filtered so. */
  fit: readonly MetricDefinition[]
  unfit: readonly { metric: MetricDefinition; why: string }[]
  by: readonly Dimension[]
  /** The time among `by`. */
  time: Dimension | undefined
  order: Order
  limit: number
  spec: Omit<QuerySpec, 'limit'>
  /** The page's own parameters as they stand in its links, defaults left out. */
  own: Own
  unread: Unread[]
}

export type Own = Record<'metrics' | 'by' | 'order' | 'limit', string | undefined>

/** Several are separated by commas, as the API has it, or named again, as a form sends them. */
const namesOf = (value: SearchParams[string]): string[] => [
  ...new Set(
    listOf(value)
      .flatMap((text) => text.split(','))
      .map((name) => name.trim())
      .filter(Boolean),
  ),
]

/** Reads what the address asks. What cannot be read is told, and the page does without it. */
export function askedExplore(
  params: SearchParams,
  state: ViewState,
  spec: Omit<QuerySpec, 'metrics' | 'by'>,
): AskedExplore {
  const unread: Unread[] = []
  const metrics = metricsOf(namesOf(params.metrics), unread)
  const by = dimensionsOf(namesOf(params.by), unread)
  const unfit = metrics.flatMap((metric) => {
    const why = whyUnfit(metric, by, state.filters)
    return why === undefined ? [] : [{ metric, why }]
  })
  const fit = metrics.filter((metric) => !unfit.some((each) => each.metric === metric))
  const time = by.find(({ kind }) => kind === 'time')
  const usual = usualOrder(fit, by)
  const order = orderOf(firstOf(params.order), { fit, metrics, by }, unread) ?? usual
  const alone = time !== undefined && by.length === 1
  const limit = alone ? LIMIT_OF_TIME : limitOf(firstOf(params.limit), unread)
  const named = metrics.map(({ id }) => id).join()
  return {
    ...{ metrics, fit, unfit, by, time, order, limit, unread },
    spec: { ...spec, metrics: fit.map(({ id }) => id), by: by.map(({ id }) => id), order: [order] },
    own: {
      metrics: named === DEFAULT_METRICS.join() ? undefined : named,
      by: by.map(({ id }) => id).join() === 'sku' ? undefined : by.map(({ id }) => id).join(),
      order: writeOrder(order) === writeOrder(usual) ? undefined : writeOrder(order),
      limit: alone || limit === LIMIT ? undefined : String(limit),
    },
  }
}

function metricsOf(names: readonly string[], unread: Unread[]): MetricDefinition[] {
  const known = names.flatMap((name) => {
    const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined
    if (!metric) unread.push({ text: `metrics=${name}`, why: 'There is no such figure: the glossary has all.' })
    return metric ? [metric] : []
  })
  if (known.length > MOST_METRICS) {
    const over = known.slice(MOST_METRICS).map(({ id }) => id)
    unread.push({
      text: `metrics=${over.join()}`,
      why: `A page shows ${MOST_METRICS} figures at most. Take one off first.`,
    })
  }
  if (known.length > 0) return known.slice(0, MOST_METRICS)
  return DEFAULT_METRICS.flatMap((id) => METRICS[id] ?? [])
}

function dimensionsOf(names: readonly string[], unread: Unread[]): Dimension[] {
  const known: Dimension[] = []
  for (const name of names) {
    const found = Object.hasOwn(DIMENSIONS, name) ? DIMENSIONS[name] : undefined
    const refuse = (why: string) => unread.push({ text: `by=${name}`, why })
    if (!found) refuse(`There is no such dimension. There are ${Object.keys(DIMENSIONS).join(', ')}.`)
    else if (name === 'hour') refuse('Hours are answered by the API: /api/v1/query. Here the shortest step is a day.')
    else if (found.kind === 'time' && known.some(({ kind }) => kind === 'time'))
      refuse('One of day, week, month and quarter at a time.')
    else if (known.length === MOST_BY) refuse('A page cuts by two dimensions at most; the API by four.')
    else known.push(found)
  }
  const { sku } = DIMENSIONS
  return known.length > 0 || !sku ? known : [sku]
}

/** A label within a sentence: names in capitals keep them. */
export const spoken = (label: string): string => (label === label.toUpperCase() ? label : label.toLowerCase())

/** Its dimensions, as a sentence names them. */
export const subjectOf = ({ by }: Pick<AskedExplore, 'by'>): string =>
  by.map(({ label }) => spoken(label)).join(' and ')

/** Why a figure cannot be cut or filtered so, as a person says it. */
function whyUnfit(metric: MetricDefinition, by: readonly Dimension[], filters: readonly Filter[]): string | undefined {
  const lacks = by.find(({ id }) => !metric.dimensions.includes(id))
  if (lacks) return `${metric.label} is not cut by ${spoken(lacks.label)}`
  // What is no dimension at all is refused with the question, and told with its reason.
  const filter = filters.find(
    ({ dimension }) => Object.hasOwn(DIMENSIONS, dimension) && !metric.dimensions.includes(dimension),
  )
  return (
    filter && `${metric.label} cannot be filtered by ${spoken(DIMENSIONS[filter.dimension]?.label ?? filter.dimension)}`
  )
}

/** Whether the lower bound of its interval can be ordered by: a share of pieces. */
export const isShare = ({ value }: MetricDefinition): boolean =>
  value.kind === 'ratio' && partOf(value.of).unit === 'count' && partOf(value.by).unit === 'count'

/** Time in its order; else the first figure, a share by what is sure of it, so that one of one does not stand first. */
function usualOrder(fit: readonly MetricDefinition[], by: readonly Dimension[]): Order {
  const [first] = by
  const [metric] = fit
  if (!metric || first?.kind === 'time') return { column: first?.id ?? 'sku', direction: 'asc' }
  return rankBy(metric, worthFirst(metric))
}

/** What one asks for first: the most, and of margin what was lost most. */
export const worthFirst = ({ family }: MetricDefinition): Order['direction'] => (family === 'margin' ? 'asc' : 'desc')

export const rankBy = (metric: MetricDefinition, direction: Order['direction']): Order => ({
  column: metric.id,
  direction,
  ...(direction === 'desc' && isShare(metric) ? { by: 'low' as const } : {}),
})

export const writeOrder = ({ column, direction, by }: Order): string =>
  `${direction === 'desc' ? '-' : ''}${column}${by === 'low' ? ':low' : ''}`

function orderOf(
  text: string | undefined,
  { fit, metrics, by }: Pick<AskedExplore, 'fit' | 'metrics' | 'by'>,
  unread: Unread[],
): Order | undefined {
  if (!text) return undefined
  const [, minus, column = '', low] = /^(-?)([a-z0-9_]+)(:low|:value)?$/.exec(text) ?? []
  const metric = fit.find(({ id }) => id === column)
  // A figure that is left out is told as such.
  if (!metric && metrics.some(({ id }) => id === column)) return undefined
  if (!metric && !by.some(({ id }) => id === column)) {
    unread.push({ text: `order=${text}`, why: 'Order by one of the columns, with a minus for the largest first.' })
    return undefined
  }
  if (low === ':low' && !(metric && isShare(metric))) {
    unread.push({ text: `order=${text}`, why: 'Only shares of pieces have a lower bound to order by.' })
    return undefined
  }
  return { column, direction: minus ? 'desc' : 'asc', ...(low === ':low' ? { by: 'low' as const } : {}) }
}

function limitOf(text: string | undefined, unread: Unread[]): number {
  if (!text) return LIMIT
  const most = LIMITS.at(-1) ?? LIMIT
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= most) return limit
  unread.push({ text: `limit=${text}`, why: `A whole number from 1 to ${most}. You see ${LIMIT}; the CSV has all.` })
  return LIMIT
}
