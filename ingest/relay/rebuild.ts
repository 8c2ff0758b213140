import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import type { Derivation } from '../../clickhouse/derive/context'
import { publishAll } from '../../clickhouse/derive/publish'
import { createClickHouse, createTables, dropTables, markCurrent, standingSchema } from '../../clickhouse/migrate'
import { env } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { archiveWire } from '../import/archive'
import { sendBatches } from './deliver'
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

export type OnProgress = (done: string, share: number) => void

/**
 * Drops everything that ClickHouse holds of ours and builds it anew from the log and the archive. Ingest goes on meanwhile: whatever is sealed
 * after the tables are new reaches them by the relay, which waits for the publisher's lock.
 */
export const rebuild = (
  pool: pg.Pool,
  client: ClickHouseClient,
  clickhouseUrl: string,
  onProgress: OnProgress = () => undefined,
): Promise<Rebuilt> => withPublisher(pool, client, (d) => build(pool, d, clickhouseUrl, onProgress))

export interface Upgrade {
  /** Called once when there is something to build, which may take long: the log and the door need not wait for it. */
  readonly onRebuild?: () => void
  readonly onProgress?: OnProgress
}

/**
 * Brings ClickHouse to this version: creates it on the first start, and builds it anew when what stands there is another version's, belongs to
 * another log, or was not built to its end. Of several processes that start at once one does it, and the others find it done.
 */
export async function upgradeClickHouse(
  pool: pg.Pool,
  client: ClickHouseClient,
  clickhouseUrl: string,
  { onRebuild, onProgress = () => undefined }: Upgrade = {},
): Promise<'current' | 'created' | 'rebuilt'> {
  if ((await standingSchema(clickhouseUrl)).state === 'current') return 'current'
  return withPublisher(pool, client, async (d) => {
    const { state } = await standingSchema(clickhouseUrl)
    if (state === 'current') return 'current'
    if (state === 'none' && !(await anythingToBring(pool))) {
      await createClickHouse(clickhouseUrl)
      return 'created'
    }
    onRebuild?.()
    await build(pool, d, clickhouseUrl, onProgress)
    return 'rebuilt'
  })
}

/** Whether ClickHouse was ever fed from this database. */
async function anythingToBring(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ any: boolean }>(
    "SELECT EXISTS (SELECT FROM batch) OR EXISTS (SELECT FROM installation WHERE key IN ('reference', 'reference_seen', 'codes')) AS any",
  )
  return rows[0]?.any ?? false
}

async function build(pool: pg.Pool, d: Derivation, clickhouseUrl: string, onProgress: OnProgress): Promise<Rebuilt> {
  const { client } = d
  const archive = join(env().BACKHAUL_DATA, 'archive')
  await refuseWithoutArchive(pool, archive)
  await dropTables(clickhouseUrl)
  await createTables(clickhouseUrl)
  await remember(pool, 'reference', await syncReference(pool, client))
  const { rows: batches } = await pool.query<StoredBatch>(
    `SELECT id, kind, rows, state, path, sha256, max_time AS "maxTime" FROM batch ORDER BY id`,
  )
  const ofLog = batches.filter(({ kind }) => kind === 'log').map(({ id }) => id)
  const archived = batches.filter(({ kind }) => kind === 'archive')
  for (const [index, batch] of archived.entries()) {
    await sendRows(client, archiveWire(archive, batch))
    onProgress('events', (index + 1) / batches.length)
  }
  await sendBatches(pool, client, ofLog, (sent) => onProgress('events', (archived.length + sent) / batches.length))
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
  await markCurrent(clickhouseUrl)
  return { batches: batches.length, rows: batches.reduce((sum, { rows }) => sum + rows, 0), units, lines }
}

/** What stands is not dropped while a part of what it would be built from is not at hand. */
async function refuseWithoutArchive(pool: pg.Pool, archive: string): Promise<void> {
  const { rows } = await pool.query<{ path: string | null }>("SELECT path FROM batch WHERE kind = 'archive'")
  const absent = rows.map(({ path }) => join(archive, path ?? '')).filter((file) => !existsSync(file))
  if (absent.length === 0) return
  throw new UserError(
    'archive_missing',
    `ClickHouse has to be built anew, and ${absent.length} of ${rows.length} archived files are not here (${absent[0]}). ` +
      'Nothing was changed. Restore the archive folder from its backup, or set BACKHAUL_DATA to the folder that has it.',
    500,
    'BACKHAUL_DATA',
  )
}
