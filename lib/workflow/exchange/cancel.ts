import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { approval } from '../../db/schema'
import { UserError } from '../../errors'
import { command } from '../command'
import { recomputePayments } from '../record/payments'
import { requireInScope } from '../scope'
import { afterwards, contentOf, lockSettlement } from '../settlements/effect'
import { requireMoneyOpen } from '../settlements/open'
import { proposeFor } from '../settlements/propose'
import { lockUnit } from '../unit'
import { lockReplacement, moveReplacement } from './replacement'

export interface Cancelled {
  readonly settlementId: string
  /** The refund that takes its place, and who it waits for; null when nothing is left to be refunded. */
  readonly refundId: string | null
  readonly waitsFor: string | null
}

/** Cancels a replacement that is not to be sent: the exchange is off, and its customer is refunded the usual way, with the usual approvals. */
const cancel = command({
  name: 'exchange.cancel',
  title: 'Cancel the replacement, and refund instead',
  permission: 'settlements:propose',
  input: z.strictObject({
    settlementId: z.string().min(1).max(160),
    reason: z.string().trim().min(3, 'Say why.').max(500),
  }),
  async run(context, input): Promise<Cancelled> {
    const { tx, at, doer } = context
    const row = await lockSettlement(context, input.settlementId)
    requireInScope(context.actor, { entity: row.entity, channel: row.channel }, `settlement ${row.id}`)
    await lockUnit(context, row.unitId)
    const replacement = await lockReplacement(tx, row.id)
    await requireMoneyOpen(context, 'exchange.cancel', row)
    if (!replacement) throw new UserError('not_found', `${row.id} has no replacement.`, 404, 'settlementId')
    const entry = await moveReplacement(tx, replacement, { state: 'cancelled', cancelledAt: at, reason: input.reason })
    await context.audit([entry], { reason: input.reason })
    await tx
      .update(approval)
      .set({ state: 'void', decidedAt: at })
      .where(and(eq(approval.subjectType, 'settlement'), eq(approval.subjectId, row.id), eq(approval.state, 'open')))
    const moment = afterwards(row, at)
    const event = context.event('settlement.rejected.v1', row.unitId, { ...contentOf(row), actor: doer.id }, moment)
    await context.record([event], { reason: input.reason })
    // What the replacement had reserved is free for the refund.
    await recomputePayments(tx, [row.orderId], true)
    try {
      const refund = await proposeFor({ ...context, at: new Date(moment.getTime() + 1) }, row.unitId, {
        kind: 'refund',
        cause: 'replacement_cancelled',
      })
      return { settlementId: row.id, refundId: refund.id, waitsFor: refund.waitsFor }
    } catch (error) {
      if (error instanceof UserError && error.code === 'nothing_due')
        return { settlementId: row.id, refundId: null, waitsFor: null }
      throw error
    }
  },
})

export const exchangeCommands = [cancel] as const
