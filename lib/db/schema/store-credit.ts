import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/**
 * What a customer holds in store credit with one company of ours in one currency: the sum of the movements, kept by a trigger with them. It is
 * never spent below zero; `owed` is what was taken back by a correction from outside after it had been spent.
 */
export const storeCredit = pgTable(
  'store_credit',
  {
    /** '' where nobody knows whose it is: it counts as a debt and cannot be spent. */
    customerId: text('customer_id').notNull(),
    entity: text('entity').notNull(),
    currency: text('currency').notNull(),
    balance: money('balance').notNull(),
    owed: money('owed').notNull().default(sql`0`),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.entity, t.currency] }),
    check(
      'store_credit_never_below_zero',
      sql`${t.balance} >= 0 AND ${t.owed} >= 0 AND (${t.balance} = 0 OR ${t.owed} = 0)`,
    ),
  ],
)

/** One movement of a customer's store credit, never changed: issued by a settlement, spent on an order, voided or expired with an approval. */
export const storeCreditMovement = pgTable(
  'store_credit_movement',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    entity: text('entity').notNull(),
    currency: text('currency').notNull(),
    kind: text('kind', { enum: ['issued', 'spent', 'voided', 'expired'] }).notNull(),
    /** Above zero is more credit. A correction of what was issued is below. */
    amount: money('amount').notNull(),
    /** What issued it. */
    settlementId: text('settlement_id').notNull().default(''),
    /** What it was spent on: once an order. */
    orderId: text('order_id').notNull().default(''),
    reason: text('reason').notNull().default(''),
    approvalId: uuid('approval_id'),
    actor: text('actor').notNull(),
    at: at('at').notNull(),
  },
  (t) => [
    index('store_credit_movement_account').on(t.customerId, t.entity, t.currency),
    index('store_credit_movement_settlement').on(t.settlementId).where(sql`settlement_id <> ''`),
    uniqueIndex('store_credit_movement_order')
      .on(t.customerId, t.entity, t.currency, t.orderId)
      .where(sql`kind = 'spent'`),
    check(
      'store_credit_movement_amount',
      sql`${t.amount} <> 0 AND (${t.kind} = 'issued') = (${t.settlementId} <> '') AND (${t.kind} = 'spent') = (${t.orderId} <> '')
        AND (${t.kind} = 'issued' OR ${t.amount} < 0)`,
    ),
  ],
)

/** Store credit that somebody wants to end, by mistake given or too old: it is with another's yes. */
export const storeCreditEnding = pgTable(
  'store_credit_ending',
  {
    id: text('id').primaryKey(),
    customerId: text('customer_id').notNull(),
    entity: text('entity').notNull(),
    currency: text('currency').notNull(),
    kind: text('kind', { enum: ['voided', 'expired'] }).notNull(),
    amount: money('amount').notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: ['proposed', 'done', 'rejected'] })
      .notNull()
      .default('proposed'),
    approvalId: uuid('approval_id').notNull(),
    preparedBy: text('prepared_by').notNull(),
    preparedAt: at('prepared_at').notNull(),
    decidedAt: at('decided_at'),
  },
  (t) => [
    uniqueIndex('store_credit_ending_approval').on(t.approvalId),
    index('store_credit_ending_account').on(t.customerId, t.entity, t.currency),
    check('store_credit_ending_amount', sql`${t.amount} > 0`),
  ],
)
