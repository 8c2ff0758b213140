import { storeCreditMovement } from '../../db/schema'
import { formatUnits } from '../../money'
import { creditPosition } from '../../returns/positions'
import type { Context } from '../command'
import { entryId, periodOf, post } from '../record/books'

export type Movement = typeof storeCreditMovement.$inferInsert

/**
 * Books that store credit is spent or ended: the movement, its entry, the event that tells both (docs/decisions/0011), and the audit entry, in the
 * transaction of the caller.
 */
export async function postMovement(
  context: Pick<Context, 'tx' | 'doer' | 'at' | 'event' | 'record' | 'audit'>,
  movement: Movement & { readonly kind: 'spent' | 'voided' | 'expired' },
  about: { readonly preparedBy: string; readonly approvedBy?: string },
): Promise<void> {
  const { tx, at } = context
  const { id, kind, customerId, entity, currency, reason = '', orderId = '' } = movement
  await tx.insert(storeCreditMovement).values(movement)
  const cause = `store_credit:${id}`
  const lines = creditPosition(kind, -movement.amount)
  const memo = [kind === 'spent' ? `Order ${orderId}` : reason, `store credit of ${customerId}`].join(', ')
  await post(tx, [{ cause, template: `store_credit_${kind}`, entity, currency, at, lines, memo, ...about }])
  await context.audit(
    [
      {
        action: `store_credit.${kind}`,
        objectType: 'store_credit',
        objectId: id,
        entity,
        diff: {
          customer: [null, customerId],
          amount: [null, formatUnits(movement.amount)],
          currency: [null, currency],
          ...(orderId ? { order: [null, orderId] } : {}),
        },
      },
    ],
    { reason, ...(movement.approvalId ? { approvalId: movement.approvalId } : {}) },
  )
  await context.record([
    context.event('journal.posted.v1', id, {
      entry_id: entryId(cause),
      cause_id: cause,
      period: periodOf(at),
      currency,
      ...(entity ? { entity } : {}),
      lines: [...lines].map(([account, amount]) =>
        amount > 0n ? { account, debit: formatUnits(amount) } : { account, credit: formatUnits(-amount) },
      ),
      // Further fields: what the movement is, for whoever reads the log.
      store_credit: { movement_id: id, kind, customer_id: customerId, ...(orderId ? { order_id: orderId } : {}) },
    }),
  ])
}
