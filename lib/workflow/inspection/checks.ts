import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { AnyEvent } from '../../../ingest/contract/event'
import { run } from '../../db/client'
import { evidence, evidenceLink, returnUnit } from '../../db/schema'
import { statement } from '../../db/statement'
import { env } from '../../env'
import { UserError } from '../../errors'
import { divideHalfEven, formatUnits, parseAmount } from '../../money'
import type { Context } from '../command'
import { raise } from '../exceptions'
import type { UnitRow } from '../record/types'
import { settingOf } from '../settings'

/**
 * Whether a serial is one that was shipped with this line and has not come back already. `undefined` when nobody knows which serials were
 * shipped and it has not come back before.
 */
export async function serialFits(
  context: Context,
  unit: UnitRow,
  serial: string,
  shipped: readonly string[],
): Promise<boolean | undefined> {
  const [elsewhere] = await context.tx
    .select({ id: returnUnit.id })
    .from(returnUnit)
    .where(
      and(
        eq(returnUnit.serial, serial),
        ne(returnUnit.id, unit.id),
        eq(returnUnit.sku, unit.sku),
        // A part and what it was split from are one and the same thing; and what was sold again may come back again.
        sql`${returnUnit.splitAt} IS NULL AND ${returnUnit.receivedAt} IS NOT NULL`,
        eq(returnUnit.orderLineId, unit.orderLineId),
      ),
    )
    .limit(1)
  if (elsewhere) return false
  return shipped.length > 0 ? shipped.includes(serial) : undefined
}

const WRONG_ITEM = statement(
  `SELECT FROM case_exception WHERE unit_id = $1 AND kind = 'wrong_item' AND state = 'open' LIMIT 1`,
)

/** Whether another item was received in place of this one, and nobody has resolved that otherwise. */
export async function wrongItem(context: Context, unit: UnitRow): Promise<boolean> {
  const { rows } = await run(context.tx, WRONG_ITEM, [unit.id])
  return rows.length > 0
}

const LINKED = statement(`SELECT sha256 FROM evidence_link WHERE subject_type = 'unit' AND subject_id = $1`)

/** The hashes of photos that are kept here and belong to the unit: those named, and those that were added to it before. */
export async function knownEvidence(context: Context, unitId: string, named: readonly string[]): Promise<string[]> {
  const { rows } = await run<{ sha256: string }>(context.tx, LINKED, [unitId])
  const linked = new Set(rows.map(({ sha256 }) => sha256))
  for (const sha256 of named) {
    if (linked.has(sha256)) continue
    const [kept] = await context.tx
      .select({ sha256: evidence.sha256 })
      .from(evidence)
      .where(and(eq(evidence.sha256, sha256), isNull(evidence.purgedAt)))
    if (!kept) throw new UserError('unknown_evidence', 'This photo is not kept here. Add it first.', 409, 'evidence')
    await context.tx
      .insert(evidenceLink)
      .values({ sha256, subjectType: 'unit', subjectId: unitId, by: context.doer.id, at: context.at })
      .onConflictDoNothing()
    linked.add(sha256)
  }
  return [...linked].sort().slice(0, 100)
}

/** The work of an inspection as a cost, at the facility's hourly rate. */
export async function labour(context: Context, unit: UnitRow, minutes: number, at: Date): Promise<AnyEvent[]> {
  if (minutes <= 0) return []
  const rates = await settingOf(context.tx, 'labor_rates')
  const rate = rates[unit.facility] ?? rates['*']
  const hour = rate ? parseAmount(rate.per_hour) : undefined
  if (!rate || hour === undefined) return []
  const amount = divideHalfEven(hour * BigInt(Math.round(minutes * 100)), 6000n)
  return [
    context.event(
      'cost.incurred.v1',
      unit.id,
      {
        cost_id: `CO-${context.commandId}`,
        unit_id: unit.id,
        kind: 'labor',
        amount: formatUnits(amount),
        currency: rate.currency ?? env().BACKHAUL_CURRENCY,
      },
      at,
    ),
  ]
}

/** What an inspection shows to be wrong, as exceptions; their kinds. */
export async function problems(
  context: Context,
  unit: UnitRow,
  serialMatch: boolean | undefined,
  shipped: readonly string[],
): Promise<string[]> {
  const about = {
    unitId: unit.id,
    rmaId: unit.rmaId ?? '',
    value: unit.unitPrice * BigInt(unit.quantity),
    currency: unit.currency,
  }
  const raised: string[] = []
  if (serialMatch === false) {
    raised.push('serial_conflict')
    await raise(context, {
      ...about,
      kind: 'serial_conflict',
      message: shipped.includes(unit.serial)
        ? `Serial ${unit.serial} has come back before.`
        : `Serial ${unit.serial} was not shipped with this order.`,
      detail: { serial: unit.serial, shipped },
    })
  }
  if (unit.accessoriesComplete === false) {
    raised.push('missing_accessory')
    await raise(context, {
      ...about,
      kind: 'missing_accessory',
      message: 'Accessories are missing: deduct them, or find them.',
    })
  }
  return raised
}
