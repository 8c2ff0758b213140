import { decode, encode } from 'next-auth/jwt'
import { env, required } from '../env'
import { LONGEST_SESSION_SECONDS } from './sessions'

/** Where this installation is reached; never taken from a request's headers. */
export const publicUrl = (): string => (env().BACKHAUL_URL ?? `http://localhost:${env().PORT}`).replace(/\/+$/, '')
export const secure = (): boolean => publicUrl().startsWith('https:')

/** A `__Host-` cookie is bound to this very host and to TLS; on plain http, as on a laptop, browsers refuse that prefix. */
export const sessionCookie = () => ({
  name: secure() ? '__Host-backhaul.session' : 'backhaul.session',
  options: { httpOnly: true, sameSite: 'lax', path: '/', secure: secure() } as const,
})

/** The cookie's value: an encrypted token that carries the id of a session row and nothing that could go stale. */
export const sealSession = (sid: string): Promise<string> =>
  encode({ token: { sid }, secret: required('BACKHAUL_SECRET'), maxAge: LONGEST_SESSION_SECONDS })

/** The session id in a cookie's value; undefined for anything that was not sealed here or is too old. */
export async function unsealSession(value: string): Promise<string | undefined> {
  const token = await decode({ token: value, secret: required('BACKHAUL_SECRET') }).catch(() => null)
  return sessionIdOf(token)
}

export const sessionIdOf = (token: Readonly<Record<string, unknown>> | null): string | undefined =>
  typeof token?.sid === 'string' ? token.sid : undefined
