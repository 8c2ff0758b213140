import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { returnUnit, supplierClaim } from '../../db/schema'
import { formatUnits } from '../../money'
import { type ClaimStage, outstanding } from '../../returns/claims'
import type { Supplier } from '../claims/terms'
import { texts } from '../record/books'
import type { ClaimRow, UnitRow } from '../record/types'
import type { ClaimLine, SupplierTerms } from './claims-types'

/** A line before its unit is read: what it is sorted and summed by. */
export interface Weighed {
  readonly stage: ClaimStage
  readonly unitId: string
  readonly claimId: string | null
  readonly supplierId: string
  readonly currency: string
  readonly amount: bigint
  readonly until: Date | null
  readonly rejectedBefore: boolean
}

/** Reads what lines show; a line whose unit is gone meanwhile is left out. */
export async function linesOf(
  tx: Pick<Transaction, 'select'>,
  weighed: readonly Weighed[],
): Promise<(line: Weighed) => ClaimLine | undefined> {
  const [units, claims] = await Promise.all([
    tx
      .select()
      .from(returnUnit)
      .where(sql`${returnUnit.id} IN ${texts(weighed.map(({ unitId }) => unitId))}`),
    tx
      .select()
      .from(supplierClaim)
      .where(sql`${supplierClaim.id} IN ${texts(weighed.flatMap(({ claimId }) => claimId ?? []))}`),
  ])
  const unitOf = new Map(units.map((unit) => [unit.id, unit]))
  const claimOf = new Map(claims.map((claim) => [claim.id, claim]))
  return (line) => {
    const unit = unitOf.get(line.unitId)
    if (!unit) return undefined
    if (line.claimId === null) return unitLine(unit, line)
    const claim = claimOf.get(line.claimId)
    return claim && claimLine(claim, unit)
  }
}

/** When the present stage of a claim began. */
export const since = (claim: Pick<ClaimRow, 'recoveredAt' | 'answeredAt' | 'submittedAt' | 'openedAt'>): Date =>
  claim.recoveredAt ?? claim.answeredAt ?? claim.submittedAt ?? claim.openedAt

export const claimLine = (claim: ClaimRow, unit: UnitRow): ClaimLine => ({
  ...unitPart(unit),
  claimId: claim.id,
  batchId: claim.batchId,
  currency: claim.currency,
  amount: formatUnits(claim.claimed),
  accepted: formatUnits(claim.accepted),
  recovered: formatUnits(claim.recovered),
  writtenOff: formatUnits(claim.writtenOff),
  outstanding: formatUnits(outstanding(claim)),
  windowUntil: claim.windowUntil?.toISOString() ?? null,
  since: since(claim).toISOString(),
  reference: claim.externalRef,
  reason: claim.reason,
  rejectedBefore: false,
})

/** A unit that is in no claim. */
export const unitLine = (
  unit: UnitRow,
  own: { amount: bigint; currency: string; until: Date | null; rejectedBefore: boolean },
): ClaimLine => ({
  ...unitPart(unit),
  claimId: null,
  batchId: '',
  currency: own.currency,
  amount: formatUnits(own.amount),
  accepted: formatUnits(0n),
  recovered: formatUnits(0n),
  writtenOff: formatUnits(0n),
  outstanding: formatUnits(0n),
  windowUntil: own.until?.toISOString() ?? null,
  since: (unit.inspectedAt ?? unit.statusAt).toISOString(),
  reference: '',
  reason: unit.finding,
  rejectedBefore: own.rejectedBefore,
})

const unitPart = (unit: UnitRow) => ({
  unitId: unit.id,
  rmaId: unit.rmaId,
  sku: unit.sku,
  quantity: unit.quantity,
  facility: unit.facility,
  condition: unit.condition,
  status: unit.status,
})

export const termsOf = (terms: Supplier): SupplierTerms => ({
  supplierId: terms.supplierId,
  name: terms.name,
  currency: terms.currency,
  coverage: Number(terms.coverage) / 10_000,
  windowDays: terms.windowDays,
  minimum: formatUnits(terms.minimum),
})
