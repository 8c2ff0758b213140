import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { publishBatches } from '../../clickhouse/derive/publish'
import { failpoint } from '../../lib/failpoint'
import { log } from '../../lib/log'
import { putInQuarantine } from '../quarantine/store'
import { withPublisher } from './publisher'
import { type Batch, type LogRow, markDelivered, noteAttempt, rowsOf } from './seal'
import { sendReadable, wireLine } from './send'
import { tombstonesFor } from './tombstones'

/**
 * Delivers sealed batches: sends them, publishes what they touch, marks them. A batch whose last attempt has an unknown outcome is simply
 * sent again (docs/decisions/0005). Returns the months whose rollups are behind, which are written down when it resolves.
 */
export async function deliver(
  pool: pg.Pool,
  client: ClickHouseClient,
  batches: readonly Batch[],
  epoch: bigint,
): Promise<number[]> {
  const ids = batches.map((batch) => batch.id)
  // All of it under the lock: who holds it sees both databases between two deliveries, never in the middle of one.
  return withPublisher(pool, client, async (d) => {
    for (const batch of batches) {
      await noteAttempt(pool, [batch.id])
      failpoint('after_seal')
      await sendBatch(pool, client, batch.id)
      failpoint('after_send')
    }
    const { months } = await publishBatches(d, ids)
    await client.insert({
      table: 'delivered',
      columns: ['batch', 'max_time', 'rows'],
      values: batches.map((batch) => [batch.id.toString(), batch.maxTime?.getTime() ?? 0, batch.rows]),
      format: 'JSONCompactEachRow',
    })
    failpoint('before_mark')
    await markDelivered(pool, ids, epoch, months)
    failpoint('after_mark')
    return months
  })
}

/**
 * Sends one sealed batch of the log with the tombstones that its corrections need. An event that ClickHouse cannot read goes into quarantine
 * and the rest is sent: a batch is never skipped as a whole.
 */
export async function sendBatch(pool: pg.Pool, client: ClickHouseClient, batch: bigint): Promise<void> {
  const rows = await rowsOf(pool, batch)
  const tombstones = await tombstonesFor(pool, client, batch, rows.length)
  const lines = rows.map((row, line) => wireLine(batch, line, row.hash, row.body))
  await sendReadable(client, lines, async (place, message) => {
    const row = rows[place]
    if (row) await isolate(pool, row, message)
  })
  await sendReadable(client, tombstones, async (_, reason) => {
    log('relay').error({ batch, reason }, 'a tombstone cannot be read by ClickHouse; nor can the event that it is for')
  })
}

async function isolate(pool: pg.Pool, row: LogRow, reason: string): Promise<void> {
  log('relay').error({ source: row.source, id: row.id, reason }, 'an accepted event cannot be read by ClickHouse')
  await putInQuarantine(
    (asked) => pool.query(asked),
    [
      {
        raw: Buffer.from(row.body),
        reason: 'sink_poison',
        message: reason.slice(0, 2000),
        source: row.source,
        id: row.id,
        origin: 'relay',
      },
    ],
  )
}
