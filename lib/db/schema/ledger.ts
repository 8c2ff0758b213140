import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** The chart of accounts. `control` names the sub-ledger that the account must agree with. */
export const ledgerAccount = pgTable('ledger_account', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['asset', 'liability', 'income', 'expense'] }).notNull(),
  control: text('control', { enum: ['inventory', 'refunds_payable', 'store_credit', 'claims_receivable', 'cash'] }),
  /** The account's number in the company's ERP, for the export. */
  erpAccount: text('erp_account').notNull().default(''),
})

/** An accounting period of an entity. A missing row is open. `soft`: only controllers post; `closed`: nobody does. */
export const period = pgTable(
  'period',
  {
    entity: text('entity').notNull(),
    /** YYYY-MM */
    period: text('period').notNull(),
    state: text('state', { enum: ['open', 'soft', 'closed'] })
      .notNull()
      .default('open'),
    closedAt: at('closed_at'),
    closedBy: text('closed_by'),
    /** SHA-256 over its entries at the close, checked again by the controls. */
    hash: text('hash'),
    reopened: integer('reopened').notNull().default(0),
    version: integer('version').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.entity, t.period] })],
)

/** A signed task of a period's close checklist, with the figure that was true when it was signed. */
export const closeTask = pgTable(
  'close_task',
  {
    entity: text('entity').notNull(),
    period: text('period').notNull(),
    task: text('task').notNull(),
    evidence: text('evidence').notNull(),
    note: text('note').notNull().default(''),
    signedBy: text('signed_by').notNull(),
    signedAt: at('signed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.entity, t.period, t.task] })],
)

/** One balanced entry for one cause, never changed: a mistake is reversed by another. */
export const journalEntry = pgTable(
  'journal_entry',
  {
    id: text('id').primaryKey(),
    /** What it was posted for: one business fact gives at most one entry. */
    causeId: text('cause_id').notNull(),
    template: text('template').notNull(),
    entity: text('entity').notNull(),
    period: text('period').notNull(),
    currency: text('currency').notNull(),
    occurredAt: at('occurred_at').notNull(),
    postedAt: at('posted_at').notNull().defaultNow(),
    unitId: text('unit_id').notNull().default(''),
    rmaId: text('rma_id').notNull().default(''),
    reverses: text('reverses'),
    origin: text('origin', { enum: ['automatic', 'manual', 'opening'] }).notNull(),
    preparedBy: text('prepared_by').notNull(),
    approvedBy: text('approved_by').notNull().default(''),
    memo: text('memo').notNull().default(''),
    /** Its own period was closed, so it went to this one. */
    late: boolean('late').notNull().default(false),
  },
  (t) => [
    uniqueIndex('journal_entry_cause').on(t.causeId),
    uniqueIndex('journal_entry_reverses').on(t.reverses),
    index('journal_entry_period').on(t.entity, t.period),
    index('journal_entry_unit').on(t.unitId),
    index('journal_entry_rma').on(t.rmaId).where(sql`rma_id <> ''`),
    // The journal is read from its end.
    index('journal_entry_occurred').on(t.occurredAt, t.id),
  ],
)

export const journalLine = pgTable(
  'journal_line',
  {
    entryId: text('entry_id')
      .notNull()
      .references(() => journalEntry.id),
    line: integer('line').notNull(),
    account: text('account')
      .notNull()
      .references(() => ledgerAccount.id),
    debit: money('debit').notNull().default(sql`0`),
    credit: money('credit').notNull().default(sql`0`),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.line] }),
    index('journal_line_account').on(t.account),
    check('journal_line_one_side', sql`(${t.debit} > 0 AND ${t.credit} = 0) OR (${t.credit} > 0 AND ${t.debit} = 0)`),
  ],
)

