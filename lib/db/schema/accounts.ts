import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** A person. Without a password the account signs in by OIDC only. */
export const account = pgTable(
  'account',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    /** PHC string, argon2id. */
    passwordHash: text('password_hash'),
    /** Who the identity provider says that this is; an address may change hands there, this pair may not. */
    oidcIssuer: text('oidc_issuer'),
    oidcSubject: text('oidc_subject'),
    roles: text('roles').array().notNull().default(sql`'{}'::text[]`),
    /** Row scope: entities, facilities, channels, each a list or null for all. */
    scope: jsonb('scope')
      .$type<{ entities: string[] | null; facilities: string[] | null; channels: string[] | null }>()
      .notNull(),
    active: boolean('active').notNull().default(true),
    /** Made for the demo company: refused as soon as demo mode is off. */
    demo: boolean('demo').notNull().default(false),
    /** Raised when roles, scope or password change: sessions of an older version end. */
    version: integer('version').notNull().default(0),
    tz: text('tz'),
    locale: text('locale'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('account_email').on(sql`lower(${t.email})`),
    uniqueIndex('account_oidc').on(t.oidcIssuer, t.oidcSubject),
  ],
)

/** A signed-in browser. The cookie carries only `id`; what it may do is looked up here on every read and write. */
export const session = pgTable(
  'session',
  {
    id: text('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => account.id),
    accountVersion: integer('account_version').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    seenAt: at('seen_at').notNull().defaultNow(),
    revokedAt: at('revoked_at'),
    userAgent: text('user_agent'),
  },
  (t) => [index('session_account').on(t.accountId), index('session_created').on(t.createdAt)],
)

/**
 * Sign-ins that failed, for the limits by account and by address. A row is written before the password is looked at and taken back when it
 * fits, so that many attempts at once cannot pass the limit together.
 */
export const signInFailure = pgTable(
  'sign_in_failure',
  {
    attempt: uuid('attempt').notNull(),
    subject: text('subject').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.attempt, t.subject] }),
    index('sign_in_failure_subject').on(t.subject, t.at),
    index('sign_in_failure_at').on(t.at),
  ],
)

/** One-time token: for the first administrator, or, with an account, for that person to choose a password. Only its SHA-256 is kept. */
export const setupToken = pgTable('setup_token', {
  hash: text('hash').primaryKey(),
  accountId: uuid('account_id').references(() => account.id),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
})

/**
 * That a person holds two roles which exclude each other, for a limited time, with somebody else who watches over it. Never changed: a longer time is
 * a new row. When the last one of a pair has run out, the role that was granted last gives nothing.
 */
export const dutyMitigation = pgTable(
  'duty_mitigation',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => account.id),
    /** In the order of ROLE_NAMES. */
    first: text('first').notNull(),
    second: text('second').notNull(),
    /** Which of the two came second. */
    granted: text('granted').notNull(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => account.id),
    /** What the owner looks at, and how often. */
    review: text('review').notNull(),
    until: at('until').notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: at('made_at').notNull(),
  },
  (t) => [
    index('duty_mitigation_account').on(t.accountId, t.first, t.second),
    check('duty_mitigation_owner', sql`${t.ownerId} <> ${t.accountId}`),
    check('duty_mitigation_until', sql`${t.until} > ${t.madeAt} AND ${t.until} <= ${t.madeAt} + interval '90 days'`),
    check('duty_mitigation_review', sql`${t.review} <> ''`),
  ],
)

/** Which two roles exclude each other. Read by the trigger on `account`; filled from lib/auth/segregation.ts. */
export const roleConflict = pgTable(
  'role_conflict',
  { first: text('first').notNull(), second: text('second').notNull() },
  (t) => [primaryKey({ columns: [t.first, t.second] })],
)
