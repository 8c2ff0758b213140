import { and, asc, count, eq, getTableColumns, gt, gte, inArray, lt, type SQL } from 'drizzle-orm'
import { db } from '../../lib/db/client'
import { quarantine } from '../../lib/db/schema/log'
import { UserError } from '../../lib/errors'

export type QuarantineRow = typeof quarantine.$inferSelect

/** Which waiting input is meant; every condition given must hold. */
export interface Selection {
  readonly ids?: readonly bigint[] | undefined
  readonly reason?: string | undefined
  readonly source?: string | undefined
  /** Received in [since, until). */
  readonly since?: Date | undefined
  readonly until?: Date | undefined
}

/** The condition of a selection among the rows in a state. */
export function selected(selection: Selection, state: QuarantineRow['state'] = 'open'): SQL | undefined {
  const { ids, reason, source, since, until } = selection
  return and(
    eq(quarantine.state, state),
    ids && inArray(quarantine.id, [...ids]),
    reason === undefined ? undefined : eq(quarantine.reason, reason),
    source === undefined ? undefined : eq(quarantine.source, source),
    since && gte(quarantine.receivedAt, since),
    until && lt(quarantine.receivedAt, until),
  )
}

/** The selected rows without their bytes, oldest first; `after` is the last id of the page before. */
export async function listQuarantine(
  selection: Selection,
  page: { state?: QuarantineRow['state']; after?: bigint; limit?: number } = {},
): Promise<Omit<QuarantineRow, 'raw'>[]> {
  const { raw: _raw, ...columns } = getTableColumns(quarantine)
  return await db()
    .select(columns)
    .from(quarantine)
    .where(and(selected(selection, page.state), gt(quarantine.id, page.after ?? 0n)))
    .orderBy(asc(quarantine.id))
    .limit(page.limit ?? 100)
}
/** How much waits, by reason and source, most first. */
export async function countQuarantine(): Promise<{ reason: string; source: string; rows: number }[]> {
  const rows = count()
  const groups = await db()
    .select({ reason: quarantine.reason, source: quarantine.source, rows })
    .from(quarantine)
    .where(eq(quarantine.state, 'open'))
    .groupBy(quarantine.reason, quarantine.source)
  return groups.sort((a, b) => b.rows - a.rows)
}

/** One row whole, its bytes included. Throws `UserError` when there is none. */
export async function showQuarantine(id: bigint): Promise<QuarantineRow> {
  const [row] = await db().select().from(quarantine).where(eq(quarantine.id, id))
  if (!row) throw new UserError('not_found', `There is no row ${id} in quarantine.`, 404, 'id')
  return row
}

/**
 * Gives up on the selected input: it stays, with who, when and why, and is never replayed. Returns how many rows that were.
 * `by` names the person, `why` is a sentence of at least three characters.
 */
export async function dismissQuarantine(selection: Selection, by: string, why: string): Promise<number> {
  if (why.trim().length < 3) throw new UserError('note_missing', 'Say why it is dismissed.', 400, 'note')
  const done = await db()
    .update(quarantine)
    .set({ state: 'dismissed', settledAt: new Date(), settledBy: by, note: why.trim() })
    .where(selected(selection))
    .returning({ id: quarantine.id })
  return done.length
}
