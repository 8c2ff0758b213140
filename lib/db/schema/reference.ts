import { sql } from 'drizzle-orm'
import { check, date, integer, jsonb, numeric, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/** A shift of a facility in its own local time, `from` inclusive, `to` exclusive; a shift may pass midnight. */
export interface Shift {
  id: string
  from: string
  to: string
}

export const facility = pgTable('facility', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['warehouse', '3pl', 'store'] }).notNull(),
  entity: text('entity').notNull(),
  country: text('country').notNull(),
  tz: text('tz').notNull(),
  shifts: jsonb('shifts').$type<Shift[]>().notNull(),
  /** Units that a working day can inspect; 0 = not stated. */
  dailyCapacity: integer('daily_capacity').notNull().default(0),
})

/** Supplier with its return agreement; without one, `coverage` is 0 and nothing is claimable. */
export const supplier = pgTable(
  'supplier',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    country: text('country').notNull(),
    /** Share of the unit's cost that the agreement covers, 0 to 1. */
    coverage: numeric('coverage', { precision: 5, scale: 4 }).notNull().default('0'),
    /** Days from receipt within which a claim must be opened. */
    windowDays: integer('window_days').notNull().default(0),
    minimumClaim: numeric('minimum_claim', { precision: 18, scale: 4 }).notNull().default('0'),
    currency: text('currency').notNull(),
  },
  (t) => [check('supplier_coverage', sql`${t.coverage} BETWEEN 0 AND 1`)],
)

/** What one unit of `currency` is worth in the reporting currency from `day` on, until the next row. */
export const fxRate = pgTable(
  'fx_rate',
  {
    currency: text('currency').notNull(),
    day: date('day').notNull(),
    rate: numeric('rate', { precision: 20, scale: 10 }).notNull(),
    source: text('source').notNull(),
  },
  (t) => [primaryKey({ columns: [t.currency, t.day] }), check('fx_rate_positive', sql`${t.rate} > 0`)],
)

/** Marks on every time chart: policy changes, recalls, promotions, outages. */
export const annotation = pgTable('annotation', {
  id: text('id').primaryKey(),
  at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
  kind: text('kind', { enum: ['policy', 'recall', 'promotion', 'outage', 'note'] }).notNull(),
  label: text('label').notNull(),
  author: text('author').notNull(),
})

/** Facts about this installation: when the demo company was filled, which schema of ClickHouse is served. */
export const installation = pgTable('installation', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  at: timestamp('at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
