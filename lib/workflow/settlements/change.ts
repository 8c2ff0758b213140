import { and, eq } from 'drizzle-orm'
import { type Transaction, withTransaction } from '../../db/client'
import { settlement } from '../../db/schema'
import type { UserError } from '../../errors'
import { automationRecorder } from '../automation-recorder'
import { raise } from '../exceptions'
import { audit, differenceOf } from '../record/audit'
import { recomputePayments } from '../record/payments'
import type { Doer, SettlementRow } from '../record/types'

/** Who takes settlements further when nobody presses anything. */
export const PAYMENTS: Doer = { kind: 'system', id: 'payments', name: 'Payments', roles: [] }

/** Changes columns that only we know of a settlement, if it still is in `state`; with its audit entry. */
export async function change(
  tx: Transaction,
  id: string,
  state: SettlementRow['state'],
  at: Date,
  next: (row: SettlementRow) => Partial<SettlementRow>,
): Promise<SettlementRow | undefined> {
  const [row] = await tx
    .select()
    .from(settlement)
    .where(and(eq(settlement.id, id), eq(settlement.state, state)))
    .for('update')
  if (!row) return undefined
  const columns = { ...next(row), version: row.version + 1 }
  const after = { ...row, ...columns }
  await audit(tx, PAYMENTS, at, [
    {
      action: 'settlement.changed',
      objectType: 'settlement',
      objectId: id,
      rmaId: row.rmaId,
      entity: row.entity,
      diff: differenceOf(row, after),
    },
  ])
  await tx.update(settlement).set(columns).where(eq(settlement.id, id))
  return after
}

/** A settlement that no longer fits what was captured fails with the sentence that says so; its reservation is free, and a person is asked. */
export async function giveUp(
  row: SettlementRow,
  from: SettlementRow['state'],
  why: UserError,
  at: Date,
): Promise<void> {
  await withTransaction(async (tx) => {
    const failed = await change(tx, row.id, from, at, () => ({
      state: 'failed',
      lastError: why.message,
      nextAttemptAt: null,
    }))
    if (!failed) return
    await recomputePayments(tx, [row.orderId], false)
    await raise(automationRecorder(tx, 'exceptions', at, `${row.id}/over`), {
      kind: 'payment_failed',
      unitId: row.unitId,
      rmaId: row.rmaId,
      subject: row.id,
      value: row.amount,
      currency: row.currency,
      message: why.message,
    })
  })
}
