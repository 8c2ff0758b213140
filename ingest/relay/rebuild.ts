import { join } from 'node:path'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { publishAll } from '../../clickhouse/derive/publish'
import { customerSecret, migrateClickHouse } from '../../clickhouse/migrate'
import { env } from '../../lib/env'
import { archiveWire } from '../import/archive'
import { sendBatch } from './deliver'
import { withPublisher } from './publisher'
import { syncReference } from './reference'
import { sendRows } from './send'
import { remember } from './state'
import { repairStrays } from './strays'

interface StoredBatch {
  id: bigint
  kind: 'log' | 'archive'
  rows: number
  state: string
  path: string | null
  sha256: string | null
  maxTime: Date | null
}

export interface Rebuilt {
  batches: number
  rows: number
  units: number
  lines: number
}

/**
 * Drops everything that ClickHouse holds and builds it anew from the log and the archive. Ingest goes on meanwhile: whatever is sealed after
 * the tables are new reaches them by the relay, which waits for the publisher's lock.
 */
export async function rebuild(
  pool: pg.Pool,
  client: ClickHouseClient,
  clickhouseUrl: string,
  onProgress: (done: string, share: number) => void = () => undefined,
): Promise<Rebuilt> {
  // Before anything is dropped.
  customerSecret()
  return withPublisher(pool, client, async (d) => {
    await dropTables(client)
    await migrateClickHouse(clickhouseUrl)
    await remember(pool, 'reference', await syncReference(pool, client))
    const { rows: batches } = await pool.query<StoredBatch>(
      `SELECT id, kind, rows, state, path, sha256, max_time AS "maxTime" FROM batch ORDER BY id`,
    )
    for (const [index, batch] of batches.entries()) {
      if (batch.kind === 'log') await sendBatch(pool, client, batch.id)
      else await sendRows(client, archiveWire(join(env().BACKHAUL_DATA, 'archive'), batch))
      onProgress('events', (index + 1) / batches.length)
    }
    await repairStrays(client)
    const { units, lines } = await publishAll(d, (share) => onProgress('facts', share))
    const delivered = batches.filter(({ state }) => state === 'delivered')
    if (delivered.length > 0) {
      await client.insert({
        table: 'delivered',
        columns: ['batch', 'max_time', 'rows'],
        values: delivered.map((batch) => [batch.id.toString(), batch.maxTime?.getTime() ?? 0, batch.rows]),
        format: 'JSONCompactEachRow',
      })
    }
    return { batches: batches.length, rows: batches.reduce((sum, { rows }) => sum + rows, 0), units, lines }
  })
}

async function dropTables(client: ClickHouseClient): Promise<void> {
  const result = await client.query({
    query:
      "SELECT name, engine FROM system.tables WHERE database = currentDatabase() ORDER BY engine LIKE '%View' DESC",
    format: 'JSONEachRow',
  })
  for (const { name, engine } of await result.json<{ name: string; engine: string }>()) {
    await client.command({
      query: `DROP ${engine.endsWith('View') ? 'VIEW' : 'TABLE'} IF EXISTS {name:Identifier} SYNC`,
      query_params: { name },
    })
  }
}
