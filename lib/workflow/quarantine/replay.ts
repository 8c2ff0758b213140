import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { readEvent } from '../../../ingest/contract/read'
import { printable } from '../../../ingest/contract/reasons'
import type { Vocabulary } from '../../../ingest/contract/validate'
import { CONFLICT, runIn } from '../../../ingest/log/accept'
import { append, type LogRow, toLogRow } from '../../../ingest/log/append'
import { knownVocabulary } from '../../../ingest/log/vocabulary'
import { type Transaction, withTransaction } from '../../db/client'
import { failpoint } from '../../failpoint'
import { type Selection, selected } from './selection'

/** What a replay did, or would do: every selected row is counted once. */
export interface ReplayAccount {
  readonly selected: number
  /** Now in the log. */
  readonly accepted: number
  /** Was in the log already, with the same content. */
  readonly duplicates: number
  /** Stays in quarantine: other content has its identity. */
  readonly conflicts: number
  /** Stays in quarantine, by the reason that holds now. */
  readonly refused: Readonly<Record<string, number>>
  /** Where the next replay of the same selection goes on; null when nothing more is selected. */
  readonly next: string | null
}

/** Rows that one transaction replays at most. */
export const MOST_REPLAYED = 10_000
const PAGE = 1000

interface Row extends Record<string, unknown> {
  id: string
  raw: Buffer
  reason: string
  path: string | null
  given: string | null
  origin: string
}

/** What holds of a row that stays. */
interface Now {
  readonly row: Row
  readonly reason: string
  readonly message: string
  readonly path?: string | undefined
  readonly given?: string | undefined
}

interface Tally {
  selected: number
  accepted: number
  duplicates: number
  conflicts: number
  refused: Record<string, number>
}

/**
 * Reads the selected input again, with the contract, the rates, the meanings of codes and the clock of now, and appends what has become readable:
 * rows leave quarantine in the transaction that puts their events into the log. What stays, stays by the reason that holds now. `settle` false
 * leaves the rows as they are, for a look that is undone: it would hold up senders of the same input.
 */
export async function replayIn(
  tx: Transaction,
  selection: Selection,
  { by, settle, after = '0' }: { readonly by: string; readonly settle: boolean; readonly after?: string | undefined },
): Promise<ReplayAccount> {
  const tally: Tally = { selected: 0, accepted: 0, duplicates: 0, conflicts: 0, refused: {} }
  const vocabulary = await knownVocabulary((text) => tx.execute(sql.raw(text)))
  let next: string | null = after
  while (next !== null && tally.selected < MOST_REPLAYED) {
    const rows: Row[] = await pageOf(tx, selection, next, settle)
    const { gone, staying } = await readAgain(tx, rows, vocabulary, tally)
    if (settle) {
      await markReplayed(tx, gone, by)
      await keepReasons(tx, staying, by)
    }
    next = rows.length < PAGE ? null : (rows.at(-1)?.id ?? null)
    failpoint('replay_before_commit')
  }
  return { ...tally, next }
}

/** What a replay would do at this moment: it is done, and undone. */
export async function wouldReplay(selection: Selection): Promise<ReplayAccount> {
  try {
    return await withTransaction(async (tx) => {
      throw new Undone(await replayIn(tx, selection, { by: '', settle: false }))
    })
  } catch (end) {
    if (end instanceof Undone) return end.account
    throw end
  }
}

class Undone extends Error {
  constructor(readonly account: ReplayAccount) {
    super('undone')
  }
}

async function pageOf(tx: Transaction, selection: Selection, after: string, lock: boolean): Promise<Row[]> {
  const { rows } = await tx.execute<Row>(
    sql`SELECT id::text, raw, reason, path, given, origin FROM quarantine
        WHERE state = 'open' AND id > ${after}::bigint AND ${selected(selection)} ORDER BY quarantine.id LIMIT ${PAGE} ${lock ? sql`FOR UPDATE` : sql``}`,
  )
  return rows
}

async function readAgain(
  tx: Transaction,
  rows: readonly Row[],
  vocabulary: Vocabulary,
  tally: Tally,
): Promise<{ gone: string[]; staying: Now[] }> {
  const readable: LogRow[] = []
  const ofRow: Row[] = []
  const staying: Now[] = []
  const now = Date.now()
  tally.selected += rows.length
  for (const row of rows) {
    const read = readEvent(row.raw, now, vocabulary)
    if (read.ok) {
      readable.push(toLogRow({ raw: row.raw, event: read.event }))
      ofRow.push(row)
    } else {
      tally.refused[read.reason] = (tally.refused[read.reason] ?? 0) + 1
      staying.push({ ...read, row })
    }
  }
  const outcomes = await append(runIn(tx), readable)
  const gone: string[] = []
  for (const [at, row] of ofRow.entries()) {
    const outcome = outcomes[at]
    if (outcome === 'conflict') {
      tally.conflicts += 1
      staying.push({ row, reason: 'business_conflict', message: CONFLICT })
      continue
    }
    if (outcome === 'accepted') tally.accepted += 1
    else tally.duplicates += 1
    gone.push(row.id)
  }
  return { gone, staying }
}

const idsIn = (ids: readonly string[]) =>
  sql`id IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::bigint)`

async function markReplayed(tx: Transaction, ids: readonly string[], by: string): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(
    sql`UPDATE quarantine SET state = 'replayed', settled_at = now(), settled_by = ${by} WHERE ${idsIn(ids)}`,
  )
}

/** Says of what stays why it stays now: what waits for the meaning of one code may, with that, wait for another one. */
async function keepReasons(tx: Transaction, staying: readonly Now[], by: string): Promise<void> {
  const changed = staying.filter(
    ({ row, reason, path, given }) =>
      reason !== row.reason || (path ?? null) !== row.path || (given ?? null) !== row.given,
  )
  if (changed.length === 0) return
  // The same bytes wait once with one reason.
  const once = new Map(
    changed.map((each) => [
      `${createHash('sha256').update(each.row.raw).digest('hex')} ${each.reason} ${each.row.origin}`,
      each,
    ]),
  )
  const values = [...once.values()].map(({ row, reason, message, path, given }) => ({
    ...{ id: row.id, reason, message: printable(message), path: path ? printable(path) : null, given: given ?? null },
  }))
  const kept = await tx.execute<{ id: string }>(sql`
    UPDATE quarantine q SET reason = n.reason, message = n.message, path = n.path, given = n.given
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS n (id bigint, reason text, message text, path text, given text)
    WHERE q.id = n.id AND NOT EXISTS (
      SELECT FROM quarantine o WHERE o.state = 'open' AND o.id <> q.id AND sha256(o.raw) = sha256(q.raw) AND o.reason = n.reason AND o.origin = q.origin)
    RETURNING q.id::text`)
  const stay = new Set(kept.rows.map(({ id }) => id))
  const twice = changed.map(({ row }) => row.id).filter((id) => !stay.has(id))
  if (twice.length === 0) return
  await tx.execute(
    sql`UPDATE quarantine SET state = 'dismissed', settled_at = now(), settled_by = ${by},
          note = 'The same input waits with the reason that holds now.' WHERE ${idsIn(twice)}`,
  )
}
