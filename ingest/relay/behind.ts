import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { rebuildRollups } from '../../clickhouse/derive/rollups'
import { withPublisher } from './publisher'

/**
 * Months (`yyyymm`) whose rollups are behind, in the `installation` table and nowhere else: whoever publishes sales writes down their months
 * before it forgets them, and a month is struck off when it is rebuilt.
 */
interface Behind {
  months: number[]
  /** Which version of the row was read. */
  version: string
}

/** The end of an insert of months into the row: they are added to those that are behind already. */
export const BESIDE_THOSE = `ON CONFLICT (key) DO UPDATE SET at = now(), value =
  (SELECT coalesce(jsonb_agg(DISTINCT month), '[]') FROM jsonb_array_elements(installation.value || excluded.value) AS month)`

/** Notes months as behind. */
export async function noteBehind(pool: pg.Pool, months: readonly number[]): Promise<void> {
  if (months.length === 0) return
  await pool.query(`INSERT INTO installation (key, value) VALUES ('rollups_behind', $1::jsonb) ${BESIDE_THOSE}`, [
    JSON.stringify(months),
  ])
}

async function readBehind(pool: pg.Pool): Promise<Behind> {
  const { rows } = await pool.query<Behind>(
    "SELECT value AS months, xmin::text AS version FROM installation WHERE key = 'rollups_behind'",
  )
  return rows[0] ?? { months: [], version: '0' }
}

/** Brings the rollups that are behind up to date. A month that is noted again meanwhile stays behind and is rebuilt once more. */
export async function rollUp(pool: pg.Pool, client: ClickHouseClient): Promise<void> {
  if ((await readBehind(pool)).months.length === 0) return
  await withPublisher(pool, client, async (d) => {
    const { months, version } = await readBehind(pool)
    await rebuildRollups(d, months)
    await pool.query(
      "UPDATE installation SET value = '[]', at = now() WHERE key = 'rollups_behind' AND xmin::text = $1",
      [version],
    )
  })
}

/** Order lines named in one question: they travel in its address. */
const AT_ONCE = 1_000

/** Every month in which one of the order lines is served, or would be by any of its facts. */
export async function monthsOf(client: ClickHouseClient, lines: readonly string[]): Promise<number[]> {
  const months = new Set<number>()
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    const result = await client.query({
      query: `SELECT toYYYYMM(sold_day) AS month FROM sale_home WHERE order_line_id IN {lines:Array(String)}
        UNION DISTINCT SELECT toYYYYMM(time) FROM sale_events WHERE order_line_id IN {lines:Array(String)}`,
      query_params: { lines: lines.slice(at, at + AT_ONCE) },
      format: 'JSONEachRow',
    })
    for (const { month } of await result.json<{ month: number }>()) months.add(month)
  }
  return [...months]
}
