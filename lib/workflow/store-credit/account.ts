import { and, eq } from 'drizzle-orm'
import { storeCredit } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import type { Context } from '../command'
import { requireInScope } from '../scope'

export type CreditRow = typeof storeCredit.$inferSelect

/**
 * The store credit of a customer in a currency, locked until the command ends. With several companies of ours it must be said which. 404 outside of
 * the actor's part of the company.
 */
export async function lockCredit(
  { tx, actor }: Pick<Context, 'tx' | 'actor'>,
  asked: { readonly customerId: string; readonly currency: string; readonly entity?: string | undefined },
): Promise<CreditRow> {
  const { customerId, currency, entity } = asked
  const rows = await tx
    .select()
    .from(storeCredit)
    .where(
      and(
        eq(storeCredit.customerId, customerId),
        eq(storeCredit.currency, currency),
        ...(entity === undefined ? [] : [eq(storeCredit.entity, entity)]),
      ),
    )
    .orderBy(storeCredit.entity)
    .for('update')
  const { entities } = actor.scope
  const mine = rows.filter((row) => entities === null || entities.includes(row.entity))
  const [row] = mine
  if (mine.length > 1)
    throw new UserError(
      'entity_missing',
      `${customerId} has store credit with ${mine.map((each) => each.entity).join(' and ')}: say which.`,
      400,
      'entity',
    )
  requireInScope(actor, row, `store credit of ${customerId} in ${currency}`)
  if (!row) throw new Error('unreachable: out of scope')
  return row
}

/** Refuses (409) what is more than the customer holds; the database does so too. */
export function requireHeld(row: CreditRow, amount: bigint): void {
  if (row.balance >= amount) return
  throw new UserError(
    'store_credit_short',
    `${row.customerId} holds ${formatUnits(row.balance, 2)} ${row.currency} of store credit: ${formatUnits(amount, 2)} is more.`,
    409,
    'amount',
  )
}
