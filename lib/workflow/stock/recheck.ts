import { and, eq, gt } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { stockCount } from '../../db/schema'
import { automationRecorder } from '../automation-recorder'
import { resolveByMachine } from '../exceptions'
import { audit } from '../record/audit'
import { expectedAt, placeKey } from './places'

/** So long what was told late can still explain a count. */
const DAYS = 14
const DAY = 86_400_000

/**
 * Counts that differed and that the ledger of that moment agrees with by now, because receipts or moves of before were told later: they are
 * settled and their exceptions end. Returns how many.
 */
export async function settleCountsAgain(tx: Transaction, at: Date): Promise<number> {
  const open = await tx
    .select()
    .from(stockCount)
    .where(and(eq(stockCount.settled, false), gt(stockCount.at, new Date(at.getTime() - DAYS * DAY))))
  let settled = 0
  for (const count of open) {
    const expected = await expectedAt(tx, count, count.at)
    if (expected !== count.counted) continue
    const recorder = automationRecorder(tx, 'exceptions', at, `recheck/${count.id}`)
    await tx.update(stockCount).set({ expected, settled: true }).where(eq(stockCount.id, count.id))
    await audit(tx, recorder.doer, at, [
      {
        action: 'stock.count_explained',
        objectType: 'stock_count',
        objectId: count.id,
        diff: { expected: [count.expected, expected] },
      },
    ])
    await resolveByMachine(recorder, {
      kind: 'stock_difference',
      unitId: '',
      subject: placeKey(count),
      resolution: 'explained',
      note: 'What was told later explains it.',
    })
    settled += 1
  }
  return settled
}
