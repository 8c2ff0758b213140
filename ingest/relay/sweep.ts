import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { publishBatches } from '../../clickhouse/derive/publish'
import { log } from '../../lib/log'
import { sendBatch } from './deliver'
import { withPublisher } from './publisher'
import { remember } from './state'

/**
 * Looks whether what was delivered in the last hour is still there, as after a power cut it might not be, and delivers again what is not.
 * Rows that a newer version has replaced are missing too; sending them again changes nothing. Returns the months whose rollups are behind.
 */
export async function sweep(pool: pg.Pool, client: ClickHouseClient): Promise<number[]> {
  const { rows } = await pool.query<{ id: bigint; rows: number }>(
    `SELECT id, rows FROM batch WHERE state = 'delivered' AND kind = 'log' AND delivered_at > now() - interval '1 hour' ORDER BY id`,
  )
  if (rows.length === 0) return []
  const result = await client.query({
    query: 'SELECT batch, count() AS n FROM event_index WHERE batch >= {from:UInt64} GROUP BY batch',
    query_params: { from: rows[0]?.id.toString() ?? '0' },
    format: 'JSONEachRow',
  })
  // 64-bit numbers come as JSON numbers here and as texts elsewhere: the key is the text either way.
  const found = await result.json<{ batch: string | number; n: string | number }>()
  const present = new Map(found.map((row) => [String(row.batch), Number(row.n)]))
  const missing = rows.filter((row) => (present.get(row.id.toString()) ?? 0) < row.rows && !settled[row.id.toString()])
  for (const { id } of missing) await sendBatch(pool, client, id)
  await remember(pool, 'sweep', { at: new Date().toISOString(), checked: rows.length, again: missing.length })
  if (missing.length === 0) return []
  log('sweep').info(
    { batches: missing.length },
    'batches had fewer rows than were sent (newer versions replace rows, a power cut loses them) and were sent again',
  )
  const { months } = await withPublisher(pool, client, (d) =>
    publishBatches(
      d,
      missing.map(({ id }) => id),
    ),
  )
  // Still fewer rows than were sent means that newer versions replaced them: no need to send these again and again.
  for (const { id } of missing) settled[id.toString()] = true
  return months
}

const settled: Record<string, true> = {}
