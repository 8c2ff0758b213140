import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { supplier, supplierClaim } from '../../db/schema'
import { env } from '../../env'
import { parseAmount, RATE_SCALE } from '../../money'
import { type Agreement, claimability, type Judged, type KnownClaim, type RateOf } from '../../returns/claims'
import { texts } from '../record/books'
import type { UnitRow } from '../record/types'

type Reader = Pick<Transaction, 'select' | 'execute'>

export interface Supplier extends Agreement {
  readonly name: string
}

/** Suppliers with their agreements; those named, or all. Money and coverage as integers of 1/10,000. */
export async function agreements(tx: Reader, ids?: readonly string[]): Promise<Map<string, Supplier>> {
  const rows = await tx
    .select()
    .from(supplier)
    .where(ids ? sql`${supplier.id} IN ${texts([...new Set(ids)])}` : sql`true`)
    .orderBy(supplier.id)
  return new Map(
    rows.map((row) => [
      row.id,
      {
        supplierId: row.id,
        name: row.name,
        coverage: parseAmount(row.coverage) ?? 0n,
        windowDays: row.windowDays,
        minimum: parseAmount(row.minimumClaim) ?? 0n,
        currency: row.currency,
      },
    ]),
  )
}

/** The rates of an instant's UTC day (docs/facts.md §1): the latest on or before it, before the first one the first. */
export async function ratesAt(tx: Reader, at: Date): Promise<RateOf> {
  const day = at.toISOString().slice(0, 10)
  const { rows } = await tx.execute<{ currency: string; rate: string }>(sql`
    SELECT DISTINCT ON (currency) currency, (rate * 10000000000)::bigint::text AS rate FROM fx_rate
    ORDER BY currency, (day <= ${day}::date) DESC, CASE WHEN day <= ${day}::date THEN day END DESC, day`)
  const known = new Map(rows.map(({ currency, rate }) => [currency, BigInt(rate)]))
  known.set(env().BACKHAUL_CURRENCY, RATE_SCALE)
  return (currency) => known.get(currency)
}

/** What the agreements say of these units, at an instant, by unit. */
export async function judge(tx: Reader, units: readonly UnitRow[], at: Date): Promise<Map<string, Judged>> {
  if (units.length === 0) return new Map()
  const terms = await agreements(
    tx,
    units.map(({ supplierId }) => supplierId),
  )
  const rateOf = await ratesAt(tx, at)
  const claims = await tx
    .select({ id: supplierClaim.id, unitId: supplierClaim.unitId, state: supplierClaim.state })
    .from(supplierClaim)
    .where(sql`${supplierClaim.unitId} IN ${texts(units.map(({ id }) => id))}`)
    .orderBy(supplierClaim.openedAt)
  const byUnit = new Map<string, KnownClaim[]>()
  for (const { unitId, ...known } of claims) byUnit.set(unitId, [...(byUnit.get(unitId) ?? []), known])
  return new Map(
    units.map((unit) => {
      const known = byUnit.get(unit.id) ?? []
      return [
        unit.id,
        {
          unitId: unit.id,
          claimability: claimability(claimable(unit), terms.get(unit.supplierId), known, rateOf, at),
          rejectedBefore: known.some(({ state }) => state === 'rejected'),
        },
      ]
    }),
  )
}

const claimable = (unit: UnitRow) => ({
  id: unit.id,
  finding: unit.finding,
  quantity: unit.quantity,
  split: unit.splitAt !== null,
  cost: unit.unitCost * BigInt(unit.quantity),
  currency: unit.currency,
  receivedAt: unit.receivedAt,
  inspectedAt: unit.inspectedAt,
})
