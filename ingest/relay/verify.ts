import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { checkSlice } from '../../clickhouse/derive/audit'
import { rebuildRollups } from '../../clickhouse/derive/rollups'
import { env } from '../../lib/env'
import { formatUnits, parseAmount } from '../../lib/money'
import { hashOf } from '../contract/fingerprint'
import { archiveLines } from '../import/archive'
import { withPublisher } from './publisher'
import { recall } from './state'

/** One cell of the comparison: what one source sent of one type on one UTC day. Sums are decimal strings, so that they are exact. */
export interface Cell {
  type: string
  source: string
  day: string
  events: string
  hashes: string
  quantity: string
  amount: string
}

export interface Difference {
  cell: string
  postgres: string
  clickhouse: string
}

export interface Verified {
  cells: number
  events: bigint
  differences: Difference[]
  served: { checked: number; stale: number }
  rollups: Difference[]
  /** Sealed batches that have not arrived yet: not a difference, only news to come. */
  pending: number
}

const CELL = "concat_ws(' ', type, source, day)"

/**
 * Compares what Postgres and the archive say with what ClickHouse holds and serves: every distinct live event by cell (count, sum of content
 * hashes, quantities, amounts), every served row with what its facts imply, and the rollups with the sales. Reads only.
 */
export async function verify(
  pool: pg.Pool,
  client: ClickHouseClient,
  onProgress: (what: string) => void = () => undefined,
): Promise<Verified> {
  return withPublisher(pool, client, async (d) => {
    // What the relay would do next; it waits for the lock that we hold.
    await rebuildRollups(d, await recall<number[]>(pool, 'rollups_behind', []))
    onProgress('reading the log and the archive')
    const { cells: postgres, pending, underway } = await cellsOfPostgres(pool)
    onProgress('reading ClickHouse')
    const clickhouse = await cellsOfClickHouse(client, underway)
    onProgress('comparing served rows with their facts')
    const served = { checked: 0, stale: 0 }
    const slices = Math.max(1, Math.ceil((await servedRows(client)) / SLICE))
    for (let slice = 0; slice < slices; slice += 1) {
      const { checked, stale } = await checkSlice(d, slice, slices)
      served.checked += checked
      served.stale += stale.units.length + stale.lines.length
    }
    onProgress('comparing rollups with the sales')
    return {
      cells: postgres.size,
      events: [...postgres.values()].reduce((sum, cell) => sum + BigInt(cell.events), 0n),
      differences: compare(postgres, clickhouse),
      served,
      rollups: await rollupDifferences(client),
      pending,
    }
  })
}

/** How many served rows one statement compares at a time: bounds its memory. */
const SLICE = 100_000

async function servedRows(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: 'SELECT count() + (SELECT count() FROM sales) AS n FROM units',
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ n: number | string }>()
  return Number(row?.n ?? 0)
}

const show = (cell: Cell | undefined) =>
  cell
    ? `${cell.events} events, quantity ${cell.quantity}, amount ${formatUnits(BigInt(cell.amount))}, hash ${cell.hashes}`
    : 'nothing'

function compare(postgres: Map<string, Cell>, clickhouse: Map<string, Cell>): Difference[] {
  const keys = new Set([...postgres.keys(), ...clickhouse.keys()])
  return [...keys]
    .map((cell) => ({ cell, postgres: show(postgres.get(cell)), clickhouse: show(clickhouse.get(cell)) }))
    .filter((row) => row.postgres !== row.clickhouse)
    .sort((a, b) => a.cell.localeCompare(b.cell))
}

const byKey = (cells: Cell[]) => new Map(cells.map((cell) => [`${cell.type} ${cell.source} ${cell.day}`, cell]))

