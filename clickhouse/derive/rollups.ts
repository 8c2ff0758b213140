import { type Derivation, rows, run } from './context'

const SLOT =
  'category, brand, supplier_id, channel, campaign, segment, country, entity, ship_facility, size, sku, product_id'
const HOUR = 'category, channel, segment, country, entity'
const SUMS = 'sum(quantity), sum(net), sum(cost), count()'

const ROLLUPS = [
  {
    table: 'sales_slot',
    select: `SELECT toStartOfFifteenMinutes(toDateTime(sold_at, 'UTC')) AS slot, ${SLOT}, ${SUMS}`,
    by: `slot, ${SLOT}`,
  },
  {
    table: 'sales_hour',
    select: `SELECT toStartOfHour(toDateTime(sold_at, 'UTC')) AS hour, ${HOUR}, ${SUMS}`,
    by: `hour, ${HOUR}`,
  },
] as const

/** Months (`yyyymm`) in which a queued order line is, or ever was, published. */
export async function touchedMonths(d: Derivation, generation: bigint): Promise<number[]> {
  const found = await rows<{ month: number }>(
    d,
    `SELECT DISTINCT toYYYYMM(sold_day) AS month FROM sale_home
     WHERE order_line_id IN (SELECT ref FROM publish_queue WHERE generation = {generation:UInt64} AND kind = 'line')`,
    { generation },
  )
  return found.map(({ month }) => month)
}

/** Every month with sales. */
export async function allMonths(d: Derivation): Promise<number[]> {
  const found = await rows<{ month: number }>(
    d,
    'SELECT DISTINCT toYYYYMM(sold_day) AS month FROM sale_home ORDER BY month',
  )
  return found.map(({ month }) => month)
}

/** Rebuilds both rollups for the months from `sales` and swaps each month in whole. */
export async function rebuildRollups(d: Derivation, months: Iterable<number>): Promise<void> {
  for (const month of months) {
    for (const { table, select, by } of ROLLUPS) {
      await run(d, `TRUNCATE TABLE ${table}_stage`)
      await run(
        d,
        `INSERT INTO ${table}_stage ${select} FROM sales FINAL WHERE toYYYYMM(sold_day) = {month:UInt32} GROUP BY ${by}`,
        { month },
      )
      await run(d, `ALTER TABLE ${table} REPLACE PARTITION ID '${Math.trunc(month)}' FROM ${table}_stage`)
    }
  }
}
