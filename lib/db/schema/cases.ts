import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** One authorization for one customer and one order. A blind receipt has none until it is matched. */
export const rma = pgTable(
  'rma',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id').notNull().default(''),
    customerId: text('customer_id').notNull().default(''),
    channel: text('channel').notNull().default(''),
    entity: text('entity').notNull().default(''),
    facility: text('facility').notNull().default(''),
    country: text('country').notNull().default(''),
    segment: text('segment').notNull().default(''),
    currency: text('currency').notNull().default(''),
    returnType: text('return_type').notNull().default('refund'),
    /** The three statuses of a case (lib/returns/case-status.ts). */
    overall: text('overall').notNull(),
    goods: text('goods').notNull(),
    money: text('money').notNull(),
    decision: text('decision', { enum: ['authorized', 'rejected', 'cancelled'] }),
    policyVersion: text('policy_version').notNull().default(''),
    policyRow: text('policy_row').notNull().default(''),
    /** Why the policy decided as it did: inputs, the row that matched, its outputs. */
    policyDecision: jsonb('policy_decision'),
    requestedAt: at('requested_at'),
    closedAt: at('closed_at'),
    /** Latest event of any unit of the case. */
    lastAt: at('last_at').notNull(),
    note: text('note').notNull().default(''),
    /** Raised with every change: a person who acts on an older version is told. */
    version: integer('version').notNull().default(0),
  },
  (t) => [
    index('rma_order').on(t.orderId),
    index('rma_customer').on(t.customerId),
    index('rma_recent').on(t.lastAt),
    index('rma_open').on(t.overall, t.lastAt).where(sql`closed_at IS NULL`),
  ],
)

/**
 * A return unit: one piece, or a quantity of identical pieces handled as one. Its columns are the fold of its events (lib/returns/fold.ts);
 * nothing writes them but the recorder of lib/workflow and ingest/projector.
 */
export const returnUnit = pgTable(
  'return_unit',
  {
    id: text('id').primaryKey(),
    rmaId: text('rma_id'),
    parentId: text('parent_id'),
    orderId: text('order_id').notNull().default(''),
    orderLineId: text('order_line_id').notNull().default(''),
    sku: text('sku').notNull().default(''),
    quantity: integer('quantity').notNull().default(0),
    receivedQuantity: integer('received_quantity').notNull().default(0),
    status: text('status').notNull(),
    statusAt: at('status_at').notNull(),
    reason: text('reason').notNull().default(''),
    returnType: text('return_type').notNull().default(''),
    comment: text('comment').notNull().default(''),
    condition: text('condition').notNull().default(''),
    finding: text('finding').notNull().default(''),
    serial: text('serial').notNull().default(''),
    serialMatch: boolean('serial_match'),
    accessoriesComplete: boolean('accessories_complete'),
    lot: text('lot').notNull().default(''),
    disposition: text('disposition').notNull().default(''),
    ruleRow: text('rule_row').notNull().default(''),
    overridden: boolean('overridden').notNull().default(false),
    facility: text('facility').notNull().default(''),
    location: text('location').notNull().default(''),
    carrier: text('carrier').notNull().default(''),
    tracking: text('tracking').notNull().default(''),
    expectedAt: at('expected_at'),
    entity: text('entity').notNull().default(''),
    channel: text('channel').notNull().default(''),
    category: text('category').notNull().default(''),
    supplierId: text('supplier_id').notNull().default(''),
    customerId: text('customer_id').notNull().default(''),
    goodsClass: text('goods_class').notNull().default('none'),
    currency: text('currency').notNull().default(''),
    /** Of one piece: sale value with tax, and cost. */
    unitPrice: money('unit_price').notNull().default(sql`0`),
    unitCost: money('unit_cost').notNull().default(sql`0`),
    /** What one piece is carried at in its present status. */
    unitValue: money('unit_value').notNull().default(sql`0`),
    requestedAt: at('requested_at'),
    authorizedAt: at('authorized_at'),
    rejectedAt: at('rejected_at'),
    cancelledAt: at('cancelled_at'),
    labelledAt: at('labelled_at'),
    inTransitAt: at('in_transit_at'),
    deliveredAt: at('delivered_at'),
    lostAt: at('lost_at'),
    receivedAt: at('received_at'),
    inspectedAt: at('inspected_at'),
    splitAt: at('split_at'),
    dispositionedAt: at('dispositioned_at'),
    finalAt: at('final_at'),
    /** Order of the latest event folded in: an event below it means folding again from all of them. */
    lastOrder: text('last_order').notNull().default(''),
    lastAt: at('last_at').notNull(),
    /** A person has acted on it here: the demo company's own story then leaves it alone. */
    handled: boolean('handled').notNull().default(false),
    /** Came with a bulk import: its past is in the opening balances, not in the journal. */
    opening: boolean('opening').notNull().default(false),
    version: integer('version').notNull().default(0),
  },
  (t) => [
    index('return_unit_rma').on(t.rmaId),
    index('return_unit_parent').on(t.parentId),
    index('return_unit_order_line').on(t.orderLineId),
    // How often a customer returns is asked at every request.
    index('return_unit_customer').on(t.customerId, t.requestedAt),
    index('return_unit_tracking').on(t.tracking),
    index('return_unit_serial').on(t.serial),
    index('return_unit_sku').on(t.sku),
    index('return_unit_queue').on(t.facility, t.status, t.statusAt).where(sql`final_at IS NULL`),
    check('return_unit_quantity', sql`${t.quantity} >= 0 AND ${t.receivedQuantity} >= 0`),
    check(
      'return_unit_codes',
      sql`(${t.requestedAt} IS NULL OR ${t.reason} <> '') AND (${t.inspectedAt} IS NULL OR (${t.condition} <> '' AND ${t.finding} <> ''))
        AND (${t.dispositionedAt} IS NULL OR ${t.disposition} <> '')`,
    ),
  ],
)

