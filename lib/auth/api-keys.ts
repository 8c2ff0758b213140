import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { and, desc, eq, getTableColumns, isNull } from 'drizzle-orm'
import { db, type Transaction } from '../db/client'
import { apiKey } from '../db/schema/log'
import { UserError } from '../errors'
import { log } from '../log'

export const KEY_SCOPES = ['events:write', 'metrics:read'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/**
 * Below it are the sources that Backhaul speaks with itself. Its own events make cases in the transaction that appends them and are not applied
 * again; a higher revision from elsewhere would be true in the figures and unknown to the cases.
 */
const OWN_SOURCES = '/backhaul/'

/** Whether a source is one of Backhaul's own. */
export const isOwnSource = (source: string): boolean => source.startsWith(OWN_SOURCES)

/** What an accepted key may do. `sources` are exact, or prefixes with a trailing `*`. */
export interface KeyGrant {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly sources: readonly string[]
}

const DAY = 24 * 3600 * 1000
const LONGEST_DAYS = 400
const SHAPE = /^rk_live_([A-Za-z0-9]{8})_([A-Za-z0-9_-]{43})$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** How long an answer about a key may be reused: within this time a revocation takes effect everywhere. */
const CACHE_MS = 4000
const CACHE_SIZE = 10_000
const USED_EVERY = 60_000

type Row = typeof apiKey.$inferSelect

const digest = (secret: string) => createHash('sha256').update(secret).digest()

/** Whether a value is one of the scopes that a key can have. */
export const isKeyScope = (value: string): value is KeyScope => KEY_SCOPES.some((scope) => scope === value)

/**
 * Makes a key and returns it whole: the only time that it can be seen, since only its SHA-256 is kept (32 random bytes need no slow hash).
 * Throws `UserError` for an unknown scope, a source that is none, or a life that is not 1 to 400 days. `on` is the caller's transaction.
 */
export async function createKey(
  options: {
    scopes: readonly string[]
    sources: readonly string[]
    name?: string | undefined
    days?: number | undefined
  },
  on: Pick<Transaction, 'insert'> = db(),
): Promise<{ id: string; key: string; expiresAt: Date }> {
  const { scopes, sources, name = 'unnamed', days = LONGEST_DAYS } = options
  const odd = scopes.find((scope) => !isKeyScope(scope))
  if (scopes.length === 0 || odd !== undefined) {
    throw new UserError('scope_unknown', `Scopes are a list of: ${KEY_SCOPES.join(', ')}.`, 400, 'scopes')
  }
  if (sources.length === 0 || sources.some((source) => !/^[^\s*]*\*?$/.test(source) || source === '')) {
    const message = 'A source is an exact one such as /shopify/acme-us, or a prefix with a trailing *, such as /*.'
    throw new UserError('source_invalid', message, 400, 'source')
  }
  if (sources.some((source) => isOwnSource(source) && source.endsWith('*'))) {
    const message = `Sources below ${OWN_SOURCES} are Backhaul's own: name the one that is meant exactly, such as /backhaul/portal.`
    throw new UserError('source_invalid', message, 400, 'source')
  }
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new UserError('days_invalid', `A key lives 1 to ${LONGEST_DAYS} days.`, 400, 'days')
  }
  const id = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const secret = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + days * DAY)
  await on
    .insert(apiKey)
    .values({ id, secretHash: digest(secret), name, scopes: [...scopes], sources: [...sources], expiresAt })
  return { id, key: `rk_live_${id}_${secret}`, expiresAt }
}

/** All keys, newest first, without their hashes. */
export async function listKeys(): Promise<Omit<Row, 'secretHash'>[]> {
  const { secretHash: _hash, ...visible } = getTableColumns(apiKey)
  return await db().select(visible).from(apiKey).orderBy(desc(apiKey.createdAt))
}

/** Revokes a key; it is refused everywhere within five seconds. Throws `UserError` when no such key is in force. */
export async function revokeKey(id: string, on: Pick<Transaction, 'update'> = db()): Promise<void> {
  const done = await on
    .update(apiKey)
    .set({ revokedAt: new Date() })
    .where(and(eq(apiKey.id, id), isNull(apiKey.revokedAt)))
    .returning({ id: apiKey.id })
  cache.delete(id)
  if (done.length === 0) throw new UserError('key_unknown', `There is no key "${id}" in force.`, 404, 'id')
}

const cache = new Map<string, { row: Promise<Row | undefined>; at: number }>()

function lookUp(id: string): Promise<Row | undefined> {
  const known = cache.get(id)
  if (known && Date.now() - known.at < CACHE_MS) return known.row
  // Made-up ids must not fill the memory.
  if (cache.size >= CACHE_SIZE) cache.clear()
  const row = db()
    .select()
    .from(apiKey)
    .where(eq(apiKey.id, id))
    .then((rows) => rows[0])
  cache.set(id, { row, at: Date.now() })
  row.catch(() => cache.delete(id))
  return row
}

const usedAt = new Map<string, number>()

function noteUse(id: string, now: number) {
  if (now - (usedAt.get(id) ?? 0) < USED_EVERY) return
  usedAt.set(id, now)
  db()
    .update(apiKey)
    .set({ lastUsedAt: new Date(now) })
    .where(eq(apiKey.id, id))
    .catch((error: Error) => log('keys').warn({ key: id, reason: error.message }, 'last use was not written down'))
}

const NO_HASH = Buffer.alloc(32)

/** The grant of a presented key, or `undefined` when it is unknown, wrong, revoked or expired. Rejects when Postgres cannot answer. */
export async function verifyKey(presented: string): Promise<KeyGrant | undefined> {
  const match = SHAPE.exec(presented)
  if (!match) return undefined
  const [, id = '', secret = ''] = match
  const row = await lookUp(id)
  // An unknown id takes as long as a wrong secret.
  const same = timingSafeEqual(digest(secret), row?.secretHash ?? NO_HASH)
  const now = Date.now()
  if (!row || !same || row.revokedAt || row.expiresAt.getTime() <= now) return undefined
  noteUse(id, now)
  return { id, name: row.name, scopes: row.scopes, sources: row.sources }
}

/** The key of an `Authorization: Bearer` header, or `undefined`. */
export const bearer = (header: string | undefined): string | undefined => /^bearer +(\S+)$/i.exec(header ?? '')?.[1]

/** Whether a grant covers a source: an exact name, or a prefix with a trailing `*`. Backhaul's own sources have to be named exactly. */
export function allowsSource(grant: Pick<KeyGrant, 'sources'>, source: string): boolean {
  return grant.sources.some((pattern) =>
    pattern.endsWith('*') ? !isOwnSource(source) && source.startsWith(pattern.slice(0, -1)) : source === pattern,
  )
}
