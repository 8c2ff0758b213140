import { createHash } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { insertRows } from '../../db/rows'
import { journalEntry, journalLine, stockMovement } from '../../db/schema'
import { env } from '../../env'
import type { Position } from '../../returns/positions'
import type { Change, UnitRow } from './types'
import { stockPlace } from './unit-row'

/** An entry to be posted: the difference of two positions, for one cause. */
export interface Posting {
  /** What it is for; posting the same cause again does nothing. */
  readonly cause: string
  readonly template: string
  readonly entity: string
  readonly currency: string
  readonly at: Date
  readonly lines: Position
  readonly unitId?: string
  readonly rmaId?: string
  readonly origin?: 'automatic' | 'manual' | 'opening'
  readonly preparedBy: string
  readonly approvedBy?: string
  readonly memo?: string
  readonly reverses?: string
}

/** YYYY-MM of an instant in the company's zone. */
export function periodOf(at: Date, tz = env().BACKHAUL_TZ): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit' }).format(at)
  return parts.slice(0, 7)
}

const nextPeriod = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number)
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

/** An entry's id follows from its cause: posting twice is one entry, whoever does it. */
export const entryId = (cause: string): string => `JE-${createHash('sha256').update(cause).digest('hex').slice(0, 24)}`

/**
 * Posts entries, each in the period of its business time, or, when that is closed, in the next one that is open (marked late, with the
 * original date kept). Lines of zero and entries without lines are left out; a cause that is posted already is not posted again.
 */
export async function post(tx: Transaction, postings: readonly Posting[]): Promise<string[]> {
  const wanted = postings.filter(({ lines }) => lines.size > 0)
  if (wanted.length === 0) return []
  const { shut, known } = await standing(tx, wanted)
  const fresh = wanted.filter(({ cause }) => !known.has(cause))
  const entries = fresh.map((posting) => {
    const own = periodOf(posting.at)
    let period = own
    while (shut.has(`${posting.entity}\0${period}`)) period = nextPeriod(period)
    return {
      id: entryId(posting.cause),
      causeId: posting.cause,
      template: posting.template,
      entity: posting.entity,
      period,
      currency: posting.currency,
      occurredAt: posting.at,
      unitId: posting.unitId ?? '',
      rmaId: posting.rmaId ?? '',
      reverses: posting.reverses ?? null,
      origin: posting.origin ?? ('automatic' as const),
      preparedBy: posting.preparedBy,
      approvedBy: posting.approvedBy ?? '',
      memo: posting.memo ?? '',
      late: period !== own,
    }
  })
  await insertRows(tx, journalEntry, entries)
  await insertRows(
    tx,
    journalLine,
    fresh.flatMap(({ cause, lines }) =>
      [...lines].sort(byAccount).map(([account, amount], index) => ({
        entryId: entryId(cause),
        line: index + 1,
        account,
        debit: amount > 0n ? amount : 0n,
        credit: amount < 0n ? -amount : 0n,
      })),
    ),
  )
  return entries.map(({ id }) => id)
}

/** Debits first, then by name: how an entry is read. */
const byAccount = ([a, x]: [string, bigint], [b, y]: [string, bigint]): number =>
  Number(y > 0n) - Number(x > 0n) || (a < b ? -1 : 1)

/** Periods that take nothing now, and causes that are posted already. */
async function standing(
  tx: Transaction,
  postings: readonly Posting[],
): Promise<{ shut: ReadonlySet<string>; known: ReadonlySet<string> }> {
  const entities = texts([...new Set(postings.map(({ entity }) => entity))])
  const { rows } = await tx.execute<{ entity: string; what: string; closed: boolean }>(
    sql`SELECT entity, period AS what, true AS closed FROM period WHERE entity IN ${entities}
          AND (state = 'closed' OR (state = 'soft' AND coalesce(current_setting('backhaul.gl_adjust', true), '') <> 'on'))
        UNION ALL SELECT '', cause_id, false FROM journal_entry WHERE cause_id IN ${texts(postings.map(({ cause }) => cause))}`,
  )
  return {
    shut: new Set(rows.flatMap(({ entity, what, closed }) => (closed ? [`${entity}\0${what}`] : []))),
    known: new Set(rows.flatMap(({ what, closed }) => (closed ? [] : [what]))),
  }
}

/** A list of texts as one parameter. */
export const texts = (values: readonly string[]): SQL =>
  sql`(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

/** What ended before its history was taken over was never on these books. */
export const onBooks = (unit: UnitRow | undefined): UnitRow | undefined =>
  unit?.opening && unit.finalAt ? undefined : unit

type Movement = typeof stockMovement.$inferInsert

/** The movements that take the stock ledger from where a unit was to where it is; none when nothing changed. */
function movementsOf(
  change: Change<UnitRow>,
  key: string,
  who: string,
  cause: Movement['cause'],
  at: Date,
): Movement[] {
  const from = stockPlace(onBooks(change.before))
  const to = stockPlace(onBooks(change.after))
  const same =
    from.status === to.status &&
    from.quantity === to.quantity &&
    from.value === to.value &&
    from.facility === to.facility &&
    from.sku === to.sku &&
    from.entity === to.entity &&
    from.currency === to.currency
  if (same || (from.status === 'outside' && to.status === 'outside')) return []
  const base = { unitId: change.after.id, location: change.after.location, cause, actor: who, at }
  const out = (place: typeof from, part: string): Movement => ({
    ...base,
    id: `${key}${part}`,
    sku: place.sku,
    entity: place.entity,
    facility: place.facility,
    fromStatus: place.status,
    toStatus: 'outside',
    quantity: place.quantity,
    fromValue: place.value,
    toValue: 0n,
    currency: place.currency,
  })
  const into = (place: typeof to, part: string): Movement => ({
    ...out(place, part),
    fromStatus: 'outside',
    toStatus: place.status,
    fromValue: 0n,
    toValue: place.value,
  })
  if (from.status === 'outside') return [into(to, '')]
  if (to.status === 'outside') return [out(from, '')]
  const moves =
    from.quantity === to.quantity &&
    from.facility === to.facility &&
    from.sku === to.sku &&
    from.entity === to.entity &&
    from.currency === to.currency
  if (!moves) return [out(from, '/out'), into(to, '/in')]
  return [{ ...into(to, ''), fromStatus: from.status, fromValue: from.value }]
}

/** Writes what changed of units to the stock ledger. `key` names the cause: unit and version, so that it is written once. */
export async function moveStock(
  tx: Transaction,
  changes: Iterable<Change<UnitRow>>,
  options: { who: string; at: Date; archive: boolean },
): Promise<void> {
  const movements: Movement[] = []
  for (const change of changes) {
    const { after, before } = change
    if (!onBooks(before) && !onBooks(after)) continue
    const cause = options.archive
      ? 'opening'
      : after.splitAt || after.parentId !== (before?.parentId ?? after.parentId)
        ? 'split'
        : before
          ? 'unit'
          : 'request'
    movements.push(...movementsOf(change, `${after.id}#${after.version}`, options.who, cause, after.statusAt))
  }
  // One order for everybody: movements of the same goods wait for each other and never in a circle.
  movements.sort((a, b) => (a.facility + a.sku + a.id < b.facility + b.sku + b.id ? -1 : 1))
  await insertRows(tx, stockMovement, movements)
}
