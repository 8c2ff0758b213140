import { and, eq, inArray, ne } from 'drizzle-orm'
import type { AnyEvent } from '../../../ingest/contract/event'
import { approval, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import type { Context } from '../command'
import { afterwards, contentOf } from './effect'

/**
 * The events that take back every settlement of these units, since the return itself is taken back; their approvals become void. Throws a
 * UserError (409) when money of one is on its way or with the customer: a return that was paid for is not undone by a cancellation.
 */
export async function withdrawals(context: Context, unitIds: readonly string[]): Promise<AnyEvent[]> {
  if (unitIds.length === 0) return []
  const rows = await context.tx
    .select()
    .from(settlement)
    .where(
      and(inArray(settlement.unitId, [...unitIds]), eq(settlement.external, false), ne(settlement.state, 'rejected')),
    )
    .orderBy(settlement.id)
    .for('update')
  const gone = rows.find(({ state }) => !['proposed', 'approved', 'failed'].includes(state))
  if (gone)
    throw new UserError(
      'money_under_way',
      `Its settlement ${gone.id} is ${gone.state === 'paid' ? 'paid' : 'on its way'}: receive the goods, or ask for the money back first.`,
      409,
      'rmaId',
    )
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0)
    await context.tx
      .update(approval)
      .set({ state: 'void', decidedAt: context.at })
      .where(and(eq(approval.subjectType, 'settlement'), inArray(approval.subjectId, ids), eq(approval.state, 'open')))
  return rows.map((row) =>
    context.event(
      'settlement.rejected.v1',
      row.unitId,
      { ...contentOf(row), actor: context.doer.id },
      afterwards(row, context.at),
    ),
  )
}