/** An entry that a person asks for, line by line; it is posted with somebody else's yes and is never changed. */
export const manualEntry = pgTable(
  'manual_entry',
  {
    id: text('id').primaryKey(),
    entity: text('entity').notNull(),
    currency: text('currency').notNull(),
    /** The business day, which says the period. */
    occurredAt: at('occurred_at').notNull(),
    memo: text('memo').notNull(),
    /** By account: debit above zero, credit below, in 1/10,000 as text. */
    lines: jsonb('lines').$type<Record<string, string>>().notNull(),
    /** The entry that it takes back, when it is a reversal. */
    reverses: text('reverses').references(() => journalEntry.id),
    state: text('state', { enum: ['proposed', 'posted', 'rejected'] })
      .notNull()
      .default('proposed'),
    approvalId: uuid('approval_id'),
    entryId: text('entry_id'),
    preparedBy: text('prepared_by').notNull(),
    preparedAt: at('prepared_at').notNull(),
    decidedAt: at('decided_at'),
  },
  (t) => [
    index('manual_entry_approval').on(t.approvalId),
    index('manual_entry_prepared').on(t.entity, t.preparedAt),
    // One reversal at a time: a second one waits for the first one's answer.
    uniqueIndex('manual_entry_reverses').on(t.reverses).where(sql`state <> 'rejected'`),
  ],
)

/** What a control found when it was looked at last: what was checked, what broke it. */
export const controlCheck = pgTable('control_check', {
  id: text('id').primaryKey(),
  at: at('at').notNull(),
  /** How long it took. */
  ms: integer('ms').notNull(),
  checked: bigint('checked', { mode: 'bigint' }).notNull(),
  broken: bigint('broken', { mode: 'bigint' }).notNull(),
  /** The first rows that break it, in words. */
  examples: jsonb('examples').$type<string[]>().notNull(),
  /** Why it could not be looked at; '' when it was. */
  failed: text('failed').notNull().default(''),
  /** Since when it has been broken without a break. */
  brokenSince: at('broken_since'),
})

/** Money asked of a supplier for a unit. Amounts in the agreement's currency; `recovered` is what has come so far. */
export const supplierClaim = pgTable(
  'supplier_claim',
  {
    id: text('id').primaryKey(),
    unitId: text('unit_id').notNull(),
    supplierId: text('supplier_id').notNull(),
    entity: text('entity').notNull().default(''),
    batchId: text('batch_id').notNull().default(''),
    state: text('state', { enum: ['opened', 'submitted', 'accepted', 'rejected', 'recovered'] }).notNull(),
    currency: text('currency').notNull(),
    claimed: money('claimed').notNull(),
    accepted: money('accepted').notNull().default(sql`0`),
    recovered: money('recovered').notNull().default(sql`0`),
    /** Of what was accepted and has not come: given up, with an approval. */
    writtenOff: money('written_off').notNull().default(sql`0`),
    reason: text('reason').notNull().default(''),
    externalRef: text('external_ref').notNull().default(''),
    windowUntil: at('window_until'),
    openedAt: at('opened_at').notNull(),
    submittedAt: at('submitted_at'),
    answeredAt: at('answered_at'),
    recoveredAt: at('recovered_at'),
    eventOrder: text('event_order').notNull().default(''),
    external: boolean('external').notNull().default(false),
    version: integer('version').notNull().default(0),
  },
  (t) => [
    index('supplier_claim_supplier').on(t.supplierId, t.state),
    // A unit is in at most one claim that is not rejected.
    uniqueIndex('supplier_claim_unit').on(t.unitId).where(sql`state <> 'rejected' AND NOT external`),
    index('supplier_claim_by_unit').on(t.unitId),
    check('supplier_claim_amounts', sql`${t.claimed} >= 0 AND ${t.accepted} >= 0 AND ${t.recovered} >= 0`),
    check(
      'supplier_claim_written_off',
      sql`${t.writtenOff} >= 0 AND ${t.writtenOff} + ${t.recovered} <= greatest(${t.accepted}, ${t.recovered})`,
    ),
    check(
      'supplier_claim_order',
      sql`${t.external} OR (${t.accepted} <= ${t.claimed} AND ${t.recovered} <= ${t.accepted})`,
    ),
  ],
)
