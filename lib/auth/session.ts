import 'server-only'
import { cookies, headers } from 'next/headers'
import { decode, encode } from 'next-auth/jwt'
import { required } from '../env'
import { UserError } from '../errors'
import { type Account, checkSignIn } from './accounts'
import { type Actor, authorize, EVERYTHING } from './actor'
import { verifyKey } from './api-keys'
import { SESSION_SECONDS, sessionCookie } from './options'
import type { Permission } from './permissions'
import { actorOfSession, closeSession, openSession } from './sessions'

export type { Actor } from './actor'

async function sessionId(): Promise<string | undefined> {
  const cookie = (await cookies()).get(sessionCookie().name)
  if (!cookie) return undefined
  const token = await decode({ token: cookie.value, secret: required('BACKHAUL_SECRET') }).catch(() => null)
  return typeof token?.sid === 'string' ? token.sid : undefined
}

/** Who holds this request's session cookie, looked up in Postgres; null for nobody. */
export async function currentActor(): Promise<Actor | null> {
  const id = await sessionId()
  return id ? ((await actorOfSession(id)) ?? null) : null
}

/** The person behind a page, action or route, who must have the permission. Throws a UserError: 401 for nobody, 403 for the wrong role. */
export async function requireActor(permission: Permission): Promise<Actor> {
  const actor = await currentActor()
  if (!actor) throw new UserError('unauthenticated', 'Sign in first: your session has ended.', 401)
  authorize(actor, permission)
  return actor
}

/** For the API: an API key with the scope `metrics:read` in the Authorization header, else the session cookie. */
export async function actorFromRequest(request: Request): Promise<Actor> {
  const header = request.headers.get('authorization')
  if (header === null) {
    const actor = await currentActor()
    if (actor) return actor
    throw new UserError('unauthenticated', 'Send "Authorization: Bearer <API key>" or sign in.', 401)
  }
  const grant = await verifyKey(header.replace(/^Bearer\s+/i, ''))
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
    permissions: new Set(['metrics:read', 'rows:read', 'rows:export']),
    scope: EVERYTHING,
  }
}

/**
 * Signs somebody in with a password and sets the session cookie; false for a wrong address or password. An earlier session of this browser
 * ends, so that a cookie planted before the sign-in is worth nothing after it.
 */
export async function signInWithPassword(email: string, password: string): Promise<boolean> {
  const seen = await headers()
  const person = await checkSignIn(email, password, seen.get('x-forwarded-for') ?? 'direct')
  if (!person) return false
  await startSession(person, seen.get('user-agent'))
  return true
}

export async function startSession(person: Account, userAgent: string | null): Promise<void> {
  const earlier = await sessionId()
  if (earlier) await closeSession(earlier)
  const sid = await openSession(person, userAgent)
  const value = await encode({ token: { sid }, secret: required('BACKHAUL_SECRET'), maxAge: SESSION_SECONDS })
  const { name, options } = sessionCookie()
  ;(await cookies()).set(name, value, { ...options, maxAge: SESSION_SECONDS })
}

/** Ends this browser's session on the server and takes the cookie back. */
export async function signOut(): Promise<void> {
  const id = await sessionId()
  if (id) await closeSession(id)
  ;(await cookies()).delete(sessionCookie().name)
}
