import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { changeAccount, createAccount, revokeSessions } from '../../lib/auth/accounts'
import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { sealSession } from '../../lib/auth/cookie'
import { actorFromRequest, currentActor, requireActor, signInWithPassword, signOut } from '../../lib/auth/session'
import { actorOfSession, openSession } from '../../lib/auth/sessions'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'

// Modules are loaded anew for this file, and for the next one: they are shared otherwise.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())
/** One request as Next shows it to a page: its headers, its cookies, and the cookies that it sets. */
const request = vi.hoisted(() => ({
  headers: new Headers(),
  jar: new Map<string, { value: string; options: Record<string, unknown> }>(),
}))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => request.jar.get(name),
    set: (name: string, value: string, options: Record<string, unknown>) =>
      options.maxAge === 0 ? request.jar.delete(name) : request.jar.set(name, { value, options }),
  }),
}))

process.env.BACKHAUL_LOG = 'silent'
await freshDatabases()
const PASSWORD = 'correct horse battery'
const COOKIE = 'backhaul.session'
const person = await createAccount({ email: 'ada@example.com', name: 'Ada', password: PASSWORD, roles: ['receiver'] })

beforeEach(() => {
  request.headers = new Headers({ 'user-agent': 'a browser', 'x-forwarded-for': '198.51.100.7' })
  request.jar.clear()
})

describe('the cookie', () => {
  test('carries a session id and nothing else, out of reach of scripts', async () => {
    expect(await signInWithPassword('ada@example.com', PASSWORD)).toBeDefined()
    const cookie = request.jar.get(COOKIE)
    expect(cookie?.options).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: false, maxAge: 12 * 3600 })
    expect(cookie?.value).not.toContain('ada')
    expect(await currentActor()).toMatchObject({ kind: 'person', userId: person.id })
  })

  test('is bound to its host where the installation has a public https address', async () => {
    process.env.BACKHAUL_URL = 'https://returns.example.com'
    rereadEnv()
    await signInWithPassword('ada@example.com', PASSWORD)
    expect(request.jar.get('__Host-backhaul.session')?.options).toMatchObject({ secure: true, path: '/' })
    expect(request.jar.has(COOKIE)).toBe(false)
    delete process.env.BACKHAUL_URL
    rereadEnv()
  })

  test('that was not sealed here, or names no session, is nobody', async () => {
    const forged = ['', 'x', 'a.b.c.d.e', await sealSession('a session that never was')]
    for (const value of forged) {
      request.jar.set(COOKIE, { value, options: {} })
      expect(await currentActor()).toBeNull()
    }
    const secret = process.env.BACKHAUL_SECRET
    process.env.BACKHAUL_SECRET = 'another installation, with a secret of its own'
    rereadEnv()
    const foreign = await sealSession(await openSession(person, null))
    process.env.BACKHAUL_SECRET = secret
    rereadEnv()
    request.jar.set(COOKIE, { value: foreign, options: {} })
    expect(await currentActor()).toBeNull()
  })

  test('from before a sign-in is worth nothing after it', async () => {
    const planted = await openSession(person, null)
    request.jar.set(COOKIE, { value: await sealSession(planted), options: {} })
    await signInWithPassword('ada@example.com', PASSWORD)
    expect(await actorOfSession(planted)).toBeUndefined()
    expect(await currentActor()).not.toBeNull()
  })

  test('is taken back at a sign-out, and a copy of it is dead', async () => {
    await signInWithPassword('ada@example.com', PASSWORD)
    const copy = request.jar.get(COOKIE)
    await signOut()
    expect(request.jar.has(COOKIE)).toBe(false)
    if (copy) request.jar.set(COOKIE, copy)
    expect(await currentActor()).toBeNull()
  })

  test('is not set for a wrong password, and the client counts by its address', async () => {
    expect(await signInWithPassword('ada@example.com', 'wrong')).toBeUndefined()
    expect(request.jar.size).toBe(0)
    request.headers.set('x-forwarded-for', '2001:db8:0:1::1')
    for (let i = 0; i < 20; i += 1) {
      request.headers.set('x-forwarded-for', `2001:db8:0:1::${i + 1}`)
      await signInWithPassword(`spray${i}@example.com`, 'wrong')
    }
    request.headers.set('x-forwarded-for', '2001:db8:0:1:ffff::1')
    await expect(signInWithPassword('ada@example.com', PASSWORD)).rejects.toMatchObject({ status: 429 })
  })
})

describe('what is asked for', () => {
  test('nobody is told to sign in, the wrong role which role may', async () => {
    await expect(requireActor('metrics:read')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' })
    await signInWithPassword('ada@example.com', PASSWORD)
    expect((await requireActor('metrics:read')).userId).toBe(person.id)
    await expect(requireActor('rows:export')).rejects.toMatchObject({ status: 403, parameter: 'rows:export' })
  })

  test('a revocation and a change of role hold from the next request on', async () => {
    await signInWithPassword('ada@example.com', PASSWORD)
    await requireActor('metrics:read')
    await revokeSessions('ada@example.com')
    await expect(requireActor('metrics:read')).rejects.toMatchObject({ status: 401 })
    await signInWithPassword('ada@example.com', PASSWORD)
    await changeAccount('ada@example.com', { roles: ['receiver'] })
    await expect(requireActor('metrics:read')).rejects.toMatchObject({ status: 401 })
  })
})

describe('the API', () => {
  const ask = (authorization?: string) =>
    actorFromRequest(new Request('http://here/api/v1/query', authorization ? { headers: { authorization } } : {}))

  test('takes a session or a key that may read, and says what is missing', async () => {
    await expect(ask()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' })
    await signInWithPassword('ada@example.com', PASSWORD)
    expect(await ask()).toMatchObject({ kind: 'person' })
    const reader = await createKey({ scopes: ['metrics:read'], sources: ['/*'], name: 'a report' })
    expect(await ask(`bearer ${reader.key}`)).toMatchObject({
      kind: 'key',
      userId: reader.id,
      name: 'a report',
      permissions: new Set(['glossary:read', 'metrics:read', 'rows:read', 'rows:export']),
    })
    const writer = await createKey({ scopes: ['events:write'], sources: ['/*'] })
    await expect(ask(`Bearer ${writer.key}`)).rejects.toMatchObject({ status: 403, code: 'key_scope' })
    await revokeKey(reader.id)
    await expect(ask(`Bearer ${reader.key}`)).rejects.toMatchObject({ status: 401, code: 'key_unknown' })
  })

  test('a key that does not hold is refused, even from a browser that is signed in', async () => {
    await signInWithPassword('ada@example.com', PASSWORD)
    for (const wrong of ['Bearer', 'Bearer x', 'Basic YTpi', `Bearer rk_live_AAAAAAAA_${'A'.repeat(43)}`]) {
      await expect(ask(wrong)).rejects.toMatchObject({ status: 401 })
    }
  })
})