/** Numbers of the RMAs that are made here. */
export const rmaNumber = pgSequence('rma_number')

/** Every event about a unit, in the form that the fold takes. The case's timeline, and what a late event is folded again from. */
export const caseEvent = pgTable(
  'case_event',
  {
    source: text('source').notNull(),
    id: text('id').notNull(),
    revision: integer('revision').notNull().default(0),
    voided: boolean('voided').notNull().default(false),
    hash: bigint('hash', { mode: 'number' }).notNull().default(0),
    unitId: text('unit_id').notNull(),
    type: text('type').notNull(),
    time: at('time').notNull(),
    sequence: text('sequence').notNull().default(''),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    /** The command that made it; null for what outside systems told. */
    commandId: uuid('command_id'),
  },
  (t) => [primaryKey({ columns: [t.source, t.id] }), index('case_event_unit').on(t.unitId, t.time)],
)

/** What a return cost besides its goods: freight, labour, refurbishment, fees. Amounts may be below zero: a fee given back. */
export const returnCost = pgTable(
  'return_cost',
  {
    id: text('id').primaryKey(),
    unitId: text('unit_id').notNull(),
    rmaId: text('rma_id').notNull().default(''),
    entity: text('entity').notNull().default(''),
    kind: text('kind').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    at: at('at').notNull(),
    version: integer('version').notNull().default(0),
  },
  (t) => [index('return_cost_unit').on(t.unitId), index('return_cost_rma').on(t.rmaId)],
)

/** Who did what on which case: what segregation of duties is checked against, by a trigger. */
export const duty = pgTable(
  'duty',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    rmaId: text('rma_id').notNull().default(''),
    unitId: text('unit_id').notNull().default(''),
    duty: text('duty').notNull(),
    /** The account, or the source for what outside systems told. */
    person: text('person').notNull(),
    at: at('at').notNull(),
  },
  (t) => [index('duty_unit').on(t.unitId), index('duty_rma').on(t.rmaId)],
)

/** Which two duties one person may not do on one case. Read by the trigger on `duty`; filled from lib/returns/duties.ts. */
export const dutyConflict = pgTable(
  'duty_conflict',
  {
    first: text('first').notNull(),
    second: text('second').notNull(),
    /** `rma`: not on any unit of the same case; `unit`: not on the same unit. */
    scope: text('scope', { enum: ['unit', 'rma'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.first, t.second] })],
)

