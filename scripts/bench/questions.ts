import type { QuerySpec } from '../../lib/metrics/types'

/** One dashboard query: the product's question, and the same in SQL over the tables of bench/served-tables.ts. */
export interface BenchQuestion {
  name: string
  spec: Omit<QuerySpec, 'from' | 'to' | 'tz' | 'filters'> & { days: number; filters?: QuerySpec['filters'] }
  /** $1 and $2 are the period, $3 the instant now. `"at"` is quoted because it is a keyword of DuckDB. */
  sql: string
  /** The same for DuckDB, where another way of asking is faster there. */
  duckdb?: string
  /** Metrics of the product's totals and the columns of the SQL whose sums must equal them: proof that both did the same work. */
  same: Readonly<Record<string, string>>
}

const QUARTER = 91
const sold = 'u.has_sale = 1 AND u.sold_at >= $1 AND u.sold_at < $2'

/** A figure of the period and of the one before it, in one pass. */
const both = (table: string, date: string, figure: string, name: string) =>
  `(SELECT ${figure} FILTER (WHERE ${date} >= $1) AS ${name}, ${figure} FILTER (WHERE ${date} < $1) AS ${name}_before FROM ${table} WHERE ${date} >= $1 - ($2 - $1) AND ${date} < $2)`

const byDay = (day: string) => `SELECT s.day, s.channel, s.sold, coalesce(u.back, 0) AS back
  FROM (SELECT ${day} AS day, channel, sum(quantity) AS sold FROM sales WHERE sold_at >= $1 AND sold_at < $2 GROUP BY 1, 2) s
  LEFT JOIN (SELECT ${day} AS day, channel, sum(quantity) AS back FROM units u WHERE ${sold} AND returned = 1 GROUP BY 1, 2) u USING (day, channel)`

