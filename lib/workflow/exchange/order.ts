import { withTransaction } from '../../db/client'
import { asUserError } from '../execute'
import { audit } from '../record/audit'
import { recomputePayments } from '../record/payments'
import type { SettlementRow } from '../record/types'
import { change, giveUp, PAYMENTS } from '../settlements/change'
import { lockReplacement, moveReplacement } from './replacement'

/**
 * Orders the replacement of an exchange that is approved and released: from then on the shop may send it, and what it costs is reserved. Its
 * settlement waits for the shipment. What no longer fits what was captured fails, and a person is asked.
 */
export async function orderReplacement(row: SettlementRow, at: Date): Promise<void> {
  try {
    await withTransaction(async (tx) => {
      const waiting = await change(tx, row.id, 'approved', at, () => ({ nextAttemptAt: null }))
      const replacement = await lockReplacement(tx, row.id)
      if (!waiting || replacement?.state !== 'reserved') return
      const entry = await moveReplacement(tx, replacement, { state: 'ordered', orderedAt: at })
      await audit(tx, PAYMENTS, at, [entry])
      await recomputePayments(tx, [row.orderId], true)
    })
  } catch (error) {
    const why = asUserError(error)
    if (!why) throw error
    await giveUp(row, 'approved', why, at)
  }
}
