import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { log } from '../../lib/log'
import { withPublisher } from './publisher'
import { recall, remember } from './state'

interface Delivered {
  id: bigint
  rows: number
}

/** What is kept from one sweep to the next. */
interface Swept {
  readonly at: string
  readonly checked: number
  readonly again: number
  /** When the ClickHouse that was looked at was started, in seconds. */
  readonly started: number
  /** Batches that lacked rows and were delivered again, with how many rows they had after that; null as long as it is not known. */
  readonly settled: Readonly<Record<string, number | null>>
}

const NEVER: Swept = { at: '', checked: 0, again: 0, started: 0, settled: {} }

/** An earlier version of the program wrote down less. */
const lastSweep = async (pool: pg.Pool): Promise<Swept> => ({
  ...NEVER,
  ...(await recall<Partial<Swept>>(pool, 'sweep', NEVER)),
})

/** Clocks are set now and then; this much is not a new start. */
const SAME_START_SECONDS = 3

/** Whether ClickHouse was started after the last sweep: it may have lost what its machine had not written to the disk. */
export async function restarted(pool: pg.Pool, client: ClickHouseClient): Promise<boolean> {
  const { started } = await lastSweep(pool)
  return Math.abs((await startOf(client)) - started) > SAME_START_SECONDS
}

async function startOf(client: ClickHouseClient): Promise<number> {
  const result = await client.query({ query: 'SELECT toUnixTimestamp(now()) - uptime() AS s', format: 'JSONEachRow' })
  const [row] = await result.json<{ s: number | string }>()
  return Number(row?.s ?? 0)
}

/**
 * Looks whether what was delivered in the last hour is still there, as after a power cut it might not be: every row of a batch in its truth
 * table, and, after a new start of ClickHouse, for every fact of a unit the link by which it is found. A batch that is not there whole counts
 * as undelivered again, so that the relay sends, publishes and marks it like any other.
 *
 * A newer version replaces a row, and one that cannot be read never came. So a batch is delivered again once, and what it has then is all of
 * it; only a new start can take some of that. Under the publisher's lock: whoever else compares both databases must not see a batch change
 * sides, and a rebuild must not be taken for a loss.
 */
export const sweep = (pool: pg.Pool, client: ClickHouseClient): Promise<void> =>
  withPublisher(pool, client, async () => {
    const before = await lastSweep(pool)
    const started = await startOf(client)
    const anew = Math.abs(started - before.started) > SAME_START_SECONDS
    const batches = await lately(pool, anew)
    const settled: Record<string, number | null> = {}
    const missing: bigint[] = []
    for (const some of portions(batches)) {
      const present = await presentRows(client, some)
      const unlinked = anew ? await withoutLinks(client, some) : new Set<string>()
      for (const { id, rows } of some) {
        const key = id.toString()
        const found = present.get(key) ?? 0
        const had = before.settled[key]
        const lost = found < (had ?? rows) && (had === undefined || anew)
        if (lost || unlinked.has(key)) {
          missing.push(id)
          settled[key] = null
        } else if (had !== undefined) settled[key] = had ?? found
      }
    }
    if (missing.length > 0) {
      log('sweep').info(
        { batches: missing.length },
        'batches had less than was sent (newer versions replace rows, a power cut loses them) and are delivered again',
      )
      await pool.query("UPDATE batch SET state = 'sealed' WHERE id = ANY($1::bigint[]) AND state = 'delivered'", [
        missing.map(String),
      ])
    }
    await remember(pool, 'sweep', {
      at: new Date().toISOString(),
      checked: batches.length,
      again: missing.length,
      started,
      settled,
    } satisfies Swept)
  })

