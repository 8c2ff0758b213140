import { divideHalfEven } from '../../money'
import type { Status } from '../../returns/codes'
import type { UnitFold } from '../../returns/fold-unit'
import { carriedAt, type Position, unitPosition } from '../../returns/positions'
import type { OrderLineRow, ProductRow, UnitRow } from './types'

const instant = (milliseconds: number): Date | null => (milliseconds > 0 ? new Date(milliseconds) : null)

/** The row of a unit: what its events say, and what its sale knows better (docs/facts.md §4, "Descriptive values"). */
export function unitRow(
  fold: UnitFold,
  line: OrderLineRow | undefined,
  product: ProductRow | undefined,
  before: UnitRow | undefined,
  touched: { handled: boolean; opening: boolean },
): UnitRow {
  const pieces = BigInt(Math.max(1, line?.quantity ?? 1))
  const unitCost = line && line.unitCost > 0n ? line.unitCost : fold.unitCost
  return {
    id: fold.id,
    rmaId: fold.rmaId || null,
    parentId: fold.parentId || null,
    orderId: line?.orderId || fold.orderId,
    orderLineId: fold.orderLineId,
    sku: line?.sku || fold.sku,
    quantity: fold.quantity,
    receivedQuantity: fold.receivedQuantity,
    status: fold.status,
    statusAt: new Date(fold.statusAt),
    reason: fold.reason,
    returnType: fold.returnType,
    comment: fold.comment,
    condition: fold.condition,
    finding: fold.finding,
    serial: fold.serial,
    serialMatch: fold.serialMatch ?? null,
    accessoriesComplete: fold.accessoriesComplete ?? null,
    lot: fold.lot || line?.lot || '',
    disposition: fold.disposition,
    ruleRow: fold.ruleRow,
    overridden: fold.overridden,
    facility: fold.facility,
    location: fold.location,
    carrier: fold.carrier,
    tracking: fold.tracking,
    expectedAt: instant(fold.expectedAt),
    entity: line?.entity || fold.entity,
    channel: line?.channel || fold.channel,
    category: line?.category || fold.category,
    supplierId: line?.supplierId || fold.supplierId || product?.supplierId || '',
    customerId: line?.customerId || fold.customerId,
    goodsClass: product?.goodsClass ?? before?.goodsClass ?? 'none',
    currency: line?.currency || fold.currency,
    unitPrice: line ? divideHalfEven(line.net + line.tax, pieces) : fold.unitPrice,
    unitCost,
    unitValue: fold.unitValue ?? unitCost,
    requestedAt: instant(fold.requestedAt),
    authorizedAt: instant(fold.authorizedAt),
    rejectedAt: instant(fold.rejectedAt),
    cancelledAt: instant(fold.cancelledAt),
    labelledAt: instant(fold.labelledAt),
    inTransitAt: instant(fold.inTransitAt),
    deliveredAt: instant(fold.deliveredAt),
    lostAt: instant(fold.lostAt),
    receivedAt: instant(fold.receivedAt),
    inspectedAt: instant(fold.inspectedAt),
    splitAt: instant(fold.splitAt),
    dispositionedAt: instant(fold.dispositionedAt),
    finalAt: instant(fold.finalAt),
    lastOrder: fold.lastOrder,
    lastAt: new Date(fold.lastAt),
    handled: touched.handled || (before?.handled ?? false),
    // What ends after its history was taken over ends on these books.
    opening:
      (before?.opening ?? touched.opening) &&
      (touched.opening || before?.finalAt instanceof Date || fold.finalAt === 0),
    version: (before?.version ?? 0) + 1,
  }
}

/** The row of a unit of which nothing is left: every event about it was voided. */
export const takenBack = (before: UnitRow, at: Date): UnitRow => ({
  ...before,
  quantity: 0,
  receivedQuantity: 0,
  status: 'cancelled',
  statusAt: at,
  condition: '',
  finding: '',
  disposition: '',
  ...NEVER,
  finalAt: at,
  lastAt: at,
  version: before.version + 1,
})

const NEVER = {
  requestedAt: null,
  authorizedAt: null,
  rejectedAt: null,
  cancelledAt: null,
  labelledAt: null,
  inTransitAt: null,
  deliveredAt: null,
  lostAt: null,
  receivedAt: null,
  inspectedAt: null,
  splitAt: null,
  dispositionedAt: null,
} as const

/** What a unit means for the books, in its currency. */
export const positionOf = (unit: UnitRow | undefined): Position =>
  unit
    ? unitPosition({
        status: unit.status as Status,
        received: unit.receivedAt !== null,
        split: unit.splitAt !== null,
        cost: unit.unitCost * BigInt(unit.quantity),
        value: unit.unitValue * BigInt(unit.quantity),
      })
    : new Map()

/** Where the stock ledger has a unit: nowhere once it is split. */
export interface StockPlace {
  readonly status: Status | 'outside'
  readonly facility: string
  readonly sku: string
  readonly entity: string
  readonly currency: string
  readonly quantity: number
  readonly value: bigint
}

export function stockPlace(unit: UnitRow | undefined): StockPlace {
  const status = !unit || unit.splitAt || unit.quantity === 0 ? 'outside' : (unit.status as Status)
  return {
    status,
    facility: unit?.facility ?? '',
    sku: unit?.sku ?? '',
    entity: unit?.entity ?? '',
    currency: unit?.currency ?? '',
    quantity: unit?.quantity ?? 0,
    value: unit ? carriedAt(status, unit.unitCost, unit.unitValue) : 0n,
  }
}
