import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/**
 * What the customer gets for a unit. `proposed → approved → reserved → submitting → paid | failed | unknown`, or `rejected`. Amounts include
 * tax and are those of the latest event; the states between approved and paid are ours alone (two-phase payment).
 */
export const settlement = pgTable(
  'settlement',
  {
    id: text('id').primaryKey(),
    unitId: text('unit_id').notNull(),
    rmaId: text('rma_id').notNull().default(''),
    orderId: text('order_id').notNull().default(''),
    entity: text('entity').notNull().default(''),
    channel: text('channel').notNull().default(''),
    kind: text('kind').notNull(),
    state: text('state', {
      enum: ['proposed', 'approved', 'reserved', 'submitting', 'paid', 'failed', 'unknown', 'rejected'],
    }).notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    tax: money('tax').notNull().default(sql`0`),
    fee: money('fee').notNull().default(sql`0`),
    feeDue: money('fee_due').notNull().default(sql`0`),
    deduction: money('deduction').notNull().default(sql`0`),
    deductionDue: money('deduction_due').notNull().default(sql`0`),
    /** What the customer was entitled to before any fee or deduction, tax included. */
    entitled: money('entitled').notNull().default(sql`0`),
    /** How the amount came about, component by component (lib/returns/entitlement.ts). */
    breakdown: jsonb('breakdown'),
    inPolicy: boolean('in_policy'),
    exceptionId: text('exception_id'),
    method: text('method').notNull().default(''),
    cause: text('cause').notNull().default(''),
    policyVersion: text('policy_version').notNull().default(''),
    policyRow: text('policy_row').notNull().default(''),
    /** When the money may go: a release rule of the policy, and whether its condition is met. */
    release: text('release', { enum: ['at_once', 'on_scan', 'on_receipt', 'on_inspection', 'manual'] })
      .notNull()
      .default('manual'),
    releasedAt: at('released_at'),
    /** What the approval was given for; any change of it voids the approval. */
    payloadHash: text('payload_hash').notNull().default(''),
    proposedBy: text('proposed_by').notNull().default(''),
    approvedBy: text('approved_by').notNull().default(''),
    proposedAt: at('proposed_at'),
    approvedAt: at('approved_at'),
    paidAt: at('paid_at'),
    rejectedAt: at('rejected_at'),
    provider: text('provider').notNull().default(''),
    providerRef: text('provider_ref').notNull().default(''),
    /** Attempts to submit, when the next is due, and what the last one said. */
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: at('next_attempt_at'),
    lastError: text('last_error').notNull().default(''),
    eventOrder: text('event_order').notNull().default(''),
    /** Told by an outside system and never decided here. */
    external: boolean('external').notNull().default(false),
    version: integer('version').notNull().default(0),
  },
  (t) => [
    index('settlement_unit').on(t.unitId),
    index('settlement_rma').on(t.rmaId),
    index('settlement_order').on(t.orderId),
    index('settlement_provider').on(t.provider, t.providerRef),
    index('settlement_due').on(t.nextAttemptAt).where(sql`state IN ('approved', 'reserved', 'submitting', 'unknown')`),
    check('settlement_amounts', sql`${t.amount} >= 0 AND ${t.tax} >= 0 AND ${t.fee} >= 0`),
  ],
)

/** Something that waits for one or more people's yes, bound to the hash of what they are asked about. */
export const approval = pgTable(
  'approval',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    subjectType: text('subject_type', {
      enum: ['settlement', 'adjustment', 'write_off', 'override', 'policy', 'reopen', 'journal', 'fee_waiver'],
    }).notNull(),
    subjectId: text('subject_id').notNull(),
    rmaId: text('rma_id').notNull().default(''),
    unitId: text('unit_id').notNull().default(''),
    entity: text('entity').notNull().default(''),
    facility: text('facility').notNull().default(''),
    channel: text('channel').notNull().default(''),
    amount: money('amount').notNull().default(sql`0`),
    currency: text('currency').notNull().default(''),
    /** In the reporting currency; what thresholds are compared with, rolling sums included. */
    weighed: money('weighed').notNull().default(sql`0`),
    /** Who must say yes: a list of steps, each a list of roles of which one suffices. */
    steps: jsonb('steps').$type<string[][]>().notNull(),
    /** Which row of the matrix asked for it, and why, in words. */
    rule: text('rule').notNull().default(''),
    why: text('why').notNull().default(''),
    summary: text('summary').notNull().default(''),
    payloadHash: text('payload_hash').notNull(),
    state: text('state', { enum: ['open', 'approved', 'rejected', 'void', 'expired'] })
      .notNull()
      .default('open'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: at('requested_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    decidedAt: at('decided_at'),
  },
  (t) => [
    index('approval_open').on(t.expiresAt).where(sql`state = 'open'`),
    uniqueIndex('approval_subject').on(t.subjectType, t.subjectId).where(sql`state = 'open'`),
    index('approval_rma').on(t.rmaId),
    index('approval_requester').on(t.requestedBy, t.requestedAt),
  ],
)

export const approvalDecision = pgTable(
  'approval_decision',
  {
    approvalId: uuid('approval_id')
      .notNull()
      .references(() => approval.id),
    person: text('person').notNull(),
    /** Which step of the approval this answers, and in which role. */
    step: integer('step').notNull(),
    role: text('role').notNull(),
    decision: text('decision', { enum: ['approved', 'rejected'] }).notNull(),
    reason: text('reason').notNull().default(''),
    payloadHash: text('payload_hash').notNull(),
    at: at('at').notNull(),
  },
  (t) => [
    uniqueIndex('approval_decision_person').on(t.approvalId, t.person),
    uniqueIndex('approval_decision_step').on(t.approvalId, t.step),
  ],
)
