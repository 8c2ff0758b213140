import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { env } from '../../lib/env'
import { parseAmount } from '../../lib/money'
import { parseInstant } from '../contract/fields'
import { hashOf } from '../contract/fingerprint'
import { archiveLines } from '../import/archive'
import { summedOf, TABLES } from './routing'

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

/** What Postgres and the archive say, and which batches it leaves out since they have not arrived yet. */
interface Told {
  cells: Map<string, Cell>
  pending: number
  underway: string[]
}

const byKey = (cells: Cell[]) => new Map(cells.map((cell) => [`${cell.type} ${cell.source} ${cell.day}`, cell]))

/** Rows of the log that are read at a time. */
const PAGE = 20_000

/**
 * Winners of every identity over the log and the archive, summed by cell, in Postgres. The texts are read here and not by Postgres: its JSON
 * knows neither every character nor every number that a log may hold.
 */
export async function cellsOfPostgres(pool: pg.Pool): Promise<Told> {
  const connection = await pool.connect()
  try {
    await connection.query(
      'SET statement_timeout = 0; SET transaction_timeout = 0; SET idle_in_transaction_session_timeout = 0',
    )
    await connection.query(
      `CREATE TEMP TABLE seen (source text, id text, version numeric, voided bool, type text, day date, hash int8, quantity numeric, amount numeric)`,
    )
    const { rows: batches } = await connection.query<{ pending: string; last: string; underway: string[] }>(
      `SELECT (SELECT count(*) FROM batch WHERE state = 'sealed') + (SELECT count(*) FROM event_log WHERE batch_id IS NULL) AS pending,
         (SELECT coalesce(max(id), 0)::text FROM batch) AS last,
         ARRAY(SELECT id::text FROM batch WHERE state = 'sealed') AS underway`,
    )
    const { pending = '0', last = '0', underway = [] } = batches[0] ?? {}
    await pipeline(
      Readable.from(copyLines(logged(pool, last, underway))),
      connection.query(copyFrom('COPY seen FROM STDIN')),
    )
    const { rows: segments } = await connection.query<{ id: bigint; path: string; sha256: string }>(
      `SELECT id, path, sha256 FROM batch WHERE kind = 'archive' AND state = 'delivered' ORDER BY id`,
    )
    for (const segment of segments) {
      await pipeline(Readable.from(copyLines(archived(segment))), connection.query(copyFrom('COPY seen FROM STDIN')))
    }
    const { rows } = await connection.query<Cell>(
      `SELECT type, source, to_char(day, 'YYYY-MM-DD') AS day, count(*)::text AS events, sum(hash)::text AS hashes,
         sum(quantity)::numeric(38, 0)::text AS quantity, sum(amount)::numeric(38, 0)::text AS amount
       FROM (SELECT DISTINCT ON (source, id) * FROM seen ORDER BY source, id, version DESC) winners
       WHERE NOT voided GROUP BY type, source, day`,
    )
    return { cells: byKey(rows), pending: Number(pending), underway }
  } finally {
    connection.release(true)
  }
}

/** What of an event is compared, wherever it is read from. */
interface Seen {
  source: string
  id: string
  revision: number
  hash: number | bigint
  voided: boolean
  type: string
  day: string
  data: Record<string, unknown>
}

/** The events of the log that have arrived, page by page. */
async function* logged(pool: pg.Pool, last: string, underway: readonly string[]): AsyncGenerator<Seen> {
  type Row = Omit<Seen, 'data'> & { seq: bigint; body: string }
  for (let from = 0n; ; ) {
    const { rows } = await pool.query<Row>(
      `SELECT seq, source, id, revision, hash, voided, type, (time AT TIME ZONE 'UTC')::date AS day, body FROM event_log
       WHERE seq > $1 AND batch_id <= $2 AND batch_id <> ALL ($3::bigint[]) ORDER BY seq LIMIT ${PAGE}`,
      [from.toString(), last, underway],
    )
    for (const { body, ...row } of rows) yield { ...row, data: JSON.parse(body).data }
    if (rows.length < PAGE) return
    from = rows.at(-1)?.seq ?? from
  }
}

async function* archived(segment: { id: bigint; path: string; sha256: string }): AsyncGenerator<Seen> {
  for await (const line of archiveLines(join(env().BACKHAUL_DATA, 'archive'), segment)) {
    const { source, id, revision, voided, type, time, data } = JSON.parse(line)
    const day = new Date(parseInstant(time) ?? 0).toISOString().slice(0, 10)
    yield { source, id, revision: revision ?? 0, hash: hashOf(line), voided: voided === true, type, day, data }
  }
}

const forCopy = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')

async function* copyLines(events: AsyncIterable<Seen>): AsyncGenerator<string> {
  let piece = ''
  for await (const { source, id, revision, hash, voided, type, day, data } of events) {
    const version = BigInt(revision) * 4_294_967_296n + BigInt(hash)
    const { quantity, amount } = sums(type, data)
    piece += `${[forCopy(source), forCopy(id), version, voided ? 't' : 'f', type, day, hash, quantity, amount].join('\t')}\n`
    if (piece.length < 65_536) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** What an event adds to the sums of its cell: the fields that its own kind has. */
function sums(type: string, data: Readonly<Record<string, unknown>>): { quantity: number; amount: bigint } {
  const { quantity = '', amount = '' } = summedOf(type)
  const [pieces, money] = [data[quantity], data[amount]]
  const isMoney = typeof money === 'string' || typeof money === 'number'
  return {
    quantity: typeof pieces === 'number' ? pieces : 0,
    amount: isMoney ? (parseAmount(money) ?? 0n) : 0n,
  }
}

/** The same sums from ClickHouse's own columns, which it parsed itself from the same bytes. */
export async function cellsOfClickHouse(
  client: ClickHouseClient,
  underway: readonly string[],
): Promise<Map<string, Cell>> {
  const parts = Object.entries(TABLES).map(
    ([table, { quantity = '0', amount = '0' }]) =>
      `SELECT type, source, toDate(time) AS day, bitAnd(version, 4294967295) AS hash, ${quantity} AS quantity, ${amount} AS amount
       FROM ${table} FINAL WHERE voided = 0 AND batch NOT IN {underway:Array(UInt64)}`,
  )
  const result = await client.query({
    query: `SELECT toString(type) AS type, toString(source) AS source, toString(day) AS day, toString(count()) AS events,
        toString(sum(hash)) AS hashes, toString(sum(quantity)) AS quantity, toString(sum(toInt128(amount))) AS amount
      FROM (${parts.join(' UNION ALL ')}) GROUP BY type, source, day`,
    query_params: { underway: underway.map(Number) },
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 600 },
  })
  return byKey(await result.json<Cell>())
}
