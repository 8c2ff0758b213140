import { createHash } from 'node:crypto'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { returnUnit, supplierClaim } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits, parseAmount } from '../../money'
import { type Batch, batchOf, CLAIMABLE_FINDINGS, NOT_CLAIMABLE, type NotClaimable } from '../../returns/claims'
import { type Context, command } from '../command'
import type { Recorder } from '../exceptions'
import { texts } from '../record/books'
import type { ClaimRow, UnitRow } from '../record/types'
import { scopeOf } from '../scope'
import { lockUnit } from '../unit'
import { agreements, judge, type Supplier } from './terms'

const id = z.string().trim().min(1).max(128)
export const amountText = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'is not an amount')

export interface Opened {
  readonly batchId: string
  readonly currency: string
  /** Total claimed, as a decimal. */
  readonly total: string
  readonly claims: readonly { readonly claimId: string; readonly unitId: string; readonly amount: string }[]
}

/** Opens a claim for one unit; for less than is covered where `amount` says so. Joins a batch that has not been sent when named. */
export const open = command({
  name: 'claim.open',
  title: 'Open a claim',
  permission: 'claims:write',
  input: z.strictObject({
    unitId: id,
    amount: amountText.optional(),
    reason: z.string().trim().max(500).optional(),
    batchId: id.optional(),
  }),
  async run(context, asked): Promise<Opened> {
    const unit = await lockUnit(context, asked.unitId)
    const terms = await agreementOf(context, unit.supplierId)
    const judged = (await judge(context.tx, [unit], context.at)).get(unit.id)
    if (!judged?.claimability.eligible) throw refusalOf(unit.id, judged?.claimability)
    const { amount: most, windowUntil } = judged.claimability
    const amount = asked.amount === undefined ? most : (parseAmount(asked.amount) ?? 0n)
    if (amount <= 0n || amount > most)
      throw new UserError(
        'above_claimable',
        `The agreement covers ${formatUnits(most, 2)} ${terms.currency} of it: claim that or less.`,
        400,
        'amount',
      )
    const together = asked.batchId ? await sumOfBatch(context, asked.batchId, unit.supplierId) : 0n
    if (amount + together < terms.minimum) throw belowMinimum(terms, terms.minimum - amount - together)
    return openAll(context, terms, asked.batchId ?? batchIdOf(context, unit.supplierId), [
      { unit, amount, windowUntil, ...(asked.reason ? { reason: asked.reason } : {}) },
    ])
  },
})

export interface OpenedAll extends Opened {
  readonly left: readonly { readonly unitId: string; readonly why: NotClaimable; readonly words: string }[]
}

/** Opens claims for all of a supplier's units that can be claimed now, as one batch; says what was left out, and why. */
export const openEligible = command({
  name: 'claim.open_eligible',
  title: 'Claim all that is eligible',
  permission: 'claims:write',
  input: z.strictObject({
    supplierId: id,
    /** Only these of its units. */
    unitIds: z.array(id).min(1).max(500).optional(),
  }),
  async run(context, asked): Promise<OpenedAll> {
    const terms = await agreementOf(context, asked.supplierId)
    const units = await defective(context, asked.supplierId, asked.unitIds)
    const judged = await judge(context.tx, units, context.at)
    const batch = batchOf([...judged.values()], terms.minimum)
    if (batch.taken.length === 0) throw nothingTaken(terms, batch)
    const byId = new Map(units.map((unit) => [unit.id, unit]))
    const opened = await openAll(
      context,
      terms,
      batchIdOf(context, asked.supplierId),
      batch.taken.flatMap(({ unitId, amount, windowUntil }) => {
        const unit = byId.get(unitId)
        return unit ? [{ unit, amount, windowUntil }] : []
      }),
    )
    return { ...opened, left: batch.left.map(({ unitId, why }) => ({ unitId, why, words: NOT_CLAIMABLE[why] })) }
  },
})

/**
 * Opens the claim of one unit where its agreement covers it and it reaches the minimum by itself; says nothing otherwise. For automation: what
 * does not reach the minimum waits for a person's batch.
 */
export async function openIfCovered(recorder: Recorder, unitId: string): Promise<Opened | undefined> {
  const [unit] = await recorder.tx.select().from(returnUnit).where(eq(returnUnit.id, unitId)).for('update')
  if (!unit) return undefined
  const judged = (await judge(recorder.tx, [unit], recorder.at)).get(unitId)
  const terms = (await agreements(recorder.tx, [unit.supplierId])).get(unit.supplierId)
  if (!terms || !judged?.claimability.eligible || judged.rejectedBefore) return undefined
  const { amount, windowUntil } = judged.claimability
  if (amount < terms.minimum) return undefined
  return openAll(recorder, terms, batchIdOf(recorder, unit.supplierId), [{ unit, amount, windowUntil }])
}

interface Wanted {
  readonly unit: UnitRow
  readonly amount: bigint
  readonly windowUntil: Date
  readonly reason?: string
}

