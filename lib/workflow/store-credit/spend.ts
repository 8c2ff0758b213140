import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { storeCreditMovement } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits, parseAmount, smallestUnit } from '../../money'
import { command } from '../command'
import { lockCredit, requireHeld } from './account'
import { postMovement } from './post'

/** An amount of a customer's credit as commands take it: decimal, above zero, with no finer step than the currency has. */
export const creditAmount = z
  .string()
  .trim()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'is no amount: digits, and a point before its decimals')
  .transform((text) => parseAmount(text) ?? 0n)
  .refine((amount) => amount > 0n, 'is nothing')

export const ofCustomer = {
  customerId: z.string().trim().min(1).max(128),
  currency: z.string().regex(/^[A-Z]{3}$/, 'is no currency like EUR'),
  /** The company of ours; needed only where the customer has credit with several. */
  entity: z.string().trim().max(64).optional(),
}

/** Throws (400) where the currency has no such coin. */
export function requireWhole(amount: bigint, currency: string): void {
  if (amount % smallestUnit(currency) !== 0n)
    throw new UserError('amount_too_fine', `${currency} has no smaller piece than that.`, 400, 'amount')
}

export interface Spent {
  readonly movementId: string
  /** What the customer holds now, a decimal of the currency. */
  readonly left: string
  /** This order had been paid with it before; nothing was taken again. */
  readonly before: boolean
}

/** Pays an order with a customer's store credit, once an order: asked again for the same it answers the same. */
export const spend = command({
  name: 'store_credit.spend',
  title: 'Spend store credit',
  permission: 'settlements:propose',
  input: z.strictObject({
    ...ofCustomer,
    orderId: z.string().trim().min(1).max(128),
    amount: creditAmount,
  }),
  async run(context, input): Promise<Spent> {
    const { customerId, currency, orderId, amount } = input
    requireWhole(amount, currency)
    const row = await lockCredit(context, input)
    const { entity } = row
    const [known] = await context.tx
      .select()
      .from(storeCreditMovement)
      .where(
        and(
          eq(storeCreditMovement.customerId, customerId),
          eq(storeCreditMovement.entity, entity),
          eq(storeCreditMovement.currency, currency),
          eq(storeCreditMovement.orderId, orderId),
          eq(storeCreditMovement.kind, 'spent'),
        ),
      )
    if (known && known.amount !== -amount)
      throw new UserError(
        'order_paid_already',
        `Order ${orderId} was paid with ${formatUnits(-known.amount, 2)} ${currency} of store credit already.`,
        409,
        'orderId',
      )
    if (known) return { movementId: known.id, left: formatUnits(row.balance), before: true }
    requireHeld(row, amount)
    const id = `SC-${context.commandId}`
    await postMovement(
      context,
      {
        ...{ id, customerId, entity, currency, kind: 'spent', orderId, amount: -amount },
        ...{ actor: context.doer.id, at: context.at },
      },
      { preparedBy: context.doer.id },
    )
    return { movementId: id, left: formatUnits(row.balance - amount), before: false }
  },
})