/** What must be decided by a person. */
export const caseException = pgTable(
  'case_exception',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    unitId: text('unit_id').notNull().default(''),
    rmaId: text('rma_id').notNull().default(''),
    subject: text('subject').notNull().default(''),
    entity: text('entity').notNull().default(''),
    facility: text('facility').notNull().default(''),
    channel: text('channel').notNull().default(''),
    severity: text('severity').notNull(),
    ownerRole: text('owner_role').notNull(),
    assignee: text('assignee'),
    /** What is at stake, in `currency`; 0 when it is not money. */
    value: money('value').notNull().default(sql`0`),
    currency: text('currency').notNull().default(''),
    message: text('message').notNull().default(''),
    detail: jsonb('detail').$type<Record<string, unknown>>(),
    state: text('state', { enum: ['open', 'resolved'] })
      .notNull()
      .default('open'),
    resolution: text('resolution'),
    note: text('note').notNull().default(''),
    raisedAt: at('raised_at').notNull(),
    raisedBy: text('raised_by').notNull(),
    dueAt: at('due_at').notNull(),
    resolvedAt: at('resolved_at'),
    resolvedBy: text('resolved_by'),
    eventOrder: text('event_order').notNull().default(''),
  },
  (t) => [
    index('case_exception_open').on(t.ownerRole, t.dueAt).where(sql`state = 'open'`),
    index('case_exception_unit').on(t.unitId),
    index('case_exception_rma').on(t.rmaId),
    // The same thing is raised once while it is open.
    uniqueIndex('case_exception_once').on(t.kind, t.unitId, t.rmaId, t.subject).where(sql`state = 'open'`),
  ],
)

/** A photo or document: content-addressed, so that the same bytes are kept once and cannot be changed. */
export const evidence = pgTable(
  'evidence',
  {
    sha256: text('sha256').primaryKey(),
    mime: text('mime').notNull(),
    bytes: integer('bytes').notNull(),
    /** Of lib/returns/evidence.ts; `keepUntil` follows from it and is never brought forward. */
    retentionClass: text('retention_class').notNull(),
    keepUntil: at('keep_until').notNull(),
    legalHold: boolean('legal_hold').notNull().default(false),
    holdReason: text('hold_reason').notNull().default(''),
    heldBy: text('held_by').notNull().default(''),
    heldAt: at('held_at'),
    /** Who lifted the last hold: they may not destroy what they have set free. */
    liftedBy: text('lifted_by').notNull().default(''),
    /** Decided after `keepUntil` that the bytes are destroyed: the row stays as the tombstone. */
    purgedAt: at('purged_at'),
    purgedBy: text('purged_by').notNull().default(''),
    purgeReason: text('purge_reason').notNull().default(''),
    /** When the bytes were gone. */
    destroyedAt: at('destroyed_at'),
    addedAt: at('added_at').notNull().defaultNow(),
    addedBy: text('added_by').notNull(),
  },
  (t) => [
    index('evidence_due').on(t.keepUntil, t.sha256).where(sql`purged_at IS NULL`),
    index('evidence_held').on(t.heldAt).where(sql`legal_hold`),
    index('evidence_to_destroy').on(t.purgedAt).where(sql`purged_at IS NOT NULL AND destroyed_at IS NULL`),
  ],
)

export const evidenceLink = pgTable(
  'evidence_link',
  {
    sha256: text('sha256')
      .notNull()
      .references(() => evidence.sha256),
    subjectType: text('subject_type', { enum: ['unit', 'rma', 'claim', 'exception', 'adjustment'] }).notNull(),
    subjectId: text('subject_id').notNull(),
    note: text('note').notNull().default(''),
    at: at('at').notNull().defaultNow(),
    by: text('by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sha256, t.subjectType, t.subjectId] }),
    index('evidence_link_subject').on(t.subjectType, t.subjectId),
  ],
)
