import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { publishBatches } from '../../clickhouse/derive/publish'
import { failpoint } from '../../lib/failpoint'
import { log } from '../../lib/log'
import { putInQuarantine } from '../quarantine/store'
import { withPublisher } from './publisher'
import { type Batch, type LogRow, markDelivered, noteAttempt, rowsOf } from './seal'
import { MOST_BYTES, sendReadable, wireLine } from './send'
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
  await sendLog(pool, client, rows, lines)
  await sendReadable(client, tombstones, async (_, reason) => {
    log('relay').error({ batch, reason }, 'a tombstone cannot be read by ClickHouse; nor can the event that it is for')
  })
}

/** Sends rows of the log as the lines that they are on the wire. */
const sendLog = (pool: pg.Pool, client: ClickHouseClient, rows: readonly LogRow[], lines: readonly string[]) =>
  sendReadable(client, lines, async (place, message) => {
    const row = rows[place]
    if (row) await isolate(pool, row, message)
  })

/** Rows of one insert, when batches are sent together. */
const MOST_ROWS = 20_000

/**
 * Sends batches of the log into tables that have nothing of theirs, as many with one insert as it takes: a quiet day leaves tens of thousands of
 * batches of a few rows, and an insert of ten rows costs what one of ten thousand does. Without tombstones: who calls looks for strays when all of
 * it is there. `onSent` hears how many are.
 */
export async function sendBatches(
  pool: pg.Pool,
  client: ClickHouseClient,
  batches: readonly bigint[],
  onSent: (batches: number) => void,
): Promise<void> {
  let rows: LogRow[] = []
  let lines: string[] = []
  let bytes = 0
  const flush = async (done: number) => {
    if (rows.length === 0) return
    await sendLog(pool, client, rows, lines)
    ;[rows, lines, bytes] = [[], [], 0]
    onSent(done)
  }
  for (const [index, batch] of batches.entries()) {
    const own = await rowsOf(pool, batch)
    const written = own.map((row, line) => wireLine(batch, line, row.hash, row.body))
    const size = written.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
    if (rows.length > 0 && (rows.length + own.length > MOST_ROWS || bytes + size > MOST_BYTES)) await flush(index)
    rows.push(...own)
    lines.push(...written)
    bytes += size
  }
  await flush(batches.length)
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
