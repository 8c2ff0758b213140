import 'server-only'
import { cookies, headers } from 'next/headers'
import { UserError } from '../errors'
import type { Account } from './accounts'
import { type Actor, authorize, EVERYTHING } from './actor'
import { bearer, verifyKey } from './api-keys'
import { sealSession, sessionCookie, unsealSession } from './cookie'
import { clientOf } from './forwarded'
import type { Permission } from './permissions'
import { actorOfSession, closeSession, LONGEST_SESSION_SECONDS, openSession } from './sessions'
import { checkSignIn } from './sign-in'

export type { Actor } from './actor'

/** The session id in this request's cookie, whether or not the session still holds. */
export async function presentedSession(): Promise<string | undefined> {
  const cookie = (await cookies()).get(sessionCookie().name)
  return cookie ? await unsealSession(cookie.value) : undefined
}

/**
 * Who holds this request's session cookie, looked up in Postgres; null for nobody. `passive` is for what a page asks by itself (freshness): it
 * does not keep an abandoned screen signed in.
 */
export async function currentActor(use: { passive?: boolean } = {}): Promise<Actor | null> {
  const id = await presentedSession()
  return id ? ((await actorOfSession(id, new Date(), use)) ?? null) : null
}

/** The person behind a page, action or route, who must have the permission. Throws a UserError: 401 for nobody, 403 for the wrong role. */
export async function requireActor(permission: Permission): Promise<Actor> {
  const actor = await currentActor()
  if (!actor) throw new UserError('unauthenticated', 'Sign in first: your session has ended.', 401)
  authorize(actor, permission)
  return actor
}

/** For the API: an API key with the scope `metrics:read` in the Authorization header, else the session cookie. Throws a UserError: 401 or 403. */
export async function actorFromRequest(request: Request): Promise<Actor> {
  const header = request.headers.get('authorization')
  if (header === null) {
    const actor = await currentActor()
    if (actor) return actor
    throw new UserError('unauthenticated', 'Send "Authorization: Bearer <API key>" or sign in.', 401)
  }
  const grant = await verifyKey(bearer(header) ?? '')
  if (!grant) throw new UserError('key_unknown', 'This API key is unknown, revoked or expired.', 401)
  if (!grant.scopes.includes('metrics:read')) {
    throw new UserError('key_scope', 'This API key lacks the scope metrics:read.', 403)
  }
  return {
    kind: 'key',
    userId: grant.id,
    name: grant.name,
    email: '',
    roles: [],
    permissions: new Set(['glossary:read', 'metrics:read', 'rows:read', 'rows:export']),
    scope: EVERYTHING,
  }
}

/** Signs somebody in with a password and sets the session cookie; undefined for a wrong address or password. Throws as `checkSignIn` does. */
export async function signInWithPassword(email: string, password: string): Promise<Account | undefined> {
  const person = await checkSignIn(email, password, clientOf(await headers()))
  if (person) await startSession(person)
  return person
}

/**
 * Opens a session and sets its cookie. An earlier session of this browser ends, so that a cookie planted before the sign-in is worth nothing
 * after it.
 */
export async function startSession(person: Account): Promise<void> {
  const earlier = await presentedSession()
  if (earlier) await closeSession(earlier)
  const sid = await openSession(person, (await headers()).get('user-agent'))
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, await sealSession(sid), { ...options, maxAge: LONGEST_SESSION_SECONDS })
}

/** Ends this browser's session on the server and takes the cookie back. */
export async function signOut(): Promise<void> {
  const id = await presentedSession()
  if (id) await closeSession(id)
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, '', { ...options, maxAge: 0 })
}
