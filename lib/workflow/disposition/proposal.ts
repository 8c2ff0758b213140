import { eq } from 'drizzle-orm'
import { type Database, run, type Transaction } from '../../db/client'
import { ahead } from '../../db/line'
import { supplier } from '../../db/schema'
import { statement } from '../../db/statement'
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
  const [claimable, value] = await Promise.all([
    covered(tx, unit, at),
    // Not known is no number: no row that asks for it decides.
    inReportingCurrency(tx, unit.unitCost, unit.currency, at).then(toNumber, () => Number.NaN),
  ])
  return factsOfUnit(unit, { covered: claimable, value })
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

/** Of the day or before it, the latest; before the first, the first. */
const RATE = statement(`
  SELECT (rate * 10000000000)::bigint::text AS rate FROM fx_rate WHERE currency = $1
  ORDER BY (day <= $2::date) DESC, CASE WHEN day <= $2::date THEN day END DESC, day LIMIT 1`)

/** An amount in 1/10,000 of a currency, in the reporting currency by the rate of the day. Throws a UserError (`no_rate`) where there is none. */
export async function inReportingCurrency(
  on: Database | Transaction,
  amount: bigint,
  currency: string,
  at: Date,
): Promise<bigint> {
  if (amount === 0n || currency === env().BACKHAUL_CURRENCY) return amount
  const day = at.toISOString().slice(0, 10)
  const { rows } = await run<{ rate: string }>(on, RATE, [currency, day])
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
  if (!judgedOf(unit)) return undefined
  const [facts, { table, version }] = await Promise.all([
    dispositionFacts(tx, unit, at),
    activePolicy(tx, 'disposition', at),
  ])
  if (!facts) return undefined
  return { proposal: proposeDisposition(table, facts), version }
}

/** The proposal for a unit that has just been looked at, noted as the automation's doing; null while it is switched off. */
export async function proposalFor(context: Context, unit: UnitRow): Promise<Proposal | null> {
  const on = enabled(context.tx, 'disposition')
  const rule = ahead(ruled(context.tx, unit, context.at))
  if (!(await on)) return null
  const decided = await rule
  if (!decided) return null
  const { proposal, version } = decided
  // Goes out with what comes next.
  ahead(
    did(context.tx, 'disposition', context.at, {
      rmaId: unit.rmaId ?? '',
      objectId: unit.id,
      reason: `proposes ${proposal.disposition.replaceAll('_', ' ')} by row ${proposal.row} of version ${version}: ${proposal.note}`,
    }),
  )
  return proposal
}
