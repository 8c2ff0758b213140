import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { supplier } from '../../db/schema'
import { env } from '../../env'
import { UserError } from '../../errors'
import { convert, toNumber } from '../../money'
import { CONDITIONS, DISPOSITIONS, FINDINGS } from '../../returns/codes'
import { type DispositionFacts, isCovered, type Proposal, proposeDisposition } from '../../returns/disposition'
import { did, enabled } from '../automation'
import type { Context } from '../command'
import { activePolicy } from '../policies'
import type { UnitRow } from '../record/types'

/** What the goods' own rules look at; `undefined` before the unit was inspected. */
export function judgedOf(unit: UnitRow) {
  const condition = CONDITIONS.find((each) => each === unit.condition)
  const finding = FINDINGS.find((each) => each === unit.finding)
  if (!condition || !finding) return undefined
  return { goodsClass: unit.goodsClass, condition, finding, serialMatch: unit.serialMatch ?? undefined }
}

/** What the disposition of an inspected unit is decided from; `undefined` before it was inspected. */
export async function dispositionFacts(
  tx: Transaction,
  unit: UnitRow,
  at: Date,
): Promise<DispositionFacts | undefined> {
  if (!judgedOf(unit)) return undefined
  return factsOfUnit(unit, {
    covered: await covered(tx, unit, at),
    // Not known is no number: no row that asks for it decides.
    value: await inReportingCurrency(tx, unit.unitCost, unit.currency, at).then(toNumber, () => Number.NaN),
  })
}

/** The same with what is known beside the unit: whether its supplier answers for it, and its cost in main units of the reporting currency. */
export function factsOfUnit(
  unit: UnitRow,
  known: Pick<DispositionFacts, 'covered' | 'value'>,
): DispositionFacts | undefined {
  const judged = judgedOf(unit)
  if (!judged) return undefined
  return {
    ...judged,
    ...known,
    category: unit.category,
    accessoriesComplete: unit.accessoriesComplete ?? undefined,
    before: DISPOSITIONS.find((each) => each === unit.disposition) ?? '',
  }
}

/** Whether the supplier's agreement answers for a defect of this unit, today. */
async function covered(tx: Transaction, unit: UnitRow, at: Date): Promise<boolean> {
  if (unit.supplierId === '') return false
  const [terms] = await tx.select().from(supplier).where(eq(supplier.id, unit.supplierId))
  return isCovered(unit, terms && { coverage: Number(terms.coverage), windowDays: terms.windowDays }, at)
}

/** An amount in 1/10,000 of a currency, in the reporting currency by the rate of the day. Throws a UserError (`no_rate`) where there is none. */
export async function inReportingCurrency(
  tx: Pick<Transaction, 'execute'>,
  amount: bigint,
  currency: string,
  at: Date,
): Promise<bigint> {
  if (amount === 0n || currency === env().BACKHAUL_CURRENCY) return amount
  const day = at.toISOString().slice(0, 10)
  // Of the day or before it, the latest; before the first, the first.
  const { rows } = await tx.execute<{ rate: string }>(sql`
    SELECT (rate * 10000000000)::bigint::text AS rate FROM fx_rate WHERE currency = ${currency}
    ORDER BY (day <= ${day}::date) DESC, CASE WHEN day <= ${day}::date THEN day END DESC, day LIMIT 1`)
  if (!rows[0])
    throw new UserError('no_rate', `There is no exchange rate of ${currency || 'an unknown currency'}. Add one.`, 503)
  return convert(amount, BigInt(rows[0].rate))
}

/** What the rule proposes for a unit as it is, and by which version; `undefined` before its inspection. Nothing is written. */
export async function ruled(
  tx: Transaction,
  unit: UnitRow,
  at: Date,
): Promise<{ proposal: Proposal; version: number } | undefined> {
  const facts = await dispositionFacts(tx, unit, at)
  if (!facts) return undefined
  const { table, version } = await activePolicy(tx, 'disposition', at)
  return { proposal: proposeDisposition(table, facts), version }
}

/** The proposal for a unit that has just been looked at, noted as the automation's doing; null while it is switched off. */
export async function proposalFor(context: Context, unit: UnitRow): Promise<Proposal | null> {
  if (!(await enabled(context.tx, 'disposition'))) return null
  const decided = await ruled(context.tx, unit, context.at)
  if (!decided) return null
  const { proposal, version } = decided
  await did(context.tx, 'disposition', context.at, {
    rmaId: unit.rmaId ?? '',
    objectId: unit.id,
    reason: `proposes ${proposal.disposition.replaceAll('_', ' ')} by row ${proposal.row} of version ${version}: ${proposal.note}`,
  })
  return proposal
}
