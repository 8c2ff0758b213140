import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { approval, caseException, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { SETTLEMENT_KINDS } from '../../returns/codes'
import { command } from '../command'
import { differenceOf } from '../record/audit'
import { requireInScope } from '../scope'
import { lockUnit } from '../unit'
import { afterwards, contentOf, lockSettlement } from './effect'
import { requireMoneyOpen } from './open'
import { proposeFor } from './propose'

const propose = command({
  name: 'settlement.propose',
  title: 'Propose a settlement',
  permission: 'settlements:propose',
  input: z.strictObject({
    unitId: z.string().min(1).max(128),
    kind: z.enum(SETTLEMENT_KINDS).exclude(['chargeback']).optional(),
    /** An approved exception of kind fee_waiver: fees and deductions are let go. */
    exceptionId: z.string().max(128).optional(),
    /** Of an exchange: which piece the customer gets, how many, and what one costs them; the same again where nothing is said. */
    replacementSku: z.string().trim().min(1).max(128).optional(),
    replacementQuantity: z.int().min(1).max(100_000).optional(),
    replacementPrice: z
      .string()
      .trim()
      .regex(/^\d{1,12}(\.\d{1,4})?$/, 'is no amount: digits, and a point before its decimals')
      .optional(),
  }),
  async run(context, input) {
    await lockUnit(context, input.unitId)
    if (input.exceptionId) {
      const [row] = await context.tx.select().from(caseException).where(eq(caseException.id, input.exceptionId))
      if (
        row?.kind !== 'fee_waiver' ||
        row.state !== 'resolved' ||
        row.resolution !== 'approved' ||
        row.resolvedBy === context.doer.id
      )
        throw new UserError(
          'waiver_not_approved',
          'This exception is not an approved fee waiver of somebody else.',
          409,
          'exceptionId',
        )
    }
    const { replacementSku: sku, replacementQuantity: quantity, replacementPrice: price } = input
    return proposeFor(context, input.unitId, {
      cause: 'proposed_by_person',
      wanted: {
        ...(sku === undefined ? {} : { sku }),
        ...(quantity === undefined ? {} : { quantity }),
        ...(price === undefined ? {} : { price }),
      },
      ...(input.kind ? { kind: input.kind } : {}),
      ...(input.exceptionId ? { waive: true, exceptionId: input.exceptionId } : {}),
    })
  },
})

const reject = command({
  name: 'settlement.reject',
  title: 'Withdraw the settlement',
  permission: 'settlements:propose',
  input: z.strictObject({
    settlementId: z.string().min(1).max(160),
    reason: z.string().trim().min(3, 'Say why.').max(500),
  }),
  async run(context, input) {
    const row = await lockSettlement(context, input.settlementId)
    requireInScope(context.actor, { entity: row.entity, channel: row.channel }, `settlement ${row.id}`)
    await requireMoneyOpen(context, 'settlement.reject', row)
    await context.tx
      .update(approval)
      .set({ state: 'void', decidedAt: context.at })
      .where(and(eq(approval.subjectType, 'settlement'), eq(approval.subjectId, row.id), eq(approval.state, 'open')))
    const event = context.event(
      'settlement.rejected.v1',
      row.unitId,
      { ...contentOf(row), actor: context.doer.id },
      afterwards(row, context.at),
    )
    await context.record([event], { reason: input.reason })
    return { settlementId: row.id }
  },
})

const retry = command({
  name: 'settlement.retry',
  title: 'Try the payment again',
  permission: 'settlements:pay',
  input: z.strictObject({ settlementId: z.string().min(1).max(160) }),
  async run(context, input) {
    const row = await lockSettlement(context, input.settlementId)
    requireInScope(context.actor, { entity: row.entity, channel: row.channel }, `settlement ${row.id}`)
    await requireMoneyOpen(context, 'settlement.retry', row)
    context.duty('pay', { rmaId: row.rmaId, unitId: row.unitId })
    // A failed one begins again with its reservation; an unknown one asks the provider first.
    const next = {
      ...row,
      state: row.state === 'failed' ? ('approved' as const) : row.state,
      nextAttemptAt: context.at,
      attempts: 0,
      version: row.version + 1,
    }
    await context.audit([
      {
        action: 'settlement.retried',
        objectType: 'settlement',
        objectId: row.id,
        rmaId: row.rmaId,
        entity: row.entity,
        diff: differenceOf(row, next),
      },
    ])
    await context.tx
      .update(settlement)
      .set({ state: next.state, nextAttemptAt: next.nextAttemptAt, attempts: 0, version: next.version })
      .where(eq(settlement.id, row.id))
    return { settlementId: row.id }
  },
})

export const settlementCommands = [propose, reject, retry] as const
