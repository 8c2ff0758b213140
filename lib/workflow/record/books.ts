import { createHash } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { run, type Transaction } from '../../db/client'
import { insertRows } from '../../db/rows'
import { stockMovement } from '../../db/schema'
import { statement } from '../../db/statement'
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

/** Making one costs more than all that is done with it. */
const monthIn = new Map<string, Intl.DateTimeFormat>()

/** YYYY-MM of an instant in the company's zone. */
export function periodOf(at: Date, tz = env().BACKHAUL_TZ): string {
  const month = monthIn.get(tz) ?? new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit' })
  monthIn.set(tz, month)
  return month.format(at).slice(0, 7)
}

/** An entry's id follows from its cause: posting twice is one entry, whoever does it. */
export const entryId = (cause: string): string => `JE-${createHash('sha256').update(cause).digest('hex').slice(0, 24)}`

/**
 * A month that is shut is passed over for the next one until one is open: for that, an entry is late. A cause that is posted already gives no
 * entry, and no lines.
 */
const POST = statement(`
  WITH wanted AS (
    SELECT w.*, free.period AS free
    FROM jsonb_to_recordset($1::jsonb) AS w (id text, cause_id text, template text, entity text, period text, currency text,
      occurred_at timestamptz, unit_id text, rma_id text, reverses text, origin text, prepared_by text, approved_by text, memo text, lines jsonb)
    CROSS JOIN LATERAL (
      WITH RECURSIVE month AS (
        SELECT w.period, 0 AS step
        UNION ALL SELECT to_char((month.period || '-01')::date + interval '1 month', 'YYYY-MM'), month.step + 1 FROM month
          WHERE EXISTS (SELECT FROM period p WHERE p.entity = w.entity AND p.period = month.period
            AND (p.state = 'closed' OR (p.state = 'soft' AND coalesce(current_setting('backhaul.gl_adjust', true), '') <> 'on')))
      ) SELECT month.period FROM month ORDER BY step DESC LIMIT 1
    ) free
    WHERE NOT EXISTS (SELECT FROM journal_entry e WHERE e.cause_id = w.cause_id)
  ), entry AS (
    INSERT INTO journal_entry (id, cause_id, template, entity, period, currency, occurred_at, unit_id, rma_id, reverses, origin, prepared_by,
      approved_by, memo, late)
    SELECT id, cause_id, template, entity, free, currency, occurred_at, unit_id, rma_id, reverses, origin, prepared_by, approved_by, memo,
      free <> period FROM wanted
    RETURNING id
  ), line AS (
    INSERT INTO journal_line (entry_id, line, account, debit, credit)
    SELECT id, l.line, l.account, l.debit, l.credit
    FROM entry JOIN wanted USING (id), jsonb_to_recordset(lines) AS l (line int, account text, debit int8, credit int8)
  ) SELECT id FROM entry`)

/**
 * Posts entries, each in the period of its business time, or, when that is closed, in the next one that is open (marked late, with the
 * original date kept). Lines of zero and entries without lines are left out; a cause that is posted already is not posted again.
 */
export async function post(tx: Transaction, postings: readonly Posting[]): Promise<string[]> {
  const wanted = postings.filter(({ lines }) => lines.size > 0)
  if (wanted.length === 0) return []
  const entries = wanted.map((posting) => ({
    id: entryId(posting.cause),
    cause_id: posting.cause,
    template: posting.template,
    entity: posting.entity,
    period: periodOf(posting.at),
    currency: posting.currency,
    occurred_at: posting.at,
    unit_id: posting.unitId ?? '',
    rma_id: posting.rmaId ?? '',
    reverses: posting.reverses ?? null,
    origin: posting.origin ?? 'automatic',
    prepared_by: posting.preparedBy,
    approved_by: posting.approvedBy ?? '',
    memo: posting.memo ?? '',
    lines: [...posting.lines].sort(byAccount).map(([account, amount], index) => ({
      line: index + 1,
      account,
      debit: String(amount > 0n ? amount : 0n),
      credit: String(amount < 0n ? -amount : 0n),
    })),
  }))
  const { rows } = await run<{ id: string }>(tx, POST, [JSON.stringify(entries)])
  return rows.map(({ id }) => id)
}

/** Debits first, then by name: how an entry is read. */
const byAccount = ([a, x]: [string, bigint], [b, y]: [string, bigint]): number =>
  Number(y > 0n) - Number(x > 0n) || (a < b ? -1 : 1)

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