/** Winners of every identity over the log and the archive, summed by cell, in Postgres. */
async function cellsOfPostgres(
  pool: pg.Pool,
): Promise<{ cells: Map<string, Cell>; pending: number; underway: string[] }> {
  const connection = await pool.connect()
  try {
    await connection.query(
      'SET statement_timeout = 0; SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0',
    )
    await connection.query(
      `CREATE TEMP TABLE seen (source text, id text, version numeric, voided bool, type text, day date, hash int8, quantity numeric, amount numeric)`,
    )
    await connection.query(
      `INSERT INTO seen
       SELECT source, id, revision::numeric * 4294967296 + hash, voided, type, (time AT TIME ZONE 'UTC')::date, hash,
         coalesce((body::jsonb #>> '{data,quantity}')::numeric, 0),
         coalesce((body::jsonb #>> '{data,amount}')::numeric, (body::jsonb #>> '{data,net_amount}')::numeric, 0) * 10000
       FROM event_log WHERE batch_id IN (SELECT id FROM batch WHERE state = 'delivered')`,
    )
    const { rows: segments } = await connection.query<{ id: bigint; path: string; sha256: string }>(
      `SELECT id, path, sha256 FROM batch WHERE kind = 'archive' AND state = 'delivered' ORDER BY id`,
    )
    for (const segment of segments) {
      await pipeline(Readable.from(copyLines(segment)), connection.query(copyFrom('COPY seen FROM STDIN')))
    }
    const { rows } = await connection.query<Cell>(
      `SELECT type, source, to_char(day, 'YYYY-MM-DD') AS day, count(*)::text AS events, sum(hash)::text AS hashes,
         sum(quantity)::numeric(38, 0)::text AS quantity, sum(amount)::numeric(38, 0)::text AS amount
       FROM (SELECT DISTINCT ON (source, id) * FROM seen ORDER BY source, id, version DESC) winners
       WHERE NOT voided GROUP BY type, source, day ORDER BY ${CELL}`,
    )
    const pending = await connection.query<{ n: string }>(
      `SELECT (SELECT count(*) FROM batch WHERE state = 'sealed') + (SELECT count(*) FROM event_log WHERE batch_id IS NULL) AS n`,
    )
    const sealed = await connection.query<{ id: bigint }>("SELECT id FROM batch WHERE state = 'sealed'")
    return {
      cells: byKey(rows),
      pending: Number(pending.rows[0]?.n ?? 0),
      underway: sealed.rows.map(({ id }) => id.toString()),
    }
  } finally {
    connection.release(true)
  }
}

const forCopy = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')

async function* copyLines(segment: { id: bigint; path: string; sha256: string }): AsyncGenerator<string> {
  for await (const line of archiveLines(join(env().BACKHAUL_DATA, 'archive'), segment)) {
    const event = JSON.parse(line)
    const { data } = event
    const hash = hashOf(line)
    const version = BigInt(event.revision ?? 0) * 4_294_967_296n + BigInt(hash)
    const amount = parseAmount(data.amount ?? data.net_amount ?? 0) ?? 0n
    yield `${[forCopy(event.source), forCopy(event.id), version, event.voided ? 't' : 'f', event.type, new Date(event.time).toISOString().slice(0, 10), hash, data.quantity ?? 0, amount].join('\t')}\n`
  }
}

/** The same sums from ClickHouse's own columns, which it parsed itself from the same bytes. */
async function cellsOfClickHouse(client: ClickHouseClient, underway: readonly string[]): Promise<Map<string, Cell>> {
  const part = (table: string, quantity: string, amount: string) =>
    `SELECT type, source, toDate(time) AS day, bitAnd(version, 4294967295) AS hash, ${quantity} AS quantity, ${amount} AS amount FROM ${table} FINAL WHERE voided = 0 AND batch NOT IN {underway:Array(UInt64)}`
  const result = await client.query({
    query: `SELECT toString(type) AS type, toString(source) AS source, toString(day) AS day, toString(count()) AS events,
        toString(sum(hash)) AS hashes, toString(sum(quantity)) AS quantity, toString(sum(toInt128(amount))) AS amount
      FROM (${[
        part('sale_events', 'quantity', 'net_amount'),
        part('unit_events', 'quantity', '0'),
        part('movement_events', 'quantity', '0'),
        part('settlement_events', '0', 'amount'),
        part('claim_events', '0', 'amount'),
        part('cost_events', '0', 'amount'),
        part('journal_events', '0', '0'),
        part('exception_events', '0', '0'),
        part('stock_events', 'quantity', '0'),
      ].join(' UNION ALL ')}) GROUP BY type, source, day`,
    query_params: { underway: underway.map(Number) },
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 600 },
  })
  return byKey(await result.json<Cell>())
}

async function rollupDifferences(client: ClickHouseClient): Promise<Difference[]> {
  const result = await client.query({
    query: `SELECT toString(m) AS cell, toString(groupArrayIf(v, p = 's')) AS postgres, toString(groupArrayIf(v, p = 'r')) AS clickhouse
      FROM (
        SELECT toYYYYMM(sold_at) AS m, 's' AS p, (sum(quantity), sum(net), sum(cost), count()) AS v FROM sales FINAL GROUP BY m
        UNION ALL SELECT toYYYYMM(slot) AS m, 'r', (sum(quantity), sum(net), sum(cost), sum(lines)) FROM sales_slot GROUP BY m
      ) GROUP BY m HAVING postgres != clickhouse ORDER BY m`,
    format: 'JSONEachRow',
  })
  return result.json<Difference>()
}
