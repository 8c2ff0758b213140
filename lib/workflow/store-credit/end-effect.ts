import { and, eq } from 'drizzle-orm'
import { storeCreditEnding } from '../../db/schema'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { lockCredit, requireHeld } from './account'
import { postMovement } from './post'

type Ending = typeof storeCreditEnding.$inferSelect

const proposed = async ({ tx }: Context, approvalId: string): Promise<Ending | undefined> =>
  (
    await tx
      .select()
      .from(storeCreditEnding)
      .where(and(eq(storeCreditEnding.approvalId, approvalId), eq(storeCreditEnding.state, 'proposed')))
      .for('update')
  )[0]

const decide = ({ tx, at }: Context, id: string, state: 'done' | 'rejected') =>
  tx.update(storeCreditEnding).set({ state, decidedAt: at }).where(eq(storeCreditEnding.id, id))

/** A yes ends the credit, if the customer still holds it: what they have spent meanwhile is theirs. */
export const endingEffect: ApprovalEffect = {
  async approved(context, approval) {
    const row = await proposed(context, approval.id)
    if (!row) return
    const { id, customerId, entity, currency, kind, amount, reason } = row
    requireHeld(await lockCredit(context, { customerId, entity, currency }), amount)
    await decide(context, id, 'done')
    await postMovement(
      context,
      {
        ...{ id, customerId, entity, currency, kind, reason, amount: -amount, approvalId: approval.id },
        ...{ actor: context.doer.id, at: context.at },
      },
      { preparedBy: row.preparedBy, approvedBy: context.doer.id },
    )
  },
  async rejected(context, approval, reason) {
    const row = await proposed(context, approval.id)
    if (!row) return
    await decide(context, row.id, 'rejected')
    await context.audit(
      [
        {
          action: 'store_credit.end_rejected',
          objectType: 'store_credit',
          objectId: row.id,
          entity: row.entity,
          diff: { state: ['proposed', 'rejected'] },
        },
      ],
      { approvalId: approval.id, reason },
    )
  },
}
