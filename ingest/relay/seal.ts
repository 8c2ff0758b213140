import type pg from 'pg'
import { BESIDE_THOSE } from './behind'
import { MOST_BYTES } from './send'

/** Rows of one batch at most; with MOST_BYTES, what ClickHouse takes in one insert without effort. */
const MOST_ROWS = 20_000

export interface Batch {
  id: bigint
  kind: 'log' | 'archive'
  rows: number
  attempts: number
  path: string | null
  maxTime: Date | null
}

/**
 * Claims rows of the log that belong to no batch and makes them one, of MOST_ROWS rows and MOST_BYTES at most, or one longer row. By state,
 * not by sequence: rows whose transaction commits late are simply claimed later. Returns how many rows it sealed.
 */
export async function seal(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(
    `WITH ahead AS (
       SELECT seq, time, octet_length(body) AS bytes FROM event_log WHERE batch_id IS NULL ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED
     ), picked AS (
       SELECT seq, time FROM (SELECT *, sum(bytes) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS total FROM ahead) AS adding_up
       WHERE total <= $2 OR total = bytes
     ), made AS (
       INSERT INTO batch (kind, rows, max_time) SELECT 'log', count(*), max(time) FROM picked HAVING count(*) > 0 RETURNING id, rows
     ), claimed AS (
       UPDATE event_log SET batch_id = made.id FROM picked, made WHERE event_log.seq = picked.seq
     )
     SELECT rows FROM made`,
    [MOST_ROWS, MOST_BYTES],
  )
  return rows[0]?.rows ?? 0
}

/** Sealed batches that are not known to have arrived, oldest first. */
export async function undelivered(pool: pg.Pool, limit: number): Promise<Batch[]> {
  const { rows } = await pool.query<Batch>(
    `SELECT id, kind, rows, attempts, path, max_time AS "maxTime" FROM batch WHERE state = 'sealed' AND kind = 'log' ORDER BY id LIMIT $1`,
    [limit],
  )
  return rows
}

export interface LogRow {
  seq: bigint
  source: string
  id: string
  revision: number
  hash: number
  body: string
}

/** The rows of a batch, in the order in which they were sealed. */
export async function rowsOf(pool: pg.Pool, batch: bigint): Promise<LogRow[]> {
  const { rows } = await pool.query<LogRow>(
    'SELECT seq, source, id, revision, hash::int8 AS hash, body FROM event_log WHERE batch_id = $1 ORDER BY seq',
    [batch],
  )
  return rows.map((row) => ({ ...row, hash: Number(row.hash) }))
}

/** Notes an attempt before it is made: whoever finds it noted and the batch undelivered does not know what came of it. */
export async function noteAttempt(pool: pg.Pool, batches: readonly bigint[]): Promise<void> {
  await pool.query('UPDATE batch SET attempts = attempts + 1 WHERE id = ANY($1::bigint[])', [batches.map(String)])
}

/**
 * Marks batches delivered and their months behind, both or neither, unless another relay has taken over since. Throws when fenced out.
 */
export async function markDelivered(
  pool: pg.Pool,
  batches: readonly bigint[],
  epoch: bigint,
  months: readonly number[],
): Promise<void> {
  const { rows } = await pool.query<{ epoch: bigint }>(
    `WITH holder AS (SELECT epoch FROM lease WHERE name = 'relay' FOR SHARE),
       marked AS (UPDATE batch SET state = 'delivered', delivered_at = now(), error = NULL FROM holder WHERE id = ANY($1::bigint[]) AND holder.epoch = $2),
       behind AS (INSERT INTO installation (key, value)
         SELECT 'rollups_behind', $3::jsonb FROM holder WHERE epoch = $2 AND $3::jsonb <> '[]' ${BESIDE_THOSE})
     SELECT epoch FROM holder`,
    [batches.map(String), epoch.toString(), JSON.stringify(months)],
  )
  if (rows[0]?.epoch !== epoch) throw new Error('another relay has taken over; this one stops')
}