async function openAll(
  recorder: Recorder,
  terms: Supplier,
  batchId: string,
  wanted: readonly Wanted[],
): Promise<Opened> {
  const ids = await claimIds(
    recorder,
    wanted.map(({ unit }) => unit.id),
  )
  const patches = new Map<string, Partial<ClaimRow>>()
  const events = wanted.map(({ unit, amount, windowUntil, reason }) => {
    const claimId = ids.get(unit.id) ?? ''
    patches.set(claimId, { external: false, batchId, windowUntil })
    return recorder.event('claim.opened.v1', unit.id, {
      claim_id: claimId,
      unit_id: unit.id,
      supplier_id: terms.supplierId,
      amount: formatUnits(amount),
      currency: terms.currency,
      reason: reason ?? unit.finding,
    })
  })
  await recorder.record(events, { claims: patches })
  return {
    batchId,
    currency: terms.currency,
    total: formatUnits(wanted.reduce((sum, { amount }) => sum + amount, 0n)),
    claims: wanted.map(({ unit, amount }) => ({
      claimId: ids.get(unit.id) ?? '',
      unitId: unit.id,
      amount: formatUnits(amount),
    })),
  }
}

/** `CL-<unit>-<n>`, the next of each unit. */
async function claimIds(recorder: Recorder, units: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await recorder.tx.execute<{ unit_id: string; n: number }>(
    sql`SELECT unit_id, count(*)::int AS n FROM supplier_claim WHERE unit_id IN ${texts(units)} GROUP BY unit_id`,
  )
  const known = new Map(rows.map(({ unit_id, n }) => [unit_id, n]))
  return new Map(units.map((unit) => [unit, `CL-${unit}-${(known.get(unit) ?? 0) + 1}`]))
}

const batchIdOf = (recorder: Pick<Recorder, 'at'> & { commandId?: string }, supplierId: string): string => {
  const digest = createHash('sha256').update(`${supplierId}\0${recorder.commandId ?? recorder.at.toISOString()}`)
  return `CB-${recorder.at.toISOString().slice(2, 10).replaceAll('-', '')}-${digest.digest('hex').slice(0, 6)}`
}

async function agreementOf(context: Context, supplierId: string): Promise<Supplier> {
  const terms = (await agreements(context.tx, [supplierId])).get(supplierId)
  if (!terms || terms.coverage <= 0n) throw new UserError('no_agreement', NOT_CLAIMABLE.no_agreement, 409, 'supplierId')
  return terms
}

/** The supplier's units with a finding that agreements answer for, in the actor's rows, locked. */
function defective(context: Context, supplierId: string, only: readonly string[] | undefined): Promise<UnitRow[]> {
  return context.tx
    .select()
    .from(returnUnit)
    .where(
      and(
        eq(returnUnit.supplierId, supplierId),
        isNull(returnUnit.splitAt),
        ne(returnUnit.quantity, 0),
        only ? inArray(returnUnit.id, [...only]) : inArray(returnUnit.finding, [...CLAIMABLE_FINDINGS]),
        // History that is in a claim is not looked at again.
        only
          ? undefined
          : sql`NOT EXISTS (SELECT FROM supplier_claim c WHERE c.unit_id = ${returnUnit.id} AND c.state <> 'rejected')`,
        scopeOf(context.actor, returnUnit),
      ),
    )
    .orderBy(returnUnit.id)
    .for('update')
}

/** What an unsent batch of this supplier comes to. */
async function sumOfBatch(context: Context, batchId: string, supplierId: string): Promise<bigint> {
  const rows = await context.tx
    .select()
    .from(supplierClaim)
    .where(and(eq(supplierClaim.batchId, batchId), scopeOf(context.actor, { entity: supplierClaim.entity })))
  if (rows.length === 0 || rows.some((row) => row.supplierId !== supplierId || row.state !== 'opened'))
    throw new UserError(
      'batch_closed',
      'This batch was sent already, or is not of this supplier. Open a new one.',
      409,
      'batchId',
    )
  return rows.reduce((sum, { claimed }) => sum + claimed, 0n)
}

function refusalOf(unitId: string, judged: { eligible: boolean; why?: NotClaimable; claimId?: string } | undefined) {
  const why = judged?.why ?? 'finding'
  const where = judged?.claimId ? ` (${judged.claimId})` : ''
  return new UserError(
    why === 'in_claim' ? 'in_claim' : `not_claimable_${why}`,
    `${unitId}: ${NOT_CLAIMABLE[why]}${where}`,
    409,
    'unitId',
  )
}

const belowMinimum = (terms: Supplier, short: bigint) =>
  new UserError(
    'below_minimum',
    `${terms.name} takes claims from ${formatUnits(terms.minimum, 2)} ${terms.currency} on: ${formatUnits(short, 2)} are missing. Add units to a batch, or wait for more.`,
    409,
    'amount',
  )

function nothingTaken(terms: Supplier, batch: Batch): UserError {
  if (batch.short > 0n) return belowMinimum(terms, batch.short)
  const reasons = [...new Set(batch.left.map(({ why }) => NOT_CLAIMABLE[why]))]
  return new UserError(
    'nothing_eligible',
    reasons.length === 0
      ? `${terms.name} has no unit that could be claimed now.`
      : `None of the ${batch.left.length} units can be claimed now. ${reasons.join(' ')}`,
    409,
    'supplierId',
  )
}
