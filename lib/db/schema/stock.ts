import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** One change of stock, from a status to a status. `outside` is where units come from and counted differences go. Never changed. */
export const stockMovement = pgTable(
  'stock_movement',
  {
    id: text('id').primaryKey(),
    unitId: text('unit_id').notNull().default(''),
    sku: text('sku').notNull(),
    entity: text('entity').notNull(),
    facility: text('facility').notNull(),
    location: text('location').notNull().default(''),
    fromStatus: text('from_status').notNull(),
    toStatus: text('to_status').notNull(),
    quantity: integer('quantity').notNull(),
    /** Of one piece, in `currency`: what it leaves the old status at, and enters the new one at. */
    fromValue: money('from_value').notNull(),
    toValue: money('to_value').notNull(),
    currency: text('currency').notNull(),
    cause: text('cause', { enum: ['request', 'unit', 'split', 'adjustment', 'opening'] }).notNull(),
    actor: text('actor').notNull(),
    at: at('at').notNull(),
    recordedAt: at('recorded_at').notNull().defaultNow(),
  },
  (t) => [
    index('stock_movement_unit').on(t.unitId),
    index('stock_movement_place').on(t.sku, t.facility, t.at),
    check('stock_movement_quantity', sql`${t.quantity} > 0`),
  ],
)

/** Σ in − Σ out of the movements, kept by a trigger on them: never below zero. */
export const stockBalance = pgTable(
  'stock_balance',
  {
    facility: text('facility').notNull(),
    sku: text('sku').notNull(),
    status: text('status').notNull(),
    currency: text('currency').notNull(),
    entity: text('entity').notNull(),
    quantity: integer('quantity').notNull(),
    value: money('value').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.facility, t.sku, t.status, t.currency, t.entity] }),
    check('stock_balance_not_below_zero', sql`${t.quantity} >= 0`),
  ],
)

export const stockCount = pgTable(
  'stock_count',
  {
    id: text('id').primaryKey(),
    facility: text('facility').notNull(),
    location: text('location').notNull(),
    sku: text('sku').notNull(),
    status: text('status').notNull(),
    counted: integer('counted').notNull(),
    /** What the stock ledger said at that moment. */
    expected: integer('expected').notNull(),
    actor: text('actor').notNull(),
    at: at('at').notNull(),
    settled: boolean('settled').notNull().default(false),
  },
  (t) => [index('stock_count_place').on(t.facility, t.location, t.sku)],
)

export const stockAdjustment = pgTable('stock_adjustment', {
  id: text('id').primaryKey(),
  countId: text('count_id'),
  facility: text('facility').notNull(),
  location: text('location').notNull(),
  sku: text('sku').notNull(),
  status: text('status').notNull(),
  entity: text('entity').notNull().default(''),
  delta: integer('delta').notNull(),
  unitValue: money('unit_value').notNull(),
  currency: text('currency').notNull(),
  reason: text('reason').notNull(),
  state: text('state', { enum: ['proposed', 'posted', 'rejected'] })
    .notNull()
    .default('proposed'),
  requestedBy: text('requested_by').notNull(),
  requestedAt: at('requested_at').notNull(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  approvalId: uuid('approval_id'),
})
