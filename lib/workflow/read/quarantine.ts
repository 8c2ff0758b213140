import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { UserError } from '../../errors'
import { type ReplayAccount, wouldReplay } from '../quarantine/replay'
import { type Selection, selected } from '../quarantine/selection'
import type { QuarantineGroup, QuarantineInput, QuarantineLine } from './quarantine-types'

/** How much waits, by reason and source, most first. */
export async function quarantineGroups(actor: Actor): Promise<QuarantineGroup[]> {
  authorize(actor, 'ingest:read')
  const { rows } = await db().execute<{ reason: string; source: string; n: number; first: Date; last: Date }>(sql`
    SELECT reason, source, count(*)::int AS n, min(received_at) AS first, max(received_at) AS last FROM quarantine WHERE state = 'open'
    GROUP BY reason, source ORDER BY n DESC, reason, source`)
  return rows.map(({ reason, source, n, first, last }) => ({
    ...{ reason, source, rows: n, first: new Date(first).toISOString(), last: new Date(last).toISOString() },
  }))
}

interface Row extends Record<string, unknown> {
  id: string
  source: string
  event_id: string | null
  reason: string
  message: string
  path: string | null
  given: string | null
  origin: string
  state: QuarantineLine['state']
  received_at: Date
  settled_at: Date | null
  settled_by: string | null
  settled_name: string | null
  note: string | null
}

const COLUMNS: SQL = sql`q.id::text, q.source, q.event_id, q.reason, q.message, q.path, q.given, q.origin, q.state, q.received_at, q.settled_at, q.settled_by,
  (SELECT name FROM account WHERE id::text = q.settled_by) AS settled_name, q.note`

const lineOf = (row: Row): QuarantineLine => ({
  ...{ id: row.id, source: row.source, eventId: row.event_id, reason: row.reason, message: row.message },
  ...{ path: row.path, given: row.given, origin: row.origin, state: row.state, note: row.note },
  receivedAt: new Date(row.received_at).toISOString(),
  settledAt: row.settled_at ? new Date(row.settled_at).toISOString() : null,
  settledBy: row.settled_name ?? row.settled_by,
})

/** The selected rows in a state without their bytes, oldest first; `after` is the last id of the page before. */
export async function quarantineLines(
  actor: Actor,
  selection: Selection,
  page: { readonly state?: QuarantineLine['state']; readonly after?: string; readonly limit?: number } = {},
): Promise<QuarantineLine[]> {
  authorize(actor, 'ingest:read')
  const { state = 'open', after = '0', limit = 100 } = page
  const { rows } = await db().execute<Row>(sql`
    SELECT ${COLUMNS} FROM (SELECT * FROM quarantine WHERE state = ${state} AND id > ${after}::bigint AND ${selected(selection)}) q
    ORDER BY q.id LIMIT ${limit}`)
  return rows.map(lineOf)
}

/** As much of one input as a page shows. */
const SHOWN_BYTES = 16_384

/**
 * One refused input with its bytes. Who may not see cases does not see who a customer is here either: such values are blotted out. Throws
 * `UserError` when there is none.
 */
export async function quarantineInput(
  actor: Actor,
  id: string,
  options: { readonly whole?: boolean } = {},
): Promise<QuarantineInput> {
  authorize(actor, 'ingest:read')
  const { rows } = /^\d{1,18}$/.test(id)
    ? await db().execute<Row & { raw: Buffer }>(
        sql`SELECT ${COLUMNS}, q.raw FROM quarantine q WHERE q.id = ${id}::bigint`,
      )
    : { rows: [] }
  const [row] = rows
  if (!row) throw new UserError('not_found', `There is no row ${id} in quarantine.`, 404, 'id')
  const most = options.whole ? row.raw.length : SHOWN_BYTES
  const text = row.raw.subarray(0, most).toString()
  const hidden = !can(actor, 'cases:read')
  return {
    ...lineOf(row),
    ...{ raw: hidden ? blotted(text) : text, bytes: row.raw.length, cut: row.raw.length > most, hidden },
  }
}

/** Names of values that tell who somebody is, or that somebody has written. */
const PERSONAL =
  /customer|comment|note|mail|phone|mobile|address|street|zip|postal|postcode|city|birth|iban|card|(first|last|full|sur)_?name|^name$/i
const PAIR = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*)/g

/** JSON, or something near it, without the values of personal fields: what stays is what a sender's fault is found by. */
export const blotted = (text: string): string =>
  text.replace(PAIR, (pair, name: string, colon: string) => (PERSONAL.test(name) ? `"${name}"${colon}"…"` : pair))

/** What a replay would do at this moment. */
export async function replayPreview(actor: Actor, selection: Selection): Promise<ReplayAccount> {
  authorize(actor, 'ingest:replay')
  return wouldReplay(selection)
}