/** Batches of the last hour; after a new start, of the hour before the last delivery, since the power may have been away for long. */
async function lately(pool: pg.Pool, anew: boolean): Promise<Delivered[]> {
  const { rows } = await pool.query<Delivered>(
    `WITH known AS (SELECT id, rows, delivered_at FROM batch WHERE state = 'delivered' AND kind = 'log')
     SELECT id, rows FROM known
     WHERE delivered_at > (CASE WHEN $1 THEN (SELECT max(delivered_at) FROM known) ELSE now() END) - interval '1 hour' ORDER BY id`,
    [anew],
  )
  return rows
}

/** What one question looks at: bounds its memory, and its length, since the batches are named in its address. */
const PORTION = { batches: 1_000, rows: 1_000_000 } as const

function* portions(batches: readonly Delivered[]): Generator<Delivered[]> {
  let portion: Delivered[] = []
  let rows = 0
  for (const batch of batches) {
    if (portion.length === PORTION.batches || (portion.length > 0 && rows + batch.rows > PORTION.rows)) {
      yield portion
      portion = []
      rows = 0
    }
    portion.push(batch)
    rows += batch.rows
  }
  if (portion.length > 0) yield portion
}

const TRUTH = ['sale', 'unit', 'movement', 'settlement', 'claim', 'cost', 'journal', 'exception', 'stock'] as const

/** How many lines of each batch are there. Its tombstones have lines beyond its own and do not count. */
function presentRows(client: ClickHouseClient, batches: readonly Delivered[]): Promise<Map<string, number>> {
  const lines = TRUTH.map((kind) => `SELECT batch, line FROM ${kind}_events WHERE batch IN {ids:Array(UInt64)}`)
  return countBy(
    client,
    `SELECT batch, groupBitmap(line) AS n FROM (${lines.join(' UNION ALL ')})
     WHERE line < transform(batch, {ids:Array(UInt64)}, {rows:Array(UInt32)}, 0) GROUP BY batch`,
    batches,
  )
}

/** The facts of the batches that a unit is found by, as the views in 002_changed.sql write them down. */
const LINKS = [
  ...(['movement', 'settlement', 'claim', 'cost'] as const).map(
    (kind) => `SELECT batch, '${kind}' AS kind, ${kind}_id AS ref, unit_id FROM ${kind}_events WHERE {batches}`,
  ),
  "SELECT batch, 'line', order_line_id, unit_id FROM unit_events WHERE {batches} AND type = 'return.requested.v1'",
  "SELECT batch, 'parent', unit_id, arrayJoin(into).1 FROM unit_events WHERE {batches} AND type = 'unit.split.v1'",
]
  .join(' UNION ALL ')
  .replaceAll('{batches}', 'batch IN {ids:Array(UInt64)}')

/** Batches with a fact whose link is missing on either side: no derivation would find it. */
async function withoutLinks(client: ClickHouseClient, batches: readonly Delivered[]): Promise<Set<string>> {
  const found = await countBy(
    client,
    `SELECT batch, count() AS n FROM (${LINKS})
     WHERE (unit_id, kind, ref) NOT IN (SELECT unit_id, kind, ref FROM unit_refs WHERE unit_id IN (SELECT unit_id FROM (${LINKS})))
       OR (kind, ref, unit_id) NOT IN (SELECT kind, ref, unit_id FROM ref_units WHERE (kind, ref) IN (SELECT kind, ref FROM (${LINKS})))
     GROUP BY batch`,
    batches,
  )
  return new Set(found.keys())
}

async function countBy(
  client: ClickHouseClient,
  query: string,
  batches: readonly Delivered[],
): Promise<Map<string, number>> {
  const result = await client.query({
    query,
    query_params: { ids: batches.map(({ id }) => Number(id)), rows: batches.map(({ rows }) => rows) },
    format: 'JSONEachRow',
  })
  // 64-bit numbers come as JSON numbers here and as texts elsewhere: the key is the text either way.
  const found = await result.json<{ batch: string | number; n: string | number }>()
  return new Map(found.map(({ batch, n }) => [String(batch), Number(n)]))
}
