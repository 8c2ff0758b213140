import { sql } from 'drizzle-orm'
import { bigint, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at, money } from './columns'

/** A version of a policy tried on the past. The row is the task while it waits and runs, and the answer afterwards; nothing decides by it. */
export const simulation = pgTable(
  'simulation',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind', { enum: ['returns', 'routing', 'disposition', 'approval'] }).notNull(),
    /** What is tried and what it is held against, each with the hash that it had: a draft that was edited since is another table. */
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    against: integer('against').notNull(),
    againstHash: text('against_hash').notNull(),
    /** First day, and the day after the last, of `tz`. */
    from: date('from_day').notNull(),
    until: date('until_day').notNull(),
    tz: text('tz').notNull(),
    /** '' is all of them. */
    channel: text('channel').notNull().default(''),
    category: text('category').notNull().default(''),
    /** Whose rows it was made from: who may see less does not see it. */
    scope: jsonb('scope').notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: at('asked_at').notNull(),
    state: text('state', { enum: ['waiting', 'running', 'done', 'failed', 'stopped'] }).notNull(),
    judged: integer('judged').notNull().default(0),
    total: integer('total').notNull().default(0),
    /** How often a worker has begun it, and when it was last heard of: one that has died leaves it to another. */
    tries: integer('tries').notNull().default(0),
    beatAt: at('beat_at'),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
    result: jsonb('result'),
    error: text('error').notNull().default(''),
  },
  (t) => [
    index('simulation_version').on(t.kind, t.version, t.askedAt),
    index('simulation_open').on(t.askedAt).where(sql`state IN ('waiting', 'running')`),
    index('simulation_asker').on(t.askedBy, t.finishedAt),
  ],
)

/** What would have been another: one thing of the past with both outcomes. Goes with its simulation. */
export const simulationCase = pgTable(
  'simulation_case',
  {
    simulationId: uuid('simulation_id')
      .notNull()
      .references(() => simulation.id, { onDelete: 'cascade' }),
    n: integer('n').notNull(),
    /** The largest change of a figure: the order in which cases are shown. */
    weight: money('weight').notNull(),
    unitId: text('unit_id').notNull(),
    rmaId: text('rma_id').notNull(),
    quantity: integer('quantity').notNull(),
    about: jsonb('about').$type<Record<string, string>>().notNull(),
    beforeVerdict: text('before_verdict').notNull(),
    afterVerdict: text('after_verdict').notNull(),
    beforeRow: text('before_row').notNull(),
    afterRow: text('after_row').notNull(),
    /** Figures by id in 1/10,000 of the reporting currency, as text. */
    beforeSums: jsonb('before_sums').$type<Record<string, string>>().notNull(),
    afterSums: jsonb('after_sums').$type<Record<string, string>>().notNull(),
    /** Milliseconds to the money. */
    beforeWaited: bigint('before_waited', { mode: 'number' }),
    afterWaited: bigint('after_waited', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.simulationId, t.n] }),
    index('simulation_case_weight').on(t.simulationId, t.weight.desc(), t.n),
  ],
)
