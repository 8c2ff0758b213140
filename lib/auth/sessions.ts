import { randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { account, session } from '../db/schema/accounts'
import { env } from '../env'
import type { Account } from './accounts'
import type { Actor } from './actor'
import { asleepRoles } from './mitigations'
import { isRole, permissionsOf } from './permissions'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const IDLE = 30 * MINUTE
/** However busy, a session ends after this long. */
export const LONGEST_SESSION_SECONDS = 12 * 3600
const KEPT = 90 * 24 * HOUR
/** How old `seen_at` may be before a request renews it: spares a write on every read. */
const SEEN_EVERY = MINUTE

/** Opens a session for somebody who has just proved who they are; returns the id that the cookie will carry. */
export async function openSession(
  person: Pick<Account, 'id' | 'version'>,
  userAgent: string | null,
  now = new Date(),
): Promise<string> {
  const id = randomBytes(24).toString('base64url')
  await db()
    .insert(session)
    .values({
      id,
      accountId: person.id,
      accountVersion: person.version,
      createdAt: now,
      seenAt: now,
      userAgent: userAgent?.slice(0, 256) ?? null,
    })
  await db()
    .delete(session)
    .where(lt(session.createdAt, new Date(now.getTime() - KEPT)))
  return id
}

/**
 * Who holds a session, looked up on every use: undefined when it was revoked, sat idle for half an hour, is older than twelve hours, when the
 * account was changed since, is switched off, or is a demo account outside demo mode. A role whose review has run out gives nothing. `passive`: what a page asks by itself, again and again,
 * is no sign of a person and does not keep the session alive.
 */
export async function actorOfSession(
  id: string,
  now = new Date(),
  { passive = false }: { passive?: boolean } = {},
): Promise<Actor | undefined> {
  const [row] = await db()
    .select({ session, account, asleep: asleepRoles(now) })
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .where(and(eq(session.id, id), live(now)))
  if (!row || (row.account.demo && !env().BACKHAUL_DEMO)) return undefined
  if (!passive && now.getTime() - row.session.seenAt.getTime() > SEEN_EVERY) {
    await db().update(session).set({ seenAt: now }).where(eq(session.id, id))
  }
  return actorOf(row.account, row.asleep)
}

/** Whether a session holds, joined with its account. */
const live = (now: Date): SQL | undefined =>
  and(
    isNull(session.revokedAt),
    eq(account.active, true),
    eq(account.version, session.accountVersion),
    gt(session.seenAt, new Date(now.getTime() - IDLE)),
    gt(session.createdAt, new Date(now.getTime() - LONGEST_SESSION_SECONDS * 1000)),
  )

/** How many sessions each account has that hold now, and when it was seen last in any; by account. */
export async function sessionsByAccount(
  now = new Date(),
): Promise<ReadonlyMap<string, { readonly live: number; readonly seenAt: Date }>> {
  const rows = await db()
    .select({
      id: session.accountId,
      live: sql<number>`(count(*) FILTER (WHERE ${live(now)}))::int`,
      seenAt: sql<Date>`max(${session.seenAt})`.mapWith(session.seenAt),
    })
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .groupBy(session.accountId)
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}

/** Ends one session. */
export async function closeSession(id: string, now = new Date()): Promise<void> {
  await db()
    .update(session)
    .set({ revokedAt: now })
    .where(and(eq(session.id, id), isNull(session.revokedAt)))
}

/** A person as every read and write sees them. A role that this version does not know gives nothing, nor does one that is asleep. */
export function actorOf(person: Account, asleep: readonly string[] = []): Actor {
  const roles = person.roles.filter(isRole).filter((role) => !asleep.includes(role))
  return {
    kind: 'person',
    userId: person.id,
    name: person.name,
    email: person.email,
    roles,
    permissions: permissionsOf(roles),
    scope: person.scope,
    ...(person.tz ? { tz: person.tz } : {}),
    ...(person.locale ? { locale: person.locale } : {}),
  }
}
