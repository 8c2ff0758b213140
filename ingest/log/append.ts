import type { AnyEvent } from '../contract/event'
import { parseInstant } from '../contract/fields'
import { hashOf, sameContent } from '../contract/fingerprint'
import { boolArray, int4Array, int8Array, textArray } from './arrays'

/** An event of the contract with the bytes that it was read from. */
export interface RawEvent {
  readonly raw: string | Buffer
  readonly event: AnyEvent
}

/** `accepted`: written now. `duplicate`: the same was there already. `conflict`: other content is there under this identity and revision. */
export type Outcome = 'accepted' | 'duplicate' | 'conflict'

/** One statement in a transaction that the caller holds. */
export type Run = (statement: {
  name: string
  text: string
  values: Buffer[]
}) => Promise<{ rowCount: number | null; rows: unknown[] }>

const INSERT = {
  name: 'event_log_append',
  text: `INSERT INTO event_log (source, id, revision, voided, type, time, hash, body)
SELECT source, id, revision, voided, type, to_timestamp(time / 1000.0), hash, body
FROM unnest($1::text[], $2::text[], $3::int4[], $4::bool[], $5::text[], $6::int8[], $7::int8[], $8::text[])
  AS e (source, id, revision, voided, type, time, hash, body)
ON CONFLICT (source, id, revision) DO NOTHING`,
}

/** What stands in the log under these identities: whether this transaction wrote it, and its body where the content hash differs. */
const FIND = {
  name: 'event_log_find',
  text: `SELECT (e.ord - 1)::int4 AS at, l.xmin = pg_current_xact_id()::xid AS mine,
  CASE WHEN l.hash <> e.hash THEN l.body END AS other
FROM unnest($1::text[], $2::text[], $3::int4[], $4::int8[]) WITH ORDINALITY AS e (source, id, revision, hash, ord)
JOIN event_log l ON l.source = e.source AND l.id = e.id AND l.revision = e.revision`,
}

interface Found {
  at: number
  mine: boolean
  other: string | null
}

interface Entry extends RawEvent {
  readonly key: string
  readonly hash: number
  /** Places in the caller's list that carry this identity, the first one first. */
  readonly places: number[]
}

/**
 * Appends events to the log in the caller's transaction; what they were becomes true with its commit. Returns one outcome an event, in order.
 * Identities are written in one fixed order, so that transactions with the same events wait for each other and never in a circle.
 */
export async function append(run: Run, raws: readonly RawEvent[]): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(raws.length).fill('accepted')
  if (raws.length === 0) return outcomes
  const entries = distinct(raws, outcomes)
  const sources = textArray(entries.map(({ event }) => event.source))
  const ids = textArray(entries.map(({ event }) => event.id))
  const revisions = int4Array(entries.map(({ event }) => event.revision ?? 0))
  const hashes = int8Array(entries.map(({ hash }) => hash))
  const { rowCount } = await run({
    ...INSERT,
    values: [
      sources,
      ids,
      revisions,
      boolArray(entries.map(({ event }) => event.voided ?? false)),
      textArray(entries.map(({ event }) => event.type)),
      int8Array(entries.map(({ event }) => parseInstant(event.time) ?? 0)),
      hashes,
      textArray(entries.map(({ raw }) => raw)),
    ],
  })
  if (rowCount === entries.length) return outcomes
  const { rows } = await run({ ...FIND, values: [sources, ids, revisions, hashes] })
  for (const { at, mine, other } of rows as Found[]) {
    const entry = entries[at]
    if (!entry || mine) continue
    const outcome = other === null || sameContent(entry.raw, other) ? 'duplicate' : 'conflict'
    // The places that agreed with the first one share its fate; those that did not are conflicts already.
    for (const place of entry.places) if (outcomes[place] !== 'conflict') outcomes[place] = outcome
  }
  return outcomes
}

/** One entry an identity, in the fixed order; marks later places of an identity as duplicates of, or conflicts with, the first. */
function distinct(raws: readonly RawEvent[], outcomes: Outcome[]): Entry[] {
  const entries = new Map<string, Entry>()
  raws.forEach(({ raw, event }, place) => {
    const key = `${event.source}\0${event.id}\0${event.revision ?? 0}`
    const hash = hashOf(raw)
    const first = entries.get(key)
    if (!first) {
      entries.set(key, { raw, event, key, hash, places: [place] })
      return
    }
    outcomes[place] = hash === first.hash || sameContent(raw, first.raw) ? 'duplicate' : 'conflict'
    first.places.push(place)
  })
  return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}
