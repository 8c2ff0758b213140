import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/**
 * The order that an exchange makes: which piece the customer gets for the one that came back. `reserved` until its settlement may go, then
 * `ordered` (the shop sends it under `reference`), then `shipped` by the shop's own event, or `cancelled`. Amounts include tax.
 */
export const replacement = pgTable(
  'replacement',
  {
    settlementId: text('settlement_id').primaryKey(),
    /** What the shop calls it by: the order's id, or `exchange_ref` of the sale. */
    reference: text('reference').notNull(),
    unitId: text('unit_id').notNull(),
    rmaId: text('rma_id').notNull().default(''),
    entity: text('entity').notNull().default(''),
    /** The order line whose piece came back. */
    returnedLineId: text('returned_line_id').notNull(),
    sku: text('sku').notNull(),
    quantity: integer('quantity').notNull(),
    currency: text('currency').notNull(),
    /** What all pieces cost; = applied + due. */
    value: money('value').notNull(),
    /** Of it: paid with what was due for the returned piece, with the tax in that; and what the customer pays on top. */
    applied: money('applied').notNull(),
    appliedTax: money('applied_tax').notNull(),
    due: money('due').notNull(),
    state: text('state', { enum: ['reserved', 'ordered', 'shipped', 'cancelled'] })
      .notNull()
      .default('reserved'),
    /** The order line that was shipped, and what it carries of `applied` (lib/returns/exchange.ts). */
    orderLineId: text('order_line_id'),
    carried: money('carried').notNull().default(sql`0`),
    reservedAt: at('reserved_at').notNull(),
    orderedAt: at('ordered_at'),
    shippedAt: at('shipped_at'),
    cancelledAt: at('cancelled_at'),
    /** Why it was cancelled. */
    reason: text('reason').notNull().default(''),
  },
  (t) => [
    uniqueIndex('replacement_reference').on(t.reference),
    uniqueIndex('replacement_order_line').on(t.orderLineId),
    index('replacement_unit').on(t.unitId),
    check(
      'replacement_amounts',
      sql`${t.quantity} > 0 AND ${t.applied} >= 0 AND ${t.due} >= 0 AND ${t.value} = ${t.applied} + ${t.due}
        AND ${t.appliedTax} >= 0 AND ${t.appliedTax} <= ${t.applied} AND ${t.carried} >= 0 AND ${t.carried} <= ${t.applied}`,
    ),
  ],
)

/** What we said to a chargeback: let it stand, or dispute it with documents. The bank decides, and tells it by events of the settlement. */
export const chargebackAnswer = pgTable('chargeback_answer', {
  settlementId: text('settlement_id').primaryKey(),
  answer: text('answer', { enum: ['accepted', 'disputed'] }).notNull(),
  note: text('note').notNull(),
  /** Documents of the case, by SHA-256. */
  evidence: text('evidence').array().notNull().default(sql`'{}'::text[]`),
  answeredBy: text('answered_by').notNull(),
  answeredAt: at('answered_at').notNull(),
  /** When the provider took it; null while it has not, or where no provider of ours told the chargeback. */
  sentAt: at('sent_at'),
  lastError: text('last_error').notNull().default(''),
})
