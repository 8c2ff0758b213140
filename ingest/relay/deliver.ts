import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client'
import type pg from 'pg'
import { publishBatches } from '../../clickhouse/derive/publish'
import { failpoint } from '../../lib/failpoint'
import { log } from '../../lib/log'
import { withPublisher } from './publisher'
import { type Batch, type LogRow, markDelivered, noteAttempt, rowsOf } from './seal'
import { sendRows, wireLine } from './send'
import { tombstonesFor } from './tombstones'

/** ClickHouse's codes for input that it cannot read: the row is at fault, not the server, and sending it again will not help. */
const UNREADABLE = new Set([
  '6',
  '26',
  '27',
  '38',
  '41',
  '53',
  '69',
  '70',
  '72',
  '117',
  '130',
  '131',
  '349',
  '407',
  '441',
  '467',
])

/**
 * Delivers sealed batches: sends them, publishes what they touch, marks them. A batch whose last attempt has an unknown outcome is simply
 * sent again (docs/decisions/0005). Returns the months whose rollups are behind.
 */
export async function deliver(
  pool: pg.Pool,
  client: ClickHouseClient,
  batches: readonly Batch[],
  epoch: bigint,
): Promise<number[]> {
  const ids = batches.map((batch) => batch.id)
  // Sending too happens under the lock: who holds it sees ClickHouse between two deliveries, never in the middle of one.
  const months = await withPublisher(pool, client, async (d) => {
    for (const batch of batches) {
      await noteAttempt(pool, [batch.id])
      failpoint('after_seal')
      await sendBatch(pool, client, batch.id)
      failpoint('after_send')
    }
    return (await publishBatches(d, ids)).months
  })
  await client.insert({
    table: 'delivered',
    columns: ['batch', 'max_time', 'rows'],
    values: batches.map((batch) => [batch.id.toString(), batch.maxTime?.getTime() ?? 0, batch.rows]),
    format: 'JSONCompactEachRow',
  })
  failpoint('before_mark')
  await markDelivered(pool, ids, epoch)
  return months
}

/** Sends one sealed batch of the log with the tombstones that its corrections need. */
export async function sendBatch(pool: pg.Pool, client: ClickHouseClient, batch: bigint): Promise<void> {
  const rows = await rowsOf(pool, batch)
  const tombstones = await tombstonesFor(pool, batch, rows.length)
  await sendOrIsolate(pool, client, batch, rows)
  if (tombstones.length > 0) await sendRows(client, tombstones.join(''))
}

/**
 * Sends rows; when ClickHouse cannot read one of them, halves the batch until that row stands alone, puts it into quarantine and goes on
 * with the rest. A batch is never skipped as a whole.
 */
async function sendOrIsolate(
  pool: pg.Pool,
  client: ClickHouseClient,
  batch: bigint,
  rows: LogRow[],
  from = 0,
): Promise<void> {
  if (rows.length === 0) return
  try {
    await sendRows(client, rows.map((row, index) => wireLine(batch, from + index, row.hash, row.body)).join(''))
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !UNREADABLE.has(error.code)) throw error
    const [row] = rows
    if (rows.length === 1 && row) {
      log('relay').error(
        { source: row.source, id: row.id, reason: error.message },
        'an accepted event cannot be read by ClickHouse',
      )
      await pool.query(
        `INSERT INTO quarantine (source, event_id, reason, message, raw, origin) VALUES ($1, $2, 'sink_poison', $3, $4, 'relay')`,
        [row.source, row.id, error.message.slice(0, 2000), Buffer.from(row.body)],
      )
      return
    }
    const half = Math.ceil(rows.length / 2)
    await sendOrIsolate(pool, client, batch, rows.slice(0, half), from)
    await sendOrIsolate(pool, client, batch, rows.slice(half), from + half)
  }
}
