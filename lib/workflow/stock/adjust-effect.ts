import { and, eq } from 'drizzle-orm'
import { stockAdjustment, stockCount } from '../../db/schema'
import type { Status } from '../../returns/codes'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { resolveByMachine } from '../exceptions'
import { placeKey } from './places'
import { type Adjustment, postAdjustment } from './post-adjustment'

/** Books an adjustment: stock ledger, journal, event; its count is settled and its exception over. */
export async function postApproved(context: Context, row: Adjustment, approvalId: string): Promise<void> {
  const { tx, at, doer } = context
  await tx
    .update(stockAdjustment)
    .set({ state: 'posted', decidedBy: doer.id, decidedAt: at })
    .where(and(eq(stockAdjustment.id, row.id), eq(stockAdjustment.state, 'proposed')))
  await postAdjustment(context, row, { preparedBy: row.requestedBy, approvedBy: doer.id })
  if (row.countId) await tx.update(stockCount).set({ settled: true }).where(eq(stockCount.id, row.countId))
  await context.record([
    context.event('stock.adjusted.v1', row.facility, {
      adjustment_id: row.id,
      facility: row.facility,
      location: row.location || 'none',
      sku: row.sku,
      status: row.status as Status,
      quantity: row.delta,
      reason: row.reason,
    }),
  ])
  await resolveByMachine(context, {
    kind: 'stock_difference',
    unitId: '',
    subject: placeKey(row),
    resolution: 'adjusted',
    note: row.reason,
  })
  await decided(context, row, 'posted', approvalId)
}

const decided = (context: Context, row: Adjustment, state: 'posted' | 'rejected', approvalId: string) =>
  context.audit(
    [
      {
        action: `stock.adjustment_${state}`,
        objectType: 'stock_adjustment',
        objectId: row.id,
        entity: row.entity,
        diff: { state: ['proposed', state] },
      },
    ],
    approvalId ? { approvalId } : {},
  )

const asked = async ({ tx }: Context, id: string): Promise<Adjustment | undefined> =>
  (
    await tx
      .select()
      .from(stockAdjustment)
      .where(and(eq(stockAdjustment.id, id), eq(stockAdjustment.state, 'proposed')))
      .for('update')
  )[0]

export const adjustmentEffect: ApprovalEffect = {
  async approved(context, approval) {
    const row = await asked(context, approval.subjectId)
    if (row) await postApproved(context, row, approval.id)
  },
  async rejected(context, approval, reason) {
    const row = await asked(context, approval.subjectId)
    if (!row) return
    await context.tx
      .update(stockAdjustment)
      .set({ state: 'rejected', decidedBy: context.doer.id, decidedAt: context.at })
      .where(eq(stockAdjustment.id, row.id))
    await decided(context, { ...row, reason }, 'rejected', approval.id)
  },
}
