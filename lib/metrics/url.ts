import { UserError } from '../errors'
import type { Compare, Filter, FilterOperator, Order, QuerySpec } from './types'

/**
 * A question as a URL, and back:
 * `metrics=a,b&by=channel,week&from=2026-01-01&to=2026-04-01&basis=cohort&tz=Europe/Berlin&filter=channel:in:dtc|amazon`
 * `&compare=previous_period&order=-a,week&limit=50&as_of=2026-03-31T22:00:00Z`.
 * A filter is `dimension:operator:value|value`; a backslash stands before a `|` or a `\` that belongs to a value.
 * `compare` is previous_period, previous_year or `from..to`. In `order` a minus is descending, `:low` the lower bound.
 */
const OPERATORS: readonly FilterOperator[] = ['eq', 'in', 'not_in']
const KNOWN = ['metrics', 'by', 'from', 'to', 'basis', 'tz', 'filter', 'compare', 'order', 'limit', 'as_of']

const refuse = (code: string, message: string, parameter: string) => new UserError(code, message, 400, parameter)
const list = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/**
 * Reads a question. `tz` fills in when the URL has none. Throws a UserError (400) that names the parameter for what cannot
 * be read, unknown parameters among them: a mistyped filter must not become no filter.
 */
export function parseQuery(params: URLSearchParams, defaults: { tz: string }, also: readonly string[] = []): QuerySpec {
  for (const name of params.keys()) {
    if (!KNOWN.includes(name) && !also.includes(name))
      throw refuse('parameter_unknown', `There is no parameter "${name}". Known: ${KNOWN.join(', ')}.`, name)
    if (name !== 'filter' && params.getAll(name).length > 1)
      throw refuse('parameter_twice', `"${name}" is given twice.`, name)
  }
  const given = (name: string) => params.get(name) ?? undefined
  const basis = given('basis')
  if (basis !== undefined && basis !== 'cohort' && basis !== 'activity') {
    throw refuse(
      'basis_unknown',
      'The basis is cohort (by date of sale) or activity (by date of what happened).',
      'basis',
    )
  }
  const [compare, limit, asOf, order] = [given('compare'), given('limit'), given('as_of'), list(params.get('order'))]
  return {
    metrics: list(params.get('metrics')),
    by: list(params.get('by')),
    from: needed(params, 'from'),
    to: needed(params, 'to'),
    tz: given('tz') ?? defaults.tz,
    filters: params.getAll('filter').map(parseFilter),
    ...(basis ? { basis } : {}),
    ...(compare ? { compare: parseCompare(compare) } : {}),
    ...(order.length > 0 ? { order: order.map(parseOrder) } : {}),
    ...(limit !== undefined ? { limit: /^\d{1,9}$/.test(limit) ? Number(limit) : Number.NaN } : {}),
    ...(asOf !== undefined ? { asOf } : {}),
  }
}

function needed(params: URLSearchParams, name: string): string {
  const value = params.get(name)
  if (!value) throw refuse('parameter_missing', `"${name}" is missing: a calendar date, YYYY-MM-DD.`, name)
  return value
}

/** Writes a question, in the order of the grammar above; what is not said is left out. */
export function formatQuery(spec: QuerySpec): URLSearchParams {
  const params = new URLSearchParams()
  params.set('metrics', spec.metrics.join(','))
  if (spec.by.length > 0) params.set('by', spec.by.join(','))
  params.set('from', spec.from)
  params.set('to', spec.to)
  if (spec.basis) params.set('basis', spec.basis)
  params.set('tz', spec.tz)
  for (const filter of spec.filters) params.append('filter', formatFilter(filter))
  if (spec.compare)
    params.set('compare', typeof spec.compare === 'string' ? spec.compare : `${spec.compare.from}..${spec.compare.to}`)
  if (spec.order && spec.order.length > 0) params.set('order', spec.order.map(formatOrder).join(','))
  if (spec.limit !== undefined) params.set('limit', String(spec.limit))
  if (spec.asOf) params.set('as_of', spec.asOf)
  return params
}

/** `channel:in:dtc|amazon`. A value may hold colons; an empty one is "unknown". */
export function parseFilter(text: string): Filter {
  const match = /^([^:]*):([^:]*):(.*)$/s.exec(text)
  if (!match)
    throw refuse(
      'filter_invalid',
      'A filter reads dimension:operator:value|value, such as channel:in:dtc|amazon.',
      'filter',
    )
  const [, dimension = '', op = '', rest = ''] = match
  const operator = OPERATORS.find((known) => known === op)
  if (!operator)
    throw refuse('operator_unknown', `There is no operator "${op}". Use ${OPERATORS.join(', ')}.`, 'filter')
  return { dimension, op: operator, values: splitValues(rest) }
}

function splitValues(text: string): string[] {
  const values = ['']
  for (const [piece] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (piece === '|') values.push('')
    else values.push(`${values.pop() ?? ''}${piece.length > 1 ? piece.slice(1) : piece}`)
  }
  return values
}

/** The inverse of `parseFilter`. */
export const formatFilter = ({ dimension, op, values }: Filter): string =>
  `${dimension}:${op}:${values.map((value) => value.replaceAll(/[\\|]/g, '\\$&')).join('|')}`

function parseCompare(text: string): Compare {
  if (text === 'previous_period' || text === 'previous_year') return text
  const [from = '', to = '', more] = text.split('..')
  if (!from || !to || more !== undefined) {
    throw refuse(
      'compare_unknown',
      'Compare with previous_period, previous_year, or dates: 2025-01-01..2025-04-01.',
      'compare',
    )
  }
  return { from, to }
}

function parseOrder(text: string): Order {
  const [column = '', by] = text.replace(/^-/, '').split(':')
  if (by !== undefined && by !== 'low' && by !== 'value')
    throw refuse('order_unknown', 'Order by a column, or by column:low.', 'order')
  return { column, direction: text.startsWith('-') ? 'desc' : 'asc', ...(by ? { by } : {}) }
}

const formatOrder = ({ column, direction, by }: Order): string =>
  `${direction === 'desc' ? '-' : ''}${column}${by === 'low' ? ':low' : ''}`
