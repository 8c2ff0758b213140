import { type stockAdjustment, stockMovement } from '../../db/schema'
import type { Status } from '../../returns/codes'
import { adjustmentPosition } from '../../returns/positions'
import type { Context } from '../command'
import { post } from '../record/books'

export type Adjustment = typeof stockAdjustment.$inferSelect

/**
 * Makes an adjustment true: its movement in the stock ledger and its entry in the journal, at the value that it was asked for with. The
 * database refuses (`stock_below_zero`) to take away what is not there.
 */
export async function postAdjustment(
  { tx, at }: Pick<Context, 'tx' | 'at'>,
  row: Adjustment,
  about: { readonly preparedBy: string; readonly approvedBy: string; readonly at?: Date },
): Promise<void> {
  const found = row.delta > 0
  const quantity = found ? row.delta : -row.delta
  const when = about.at ?? at
  await tx.insert(stockMovement).values({
    id: `adjustment:${row.id}`,
    sku: row.sku,
    entity: row.entity,
    facility: row.facility,
    location: row.location,
    fromStatus: found ? 'outside' : row.status,
    toStatus: found ? row.status : 'outside',
    quantity,
    fromValue: found ? 0n : row.unitValue,
    toValue: found ? row.unitValue : 0n,
    currency: row.currency,
    cause: 'adjustment',
    actor: about.preparedBy,
    at: when,
  })
  await post(tx, [
    {
      cause: `adjustment:${row.id}`,
      template: 'stock_adjustment',
      entity: row.entity,
      currency: row.currency,
      at: when,
      lines: adjustmentPosition(row.status as Status, row.unitValue * BigInt(row.delta)),
      preparedBy: about.preparedBy,
      approvedBy: about.approvedBy,
      memo: row.reason,
    },
  ])
}
