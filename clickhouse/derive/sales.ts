import { convert, ORDER, rate } from './expressions'

/** Descriptive values of a sale that a unit takes over, in the order of the served tables. */
export const DESCRIPTIVE = [
  'sku',
  'product_id',
  'product_name',
  'size',
  'category',
  'brand',
  'supplier_id',
  'channel',
  'campaign',
  'segment',
  'country',
  'entity',
  'customer_ref',
] as const

const LATEST = ['order_id', ...DESCRIPTIVE, 'facility', 'quantity', 'net_amount', 'unit_cost', 'currency'] as const
const at = (name: (typeof LATEST)[number]) => `latest.${LATEST.indexOf(name) + 1}`

/**
 * One row per order line with a live sale (docs/facts.md, section 3): `order_line_id`, `sold_at`, the latest values, `net` and `cost` in the
 * reporting currency, and `unit_cost` with `cost_rate` as the sale gave it. `lines`: a sub-query of order_line_ids.
 */
export const saleFacts = (lines: string): string => `
SELECT order_line_id, sold_at, ${LATEST.filter((name) => name !== 'facility')
  .map((name) => `${at(name)} AS ${name}`)
  .join(', ')}, ${at('facility')} AS ship_facility,
  ${rate(at('currency'), 'sold_at')} AS cost_rate,
  ${convert(at('net_amount'), 'cost_rate')} AS net,
  ${convert(`toInt128(${at('quantity')}) * ifNull(${at('unit_cost')}, 0)`, 'cost_rate')} AS cost
FROM
(
  SELECT order_line_id, min(time) AS sold_at, argMax((${LATEST.join(', ')}), ${ORDER}) AS latest
  FROM (SELECT * FROM sale_events FINAL WHERE order_line_id IN (${lines}) AND voided = 0)
  GROUP BY order_line_id
)`

const VALUES = ['sold_at', 'order_id', ...DESCRIPTIVE, 'ship_facility', 'quantity', 'net', 'cost'] as const

/** Columns of `sales` that a publish writes, and the derivation that gives them, without `version`. */
export const SALE_COLUMNS = ['sold_day', 'order_line_id', 'content', ...VALUES] as const
export const deriveSales = (lines: string): string => `
SELECT toDate(sold_at) AS sold_day, order_line_id, cityHash64(order_line_id, ${VALUES.join(', ')}) AS content, ${VALUES.join(', ')}
FROM (${saleFacts(lines)})`
