import { eq, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import { returnUnit } from '../../db/schema'
import { env } from '../../env'
import { formatFor } from '../../format'
import { formatUnits } from '../../money'
import { ruled } from '../disposition/proposal'
import type { UnitRow } from '../record/types'
import { scopeOf } from '../scope'
import type { NextUnit, Queue, StationProposal } from './station-types'
import { stationUnits, UNIT_SCOPE } from './station-unit'

/** What waits at a station: units to be looked at, or looked-at units to be decided. */
export type QueueMode = 'inspect' | 'decide'

/** A skipped unit is not offered to the same person again for so long. */
const SKIPPED_HOURS = 4

/** Duties of the same person on the unit that rule this one out (lib/returns/duties.ts); a queue never offers what would be refused. */
const BARRED: Record<QueueMode, readonly string[]> = {
  inspect: ['receive', 'request', 'dispose'],
  decide: ['receive', 'request', 'inspect'],
}

const WAITS: Record<QueueMode, ReturnType<typeof sql>> = {
  inspect: sql`return_unit.status IN ('received', 'hold') AND return_unit.inspected_at IS NULL AND return_unit.rma_id IS NOT NULL`,
  decide: sql`return_unit.inspected_at IS NOT NULL AND return_unit.dispositioned_at IS NULL AND return_unit.status IN ('received', 'hold', 'quarantine')`,
}

interface Ranked extends Record<string, unknown> {
  id: string
  value: string
  days: number
  promise: number
  waiting: number
}

/**
 * The unit to take next, with the reason: value × days here × what the customer was promised. Money that waits for this very look counts
 * three times, a customer who has got nothing yet twice. Leaves out what this person may not do, and what they have just skipped.
 */
export async function nextUnit(
  actor: Actor,
  mode: QueueMode,
  facility: { id: string; tz: string },
  now = new Date(),
): Promise<Queue> {
  authorize(actor, mode === 'inspect' ? 'units:inspect' : 'units:dispose')
  const barred = JSON.stringify(BARRED[mode])
  const { rows } = await db().execute<Ranked>(sql`
    WITH rate AS (
      SELECT DISTINCT ON (currency) currency, rate FROM fx_rate WHERE day <= ${now.toISOString().slice(0, 10)}::date ORDER BY currency, day DESC
    ), open AS (
      SELECT return_unit.id, return_unit.unit_price * return_unit.quantity * coalesce(rate.rate, 1) AS value,
        greatest(extract(epoch FROM ${now.toISOString()}::timestamptz - coalesce(return_unit.received_at, return_unit.status_at)) / 86400, 0.1)::float8 AS days,
        CASE WHEN EXISTS (SELECT FROM settlement s WHERE s.unit_id = return_unit.id AND s.release = 'on_inspection' AND s.state IN ('proposed', 'approved')) THEN 3
          WHEN return_unit.return_type <> 'refused' AND NOT EXISTS (SELECT FROM settlement s WHERE s.unit_id = return_unit.id AND s.state = 'paid') THEN 2
          ELSE 1 END AS promise
      FROM return_unit LEFT JOIN rate ON rate.currency = return_unit.currency
      WHERE return_unit.facility = ${facility.id} AND return_unit.final_at IS NULL AND return_unit.split_at IS NULL AND return_unit.quantity > 0
        AND ${WAITS[mode]} AND ${scopeOf(actor, UNIT_SCOPE)}
        AND NOT EXISTS (SELECT FROM duty d WHERE d.unit_id = return_unit.id AND d.person = ${actor.userId}
          AND d.duty IN (SELECT jsonb_array_elements_text(${barred}::jsonb)))
        AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_type = 'unit' AND a.object_id = return_unit.id AND a.action = 'unit.skipped'
          AND a.actor = ${actor.userId} AND a.at > ${now.toISOString()}::timestamptz - make_interval(hours => ${SKIPPED_HOURS}))
    )
    SELECT id, trunc(value)::text AS value, days, promise, (SELECT count(*)::int FROM open) AS waiting
    FROM open ORDER BY value * days * promise DESC, id LIMIT 1`)
  const [best] = rows
  if (!best) return { next: null, waiting: 0 }
  const [row] = await db().select().from(returnUnit).where(eq(returnUnit.id, best.id))
  const next = row ? await asNext(row, reasonOf(best, facility.tz), facility.tz, now) : null
  return { next, waiting: best.waiting }
}

/** A unit that somebody picked by its code, in the same form. */
export async function pickedUnit(actor: Actor, id: string, tz: string, now = new Date()): Promise<NextUnit | null> {
  const [row] = await db()
    .select()
    .from(returnUnit)
    .where(sql`${returnUnit.id} = ${id} AND ${scopeOf(actor, UNIT_SCOPE)}`)
  return row ? asNext(row, 'picked by its code', tz, now) : null
}

async function asNext(row: UnitRow, reason: string, tz: string, now: Date): Promise<NextUnit | null> {
  const [unit] = await stationUnits([row], tz, now)
  if (!unit) return null
  return { unit, reason, proposal: row.inspectedAt ? await proposed(row, now) : null }
}

async function proposed(row: UnitRow, now: Date): Promise<StationProposal | null> {
  const decided = await withTransaction((tx) => ruled(tx, row, now))
  if (!decided) return null
  const { disposition, stage, row: rule, note, allowed } = decided.proposal
  return { disposition, stage, row: rule, note, allowed, version: decided.version }
}

function reasonOf({ value, days, promise }: Ranked, tz: string): string {
  const format = formatFor({ locale: 'en-GB', tz, currency: env().BACKHAUL_CURRENCY })
  const waits =
    promise === 3
      ? 'the refund waits for this look'
      : promise === 2
        ? 'the customer has got nothing yet'
        : 'the customer is settled'
  return `${format.money(formatUnits(BigInt(value), 2))} × ${format.decimal(days)} days here × ${waits}`
}
