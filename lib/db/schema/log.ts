import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/**
 * The event log: every event that was ever accepted, in the sender's own bytes. Append only. `batch_id IS NULL` means not yet sealed for
 * ClickHouse; sequence order is not commit order, so readers claim by that state and never by `seq > last_seen`.
 */
export const eventLog = pgTable(
  'event_log',
  {
    seq: bigserial('seq', { mode: 'bigint' }).primaryKey(),
    source: text('source').notNull(),
    id: text('id').notNull(),
    revision: integer('revision').notNull(),
    voided: boolean('voided').notNull(),
    type: text('type').notNull(),
    time: at('time').notNull(),
    /** First 32 bits of the SHA-256 of `body`: with the revision, the order on competing versions of one fact. */
    hash: bigint('hash', { mode: 'number' }).notNull(),
    body: text('body').notNull(),
    receivedAt: at('received_at').notNull().defaultNow(),
    batchId: bigint('batch_id', { mode: 'bigint' }),
  },
  (t) => [
    uniqueIndex('event_log_identity').on(t.source, t.id, t.revision),
    index('event_log_unsealed').on(t.seq).where(sql`batch_id IS NULL`),
    index('event_log_batch').on(t.batchId),
    // What came in lately; the log grows in this order, so a few pages tell where that is.
    index('event_log_received').using('brin', t.receivedAt),
  ],
)

/**
 * What goes to ClickHouse as one unit: sealed rows of the log, or one archive segment of a bulk import. A batch is immutable once sealed,
 * is sent until it is known to have arrived, and is harmless to send again: identity lives in ClickHouse's sorting keys.
 */
export const batch = pgTable(
  'batch',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    kind: text('kind', { enum: ['log', 'archive'] }).notNull(),
    rows: integer('rows').notNull(),
    state: text('state', { enum: ['sealed', 'delivered'] })
      .notNull()
      .default('sealed'),
    /** Set before each attempt: found set at a start, the outcome of the last attempt is unknown. */
    attempts: integer('attempts').notNull().default(0),
    importId: bigint('import_id', { mode: 'bigint' }),
    /** Archive segments: file name below the archive folder and SHA-256 of its compressed bytes. */
    path: text('path'),
    sha256: text('sha256'),
    sealedAt: at('sealed_at').notNull().defaultNow(),
    deliveredAt: at('delivered_at'),
    /** Largest event time of the batch, for the freshness watermark. */
    maxTime: at('max_time'),
    error: text('error'),
    /** When the projector had applied it to the cases; null as long as it has not. */
    projectedAt: at('projected_at'),
  },
  (t) => [
    index('batch_unprojected').on(t.id).where(sql`projected_at IS NULL`),
    index('batch_undelivered').on(t.id).where(sql`state = 'sealed'`),
    index('batch_import').on(t.importId),
  ],
)

/** A bulk import of one file: what it is, how far it came, and its account. Resumed by (`file_sha256`, `mapping`). */
export const importRun = pgTable(
  'import_run',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    file: text('file').notNull(),
    fingerprint: text('fingerprint').notNull(),
    mapping: text('mapping').notNull(),
    state: text('state', { enum: ['running', 'done'] })
      .notNull()
      .default('running'),
    /** Lines of the input that are durably in ClickHouse and in the archive. */
    linesDone: bigint('lines_done', { mode: 'number' }).notNull().default(0),
    account: jsonb('account'),
    startedAt: at('started_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  (t) => [uniqueIndex('import_identity').on(t.fingerprint, t.mapping)],
)

/** Bad input that was authentic: the raw bytes, a typed reason, and what became of it. The bytes are never lost. */
export const quarantine = pgTable(
  'quarantine',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    source: text('source').notNull(),
    eventId: text('event_id'),
    reason: text('reason').notNull(),
    message: text('message').notNull(),
    path: text('path'),
    /** The code that was refused, where it is one that could be mapped. */
    given: text('given'),
    raw: bytea('raw').notNull(),
    origin: text('origin').notNull(),
    state: text('state', { enum: ['open', 'replayed', 'dismissed'] })
      .notNull()
      .default('open'),
    receivedAt: at('received_at').notNull().defaultNow(),
    settledAt: at('settled_at'),
    settledBy: text('settled_by'),
    /** Why it was dismissed. */
    note: text('note'),
  },
  (t) => [
    index('quarantine_open').on(t.reason, t.id).where(sql`state = 'open'`),
    // Mapping tasks: what waits for a meaning.
    index('quarantine_codes')
      .on(t.source, t.path, t.given)
      .where(sql`state = 'open' AND reason = 'code_unknown' AND given IS NOT NULL`),
    // A sender that never saw its answer sends the same bytes again: they wait here once.
    uniqueIndex('quarantine_once').on(sql`sha256(raw)`, t.reason, t.origin).where(sql`state = 'open'`),
  ],
)

/** One holder at a time of a named duty (relay, publisher); a later holder has a higher epoch and fences an earlier one out. */
export const lease = pgTable('lease', {
  name: text('name').primaryKey(),
  epoch: bigint('epoch', { mode: 'bigint' }).notNull(),
  holder: text('holder').notNull(),
  until: at('until').notNull(),
})

/** Keys for machines. Only the SHA-256 of the secret is kept. */
export const apiKey = pgTable(
  'api_key',
  {
    id: text('id').primaryKey(),
    secretHash: bytea('secret_hash').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().notNull(),
    /** Sources that the key may write, as prefixes or patterns with a trailing `*`. */
    sources: text('sources').array().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [check('api_key_hash_size', sql`octet_length(${t.secretHash}) = 32`)],
)

/** Generations of the publisher: strictly growing, taken under its lock (clickhouse/derive/context.ts). */
export const publishGeneration = pgSequence('publish_generation')