/** The seven of the quality page. */
export const QUESTIONS: readonly BenchQuestion[] = [
  {
    name: 'KPI header with comparison',
    spec: {
      metrics: [
        'requested_units',
        'received_units',
        'refunded_value',
        'net_margin_impact',
        'days_request_to_refund_p50',
      ],
      by: [],
      basis: 'activity',
      compare: 'previous_period',
      days: QUARTER,
    },
    sql: `SELECT
      (SELECT sum(quantity) FROM units WHERE requested_at >= $1 AND requested_at < $2) AS requested,
      (SELECT sum(quantity) FROM units WHERE received_at >= $1 AND received_at < $2) AS received,
      (SELECT sum(amount) FROM credits WHERE "at" >= $1 AND "at" < $2) AS refunded,
      (SELECT sum(amount) FROM money WHERE "at" >= $1 AND "at" < $2) AS margin,
      (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY refunded_at - requested_at) FROM units WHERE refunded_at >= $1 AND refunded_at < $2 AND requested_at IS NOT NULL) AS days,
      (SELECT sum(quantity) FROM units WHERE requested_at >= $1 - ($2 - $1) AND requested_at < $1) AS requested_before,
      (SELECT sum(quantity) FROM units WHERE received_at >= $1 - ($2 - $1) AND received_at < $1) AS received_before,
      (SELECT sum(amount) FROM credits WHERE "at" >= $1 - ($2 - $1) AND "at" < $1) AS refunded_before,
      (SELECT sum(amount) FROM money WHERE "at" >= $1 - ($2 - $1) AND "at" < $1) AS margin_before,
      (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY refunded_at - requested_at) FROM units WHERE refunded_at >= $1 - ($2 - $1) AND refunded_at < $1 AND requested_at IS NOT NULL) AS days_before`,
    // It has no indexes to go over twice: half the passes take it less than half. Its intervals are dear to sort.
    duckdb: `SELECT * FROM ${[
      both('units', 'requested_at', 'sum(quantity)', 'requested'),
      both('units', 'received_at', 'sum(quantity)', 'received'),
      both('credits', '"at"', 'sum(amount)', 'refunded'),
      both('money', '"at"', 'sum(amount)', 'margin'),
      both('units', 'refunded_at', 'quantile_disc(epoch_us(refunded_at) - epoch_us(requested_at), 0.5)', 'days'),
    ].join(', ')}`,
    same: {
      requested_units: 'requested',
      received_units: 'received',
      refunded_value: 'refunded',
      net_margin_impact: 'margin',
    },
  },
  {
    name: 'return rate by SKU, top 50',
    spec: {
      metrics: ['return_rate_units', 'sold_units'],
      by: ['sku'],
      basis: 'cohort',
      order: [{ column: 'return_rate_units', direction: 'desc' }],
      limit: 50,
      days: QUARTER,
    },
    sql: `SELECT s.sku, s.sold, coalesce(u.back, 0)::float8 / s.sold AS rate, sum(s.sold) OVER () AS all_sold
      FROM (SELECT sku, sum(quantity) AS sold FROM sales WHERE sold_at >= $1 AND sold_at < $2 GROUP BY sku) s
      LEFT JOIN (SELECT sku, sum(quantity) AS back FROM units u WHERE ${sold} AND returned = 1 GROUP BY sku) u USING (sku)
      ORDER BY rate DESC LIMIT 50`,
    same: { sold_units: 'all_sold' },
  },
  {
    name: 'reason × SKU of one category',
    spec: {
      metrics: ['requested_units'],
      by: ['sku', 'reason'],
      basis: 'activity',
      filters: [{ dimension: 'category', op: 'eq', values: ['apparel'] }],
      days: QUARTER,
    },
    sql: `SELECT sku, reason, sum(quantity) AS n FROM units WHERE requested_at >= $1 AND requested_at < $2 AND category = 'apparel' GROUP BY sku, reason`,
    same: { requested_units: 'n' },
  },
  {
    name: '12 months by day × channel',
    spec: { metrics: ['return_rate_units', 'sold_units'], by: ['day', 'channel'], basis: 'cohort', days: 364 },
    sql: byDay("date_trunc('day', sold_at)"),
    // A cast to a date takes it a third less.
    duckdb: byDay('sold_at::date'),
    same: { sold_units: 'sold' },
  },
  {
    name: 'backlog by facility × shift × stage',
    spec: { metrics: ['backlog_units', 'backlog_value'], by: ['facility', 'shift', 'stage'], days: QUARTER },
    sql: `SELECT facility, shift, inspected_at IS NOT NULL AS stage, sum(full_quantity) AS n, sum(full_cost_value) AS value FROM units
      WHERE received_at <= $3 AND dispositioned_at IS NULL AND split_at IS NULL AND outcome = 'open' GROUP BY 1, 2, 3`,
    same: { backlog_units: 'n', backlog_value: 'value' },
  },
  {
    name: 'supplier funnel',
    spec: {
      metrics: ['claimable_value', 'claimed_value', 'accepted_value', 'recovered_value'],
      by: ['supplier'],
      basis: 'activity',
      days: 364,
    },
    sql: `SELECT supplier_id, sum(claimable) AS claimable, sum(claimed) AS claimed, sum(accepted) AS accepted, sum(recovered) AS recovered FROM (
        SELECT supplier_id, claimable, 0 AS claimed, 0 AS accepted, 0 AS recovered FROM units WHERE claimable_at >= $1 AND claimable_at < $2
        UNION ALL SELECT supplier_id, 0, claimed, 0, 0 FROM claims WHERE claimed_at >= $1 AND claimed_at < $2
        UNION ALL SELECT supplier_id, 0, 0, accepted, 0 FROM claims WHERE accepted_at >= $1 AND accepted_at < $2
        UNION ALL SELECT supplier_id, 0, 0, 0, recovered FROM claims WHERE recovered_at >= $1 AND recovered_at < $2) x GROUP BY supplier_id`,
    same: {
      claimable_value: 'claimable',
      claimed_value: 'claimed',
      accepted_value: 'accepted',
      recovered_value: 'recovered',
    },
  },
  {
    name: 'refund leakage by category × channel',
    spec: {
      metrics: ['leakage_value', 'leakage_cases'],
      by: ['leakage_category', 'channel'],
      basis: 'activity',
      days: QUARTER,
    },
    sql: `SELECT category, channel, sum(amount) AS value, count(DISTINCT settlement_id) AS cases FROM leaks
      WHERE "at" >= $1 AND "at" < $2 AND "at" <= $3 AND until > $3 GROUP BY category, channel`,
    same: { leakage_value: 'value' },
  },
]
