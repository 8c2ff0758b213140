import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, bytea } from './columns'

/** A version of a decision table (lib/returns/policy.ts). An active version is never changed: an edit makes the next one. */
export const policy = pgTable(
  'policy',
  {
    kind: text('kind', { enum: ['returns', 'routing', 'disposition', 'approval', 'goods'] }).notNull(),
    version: integer('version').notNull(),
    state: text('state', { enum: ['draft', 'pending', 'active', 'retired', 'rejected'] }).notNull(),
    /** It decides from then on, until the next active version. */
    effectiveFrom: at('effective_from'),
    table: jsonb('table').notNull(),
    hash: text('hash').notNull(),
    note: text('note').notNull().default(''),
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    activatedAt: at('activated_at'),
  },
  (t) => [primaryKey({ columns: [t.kind, t.version] })],
)

/** A switch of the automation. What it did and what people overrode is counted from the audit log: a counter here would hold up every command. */
export const automation = pgTable('automation', {
  id: text('id').primaryKey(),
  enabled: boolean('enabled').notNull().default(true),
  changedBy: text('changed_by').notNull().default(''),
})

/** Values that an admin sets: thresholds and limits. */
export const setting = pgTable('setting', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: at('changed_at').notNull().defaultNow(),
})

/** A source's own code and the standard one that it means. A mapping is changed, never removed: the log holds events that need it. */
export const codeMapping = pgTable(
  'code_mapping',
  {
    source: text('source').notNull(),
    list: text('list', { enum: ['reason', 'finding', 'condition', 'disposition'] }).notNull(),
    outside: text('outside').notNull(),
    code: text('code').notNull(),
    /** Raised with every change; what each was is in the audit log. */
    version: integer('version').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: at('changed_at').notNull(),
    /** The code that the cases are folded with: another one than `code` until the worker has read them again. */
    applied: text('applied').notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.list, t.outside] })],
)

/** A command that was carried out: the same id again gives the same answer and does nothing. */
export const command = pgTable(
  'command',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    actor: text('actor').notNull(),
    inputHash: text('input_hash').notNull(),
    result: jsonb('result').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [index('command_at').on(t.at)],
)

/** A command that was refused by a control: who tried what, and why not. */
export const refusal = pgTable(
  'refusal',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    command: text('command').notNull(),
    code: text('code').notNull(),
    message: text('message').notNull(),
    subject: text('subject').notNull().default(''),
  },
  (t) => [index('refusal_at').on(t.at)],
)

/**
 * Which entries are what people did: persons and API keys, every approval, and who may do what, also where the program changed that on the word of
 * somebody at the machine. What was only looked at is not. A query that says exactly this reads the index of it, however many scans lie between.
 */
export const AUDIT_ACTS =
  "(actor_kind IN ('person', 'key') OR object_type IN ('approval', 'account', 'api_key', 'setup_token', 'duty_mitigation')) AND action NOT IN ('evidence.opened', 'audit.exported')"

/** Every change, in the transaction that made it. Sealed into blocks later; never changed. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    id: uuid('id').notNull().defaultRandom(),
    at: at('at').notNull(),
    /** The transaction: what a change without an entry is found by. */
    tx: text('tx').notNull().default(sql`pg_current_xact_id()::text`),
    actorKind: text('actor_kind', { enum: ['person', 'key', 'source', 'automation', 'system'] }).notNull(),
    actor: text('actor').notNull(),
    actorName: text('actor_name').notNull().default(''),
    roles: text('roles').array().notNull().default(sql`'{}'::text[]`),
    action: text('action').notNull(),
    objectType: text('object_type').notNull(),
    objectId: text('object_id').notNull(),
    rmaId: text('rma_id').notNull().default(''),
    entity: text('entity').notNull().default(''),
    reason: text('reason').notNull().default(''),
    approvalId: text('approval_id').notNull().default(''),
    commandId: text('command_id').notNull().default(''),
    /** Field by field, [before, after]. */
    diff: jsonb('diff').notNull(),
    block: bigint('block', { mode: 'bigint' }),
    /** Place in its block. */
    leaf: integer('leaf'),
  },
  (t) => [
    index('audit_entry_unsealed').on(t.seq).where(sql`block IS NULL`),
    index('audit_entry_block').on(t.block, t.leaf),
    index('audit_entry_object').on(t.objectType, t.objectId),
    index('audit_entry_rma').on(t.rmaId),
    index('audit_entry_actor').on(t.actor, t.at),
    index('audit_entry_tx').on(t.tx),
    index('audit_entry_action').on(t.action, t.seq),
    index('audit_entry_acts').on(t.seq).where(sql.raw(AUDIT_ACTS)),
  ],
)

/** A sealed block of audit entries: Merkle root, link to the block before, signature. */
export const auditBlock = pgTable(
  'audit_block',
  {
    n: bigint('n', { mode: 'bigint' }).primaryKey(),
    previous: bytea('previous').notNull(),
    root: bytea('root').notNull(),
    hash: bytea('hash').notNull(),
    count: integer('count').notNull(),
    /** Entries in all blocks up to this one. */
    size: bigint('size', { mode: 'bigint' }).notNull(),
    firstAt: at('first_at').notNull(),
    lastAt: at('last_at').notNull(),
    sealedAt: at('sealed_at').notNull(),
    signature: bytea('signature').notNull(),
    keyId: text('key_id').notNull(),
  },
  (t) => [uniqueIndex('audit_block_hash').on(t.hash)],
)
