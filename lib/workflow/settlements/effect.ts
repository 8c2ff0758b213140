import { eq } from 'drizzle-orm'
import type { EventData } from '../../../ingest/contract/types'
import { type approval, returnUnit, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { SETTLEMENT_KINDS } from '../../returns/codes'
import { isReleased } from '../../returns/release'
import type { Context } from '../command'
import type { SettlementRow } from '../record/types'

type ApprovalRow = typeof approval.$inferSelect

/** A settlement's own content as its next event says it. */
export const contentOf = (row: SettlementRow): EventData<'settlement.paid.v1'> => ({
  settlement_id: row.id,
  unit_id: row.unitId,
  kind: SETTLEMENT_KINDS.find((kind) => kind === row.kind) ?? 'refund',
  amount: formatUnits(row.amount),
  currency: row.currency,
  tax_amount: formatUnits(row.tax),
  fee_amount: formatUnits(row.fee),
  entitled_amount: formatUnits(row.entitled),
  fee_due_amount: formatUnits(row.feeDue),
  deduction_amount: formatUnits(row.deduction),
  deduction_due_amount: formatUnits(row.deductionDue),
  ...(row.inPolicy === null ? {} : { in_policy: row.inPolicy }),
  ...(row.exceptionId ? { exception_id: row.exceptionId } : {}),
  method: row.method,
  cause: row.cause,
  policy_row: row.policyRow,
})

/** A settlement, locked until the end of the transaction. */
export async function lockSettlement(context: Pick<Context, 'tx'>, id: string): Promise<SettlementRow> {
  const [row] = await context.tx.select().from(settlement).where(eq(settlement.id, id)).for('update')
  if (!row) throw new UserError('not_found', `There is no settlement ${id}.`, 404, 'settlementId')
  return row
}

/** The moment after whatever is known of a settlement, so that its next event is its latest. */
export const afterwards = (row: SettlementRow, at: Date): Date => {
  const last = Number.parseInt(row.eventOrder.slice(0, 15), 10) || 0
  return at.getTime() > last ? at : new Date(last + 1)
}

/** What an approver's answer does to a settlement. */
export const settlementEffect = {
  async approved(context: Context, approved: ApprovalRow): Promise<void> {
    const row = await lockSettlement(context, approved.subjectId)
    if (row.state !== 'proposed' || row.payloadHash !== approved.payloadHash)
      throw new UserError('approval_stale', 'The settlement has changed since its approval was asked for.', 409, 'id')
    const [unit] = await context.tx.select().from(returnUnit).where(eq(returnUnit.id, row.unitId))
    const released = row.release === 'manual' || (unit !== undefined && isReleased(row.release, unit))
    const event = context.event(
      'settlement.approved.v1',
      row.unitId,
      { ...contentOf(row), actor: context.doer.id },
      afterwards(row, context.at),
    )
    await context.record([event], {
      settlements: new Map([
        [
          row.id,
          {
            approvedBy: context.doer.id,
            releasedAt: released ? (row.releasedAt ?? context.at) : null,
            nextAttemptAt: released ? context.at : null,
          },
        ],
      ]),
      approvalId: approved.id,
    })
  },
  async rejected(context: Context, approved: ApprovalRow, reason: string): Promise<void> {
    const row = await lockSettlement(context, approved.subjectId)
    const event = context.event(
      'settlement.rejected.v1',
      row.unitId,
      { ...contentOf(row), actor: context.doer.id },
      afterwards(row, context.at),
    )
    await context.record([event], { approvalId: approved.id, reason })
  },
}
