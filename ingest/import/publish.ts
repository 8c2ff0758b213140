import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { compact } from '../../clickhouse/derive/compact'
import { publishAll, publishBatches } from '../../clickhouse/derive/publish'
import { noteBehind, rollUp } from '../relay/behind'
import { derivationOf, withPublisher } from '../relay/publisher'
import { syncReference } from '../relay/reference'
import { repairStrays } from '../relay/strays'
import type { SealedBatch } from './ledger'

/** Batches that are published at a time while others publish too: bounds how long they wait, and memory. */
const AT_ONCE = 3
/** With less than this many times as much elsewhere, deriving everything anew costs less than looking for what was touched. */
const MUCH = 3

/**
 * Brings batches of an import to what dashboards read. What another version of them had put elsewhere, whichever way it came, stops counting
 * there. `onProgress` hears the share done, 0 to 1.
 */
export async function publishImport(
  pool: pg.Pool,
  client: ClickHouseClient,
  batches: readonly SealedBatch[],
  onProgress: (share: number) => void,
): Promise<void> {
  if (batches.length === 0) return
  const ids = batches.map(({ id }) => id)
  await withPublisher(pool, client, async () => {
    await syncReference(pool, client)
    // Under the lock, as the relay looks for its corrections: whichever of the two comes second sees the other.
    await repairStrays(client, ids)
  })
  const imported = batches.reduce((sum, { rows }) => sum + rows, 0)
  if (batches.length > AT_ONCE && imported * MUCH > (await eventsStored(client))) {
    await withPublisher(pool, client, (d) => publishAll(d, onProgress))
  } else {
    for (let at = 0; at < batches.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE)
      // Written down before the lock is given back: an import that dies here leaves no month behind that nobody knows of.
      await withPublisher(pool, client, async (d) => noteBehind(pool, (await publishBatches(d, some)).months))
      onProgress(Math.min(1, (at + AT_ONCE) / batches.length) * 0.9)
    }
    await rollUp(pool, client)
    await compact(derivationOf(pool, client))
  }
  await client.insert({
    table: 'delivered',
    columns: ['batch', 'max_time', 'rows'],
    values: batches.map(({ id, maxTime, rows }) => [id.toString(), maxTime?.getTime() ?? 0, rows]),
    format: 'JSONCompactEachRow',
  })
  onProgress(1)
}

async function eventsStored(client: ClickHouseClient): Promise<number> {
  const tables = ['sale', 'unit', 'movement', 'settlement', 'claim', 'cost'].map(
    (kind) => `SELECT count() AS n FROM ${kind}_events`,
  )
  const result = await client.query({
    query: `SELECT sum(n) AS n FROM (${tables.join(' UNION ALL ')})`,
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ n: string }>()
  return Number(row?.n ?? 0)
}
