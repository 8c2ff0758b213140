import type { Statement } from '../../lib/db/batch'
import { statement } from '../../lib/db/statement'
import type { AnyEvent } from '../contract/event'
import { parseInstant } from '../contract/fields'
import { hashOf, sameContent } from '../contract/fingerprint'
import { boolArray, int4Array, int8Array, textArray } from './arrays'

/** An event of the contract with the bytes that it was read from. */
export interface RawEvent {
  readonly raw: string | Buffer
  readonly event: AnyEvent
}

/** What the log keeps of an event. Small on purpose: while a request waits for its commit, its parsed data can be forgotten. */
export interface LogRow {
  readonly raw: string | Buffer
  readonly source: string
  readonly id: string
  readonly revision: number
  readonly voided: boolean
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly hash: number
}

export const toLogRow = ({ raw, event }: RawEvent): LogRow => ({
  raw,
  source: event.source,
  id: event.id,
  revision: event.revision ?? 0,
  voided: event.voided ?? false,
  type: event.type,
  time: parseInstant(event.time) ?? 0,
  hash: hashOf(raw),
})

/** `accepted`: written now. `duplicate`: the same was there already. `conflict`: other content is there under this identity and revision. */
export type Outcome = 'accepted' | 'duplicate' | 'conflict'

/** One statement in a transaction that the caller holds. */
export type Run = (
  asked: Statement & { readonly values: Buffer[] },
) => Promise<{ rowCount: number | null; rows: Found[] }>

const INSERT = statement(`INSERT INTO event_log (source, id, revision, voided, type, time, hash, body)
SELECT source, id, revision, voided, type, to_timestamp(time / 1000.0), hash, body
FROM unnest($1::text[], $2::text[], $3::int4[], $4::bool[], $5::text[], $6::int8[], $7::int8[], $8::text[])
  AS e (source, id, revision, voided, type, time, hash, body)
ON CONFLICT (source, id, revision) DO NOTHING`)

/** What stands in the log under these identities: whether this transaction wrote it, and its body where the content hash differs. */
const FIND = statement(`SELECT (e.ord - 1)::int4 AS at, l.xmin = pg_current_xact_id()::xid AS mine,
  CASE WHEN l.hash <> e.hash THEN l.body END AS other
FROM unnest($1::text[], $2::text[], $3::int4[], $4::int8[]) WITH ORDINALITY AS e (source, id, revision, hash, ord)
JOIN event_log l ON l.source = e.source AND l.id = e.id AND l.revision = e.revision`)

/** A row of `FIND`; the other statements return none. */
export interface Found extends Record<string, unknown> {
  at: number
  mine: boolean
  other: string | null
}

interface Entry {
  readonly row: LogRow
  readonly key: string
  /** Places in the caller's list that carry this identity, the first one first. */
  readonly places: number[]
}

/**
 * Appends events to the log in the caller's transaction; what they were becomes true with its commit. Returns one outcome an event, in order.
 * Identities are written in one fixed order, so that transactions with the same events wait for each other and never in a circle.
 */
export async function append(run: Run, rows: readonly LogRow[]): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(rows.length).fill('accepted')
  if (rows.length === 0) return outcomes
  const entries = distinct(rows, outcomes)
  const sources = textArray(entries.map(({ row }) => row.source))
  const ids = textArray(entries.map(({ row }) => row.id))
  const revisions = int4Array(entries.map(({ row }) => row.revision))
  const hashes = int8Array(entries.map(({ row }) => row.hash))
  const { rowCount } = await run({
    ...INSERT,
    values: [
      sources,
      ids,
      revisions,
      boolArray(entries.map(({ row }) => row.voided)),
      textArray(entries.map(({ row }) => row.type)),
      int8Array(entries.map(({ row }) => row.time)),
      hashes,
      textArray(entries.map(({ row }) => row.raw)),
    ],
  })
  if (rowCount === entries.length) return outcomes
  const found = await run({ ...FIND, values: [sources, ids, revisions, hashes] })
  for (const { at, mine, other } of found.rows) {
    const entry = entries[at]
    if (!entry || mine) continue
    // Each place is compared with what stands in the log, not with what came first in this list.
    const stands = other ?? entry.row.raw
    for (const place of entry.places) {
      const row = rows[place]
      if (row) outcomes[place] = isSame(row, entry.row, stands) ? 'duplicate' : 'conflict'
    }
  }
  return outcomes
}

/** Whether a row says what `stands`: equal bytes as a row that is known to say it, or the same content in another spelling. */
const isSame = (row: LogRow, known: LogRow, stands: LogRow['raw']): boolean =>
  (row.hash === known.hash && stands === known.raw) || sameContent(row.raw, stands)

/** One entry an identity, in the fixed order; marks later places of an identity as duplicates of, or conflicts with, the first. */
function distinct(rows: readonly LogRow[], outcomes: Outcome[]): Entry[] {
  const entries = new Map<string, Entry>()
  rows.forEach((row, place) => {
    const key = `${row.source}\0${row.id}\0${row.revision}`
    const first = entries.get(key)
    if (!first) {
      entries.set(key, { row, key, places: [place] })
      return
    }
    outcomes[place] = isSame(row, first.row, first.row.raw) ? 'duplicate' : 'conflict'
    first.places.push(place)
  })
  return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}
