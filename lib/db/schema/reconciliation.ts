import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** What somebody outside reported: a payment provider its refunds, a 3PL its receipts. Kept, so that a difference can name its source. */
export const outsideReport = pgTable(
  'outside_report',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind', { enum: ['payments', 'receipts'] }).notNull(),
    /** The provider's name, or the facility of the 3PL. */
    reporter: text('reporter').notNull(),
    /** What it covers, `until` exclusive: only what happened in it can be missing from it. */
    coversFrom: at('covers_from').notNull(),
    coversUntil: at('covers_until').notNull(),
    /** Of payments that outside systems made: the channels whose refunds must be in it. Ours are known by their provider. */
    channels: text('channels').array().notNull().default(sql`'{}'::text[]`),
    /** How it came: a file by its name, or the provider's own list. */
    origin: text('origin').notNull(),
    /** Of its content: the same report is taken once. */
    sha256: text('sha256').notNull().unique(),
    rows: integer('rows').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: at('added_at').notNull(),
  },
  (t) => [
    index('outside_report_reach').on(t.kind, t.reporter, t.coversFrom),
    check('outside_report_span', sql`${t.coversFrom} < ${t.coversUntil}`),
  ],
)

/** A refund or a chargeback as the provider tells it; the latest report of it counts. */
export const providerRefund = pgTable(
  'provider_refund',
  {
    provider: text('provider').notNull(),
    /** The provider's own id of it. */
    ref: text('ref').notNull(),
    /** What we called it when we asked for it: the settlement's id; '' where the provider does not know. */
    settlementId: text('settlement_id').notNull().default(''),
    kind: text('kind', { enum: ['refund', 'chargeback'] }).notNull(),
    state: text('state', { enum: ['succeeded', 'pending', 'failed'] }).notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    at: at('at').notNull(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => outsideReport.id),
  },
  (t) => [
    primaryKey({ columns: [t.provider, t.ref] }),
    index('provider_refund_settlement').on(t.settlementId),
    index('provider_refund_at').on(t.provider, t.at),
    check('provider_refund_amount', sql`${t.amount} >= 0`),
  ],
)

/** What a 3PL says it has received of one SKU on one day of its own calendar. */
export const receiptSummary = pgTable(
  'receipt_summary',
  {
    facility: text('facility').notNull(),
    day: date('day').notNull(),
    sku: text('sku').notNull(),
    quantity: integer('quantity').notNull(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => outsideReport.id),
  },
  (t) => [
    primaryKey({ columns: [t.facility, t.day, t.sku] }),
    check('receipt_summary_quantity', sql`${t.quantity} >= 0`),
  ],
)

/** An entry by which a difference is to be settled: debit above zero, credit below, in 1/10,000 as text. */
export interface SettlingEntry {
  entity: string
  currency: string
  lines: Record<string, string>
}

/**
 * What people decided about a difference: to wait for it, or to settle it by an entry. A difference that nobody has dealt with has no row. The
 * decision is for the size that it had then: one that has grown since is open again.
 */
export const reconciliationItem = pgTable('reconciliation_item', {
  /** The difference's own name, made of what it is about; see lib/returns/reconciliation.ts. */
  key: text('key').primaryKey(),
  state: text('state', { enum: ['open', 'waiting', 'proposed', 'settled'] }).notNull(),
  /** The difference when it was decided about: an amount in `currency`, or a count of pieces where that is ''. */
  difference: money('difference').notNull(),
  currency: text('currency').notNull().default(''),
  waitUntil: at('wait_until'),
  note: text('note').notNull().default(''),
  entry: jsonb('entry').$type<SettlingEntry>(),
  approvalId: uuid('approval_id'),
  entryId: text('entry_id'),
  decidedBy: text('decided_by').notNull(),
  decidedAt: at('decided_at').notNull(),
})
