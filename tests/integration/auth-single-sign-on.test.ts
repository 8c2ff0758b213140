import { createServer, type ServerResponse } from 'node:http'
import NextAuth from 'next-auth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeAccount, createAccount, findAccount } from '../../lib/auth/accounts'
import { unsealSession } from '../../lib/auth/cookie'
import { ensureDemoAccounts } from '../../lib/auth/demo'
import { authOptions } from '../../lib/auth/options'
import { actorOfSession, openSession } from '../../lib/auth/sessions'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'
import { bodyOf, CLIENT, startIdentityProvider } from '../setup/identity-provider'

process.env.BACKHAUL_LOG = 'silent'
await freshDatabases()
const provider = await startIdentityProvider()
const COOKIE = 'backhaul.session'
const PASSWORD = 'correct horse battery'

/** The route of next-auth on a port of its own: what app/api/auth does, without the pages around it. */
const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://here')
  const body = Object.fromEntries(new URLSearchParams(await bodyOf(request)))
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? '').split('; ').map((each) => {
      const [name = '', value = ''] = each.split(/=(.*)/s)
      return [name, decodeURIComponent(value)]
    }),
  )
  const query = { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split('/').slice(3) }
  const options = authOptions({
    userAgent: 'test',
    session: cookies[COOKIE] ? await unsealSession(cookies[COOKIE]) : undefined,
  })
  const handler: (request: object, response: object) => Promise<void> = NextAuth(options)
  await handler(Object.assign(request, { query, cookies, body }), withWords(response))
})

function withWords(response: ServerResponse): ServerResponse {
  return Object.assign(response, {
    status: (code: number) => {
      response.statusCode = code
      return response
    },
    json: (value: object) => response.end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === 'string' ? value : JSON.stringify(value ?? {})),
  })
}

let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  Object.assign(process.env, {
    BACKHAUL_URL: base,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
  })
  rereadEnv()
})
afterAll(async () => {
  server.close()
  await provider.stop()
})

/** A browser as far as cookies and redirects go. */
function browser() {
  const jar = new Map<string, string>()
  const go = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const csrf = async () => ((await (await go(`${base}/api/auth/csrf`)).json()) as { csrfToken: string }).csrfToken
  const post = async (path: string, fields: Record<string, string>) =>
    go(base + path, { method: 'POST', body: new URLSearchParams({ csrfToken: await csrf(), ...fields }) })
  return {
    jar,
    go,
    post,
    session: async () => {
      const sealed = jar.get(COOKIE)
      return sealed ? await unsealSession(decodeURIComponent(sealed)) : undefined
    },
    /** Through the provider and back; answers where the browser ends. */
    signIn: async (callbackUrl = '/') => {
      const out = await post('/api/auth/signin/oidc', { callbackUrl })
      const back = await go(out.headers.get('location') ?? '')
      const home = await go(back.headers.get('location') ?? '')
      return home.headers.get('location')
    },
  }
}

describe('single sign-on', () => {
  test('somebody new with a verified address gets an account without roles, and the same one the next time', async () => {
    provider.setPerson({ sub: 'u1', email: 'New@Example.com', email_verified: true, name: 'Nia New' })
    const first = browser()
    expect(await first.signIn('/rows')).toBe(`${base}/rows`)
    const made = await findAccount('new@example.com')
    expect(made).toMatchObject({
      name: 'Nia New',
      roles: [],
      oidcSubject: 'u1',
      oidcIssuer: provider.issuer,
      passwordHash: null,
    })
    const actor = await actorOfSession((await first.session()) ?? '')
    expect(actor).toMatchObject({ userId: made?.id, permissions: new Set() })
    await changeAccount('new@example.com', { roles: ['controller'] })
    // The address changes hands at the provider; the person stays who they are.
    provider.setPerson({ sub: 'u1', email: 'married@example.com', email_verified: true })
    const again = browser()
    await again.signIn()
    expect((await actorOfSession((await again.session()) ?? ''))?.userId).toBe(made?.id)
    expect(await findAccount('married@example.com')).toBeUndefined()
  })

  test('an account that was made here is bound by its verified address, and sessions from before end', async () => {
    const ada = await createAccount({ email: 'ada@example.com', name: 'Ada', password: PASSWORD, roles: ['auditor'] })
    const before = await openSession(ada, null)
    provider.setPerson({ sub: 'u2', email: 'ADA@example.com', email_verified: true })
    const here = browser()
    await here.signIn()
    expect(await actorOfSession((await here.session()) ?? '')).toMatchObject({ userId: ada.id, roles: ['auditor'] })
    expect(await actorOfSession(before)).toBeUndefined()
  })

  test.each([
    ['an address that the provider has not verified', { sub: 'u3', email: 'ada@example.com', email_verified: false }],
    ['an address whose verification it does not tell', { sub: 'u3', email: 'eve@example.com' }],
    ['no address', { sub: 'u3' }],
    [
      'the address of somebody who is bound to another identity',
      { sub: 'u4', email: 'ada@example.com', email_verified: true },
    ],
    ['a demo account', { sub: 'u5', email: 'dana@demo.example', email_verified: true }],
  ])('%s does not come in', async (_, person) => {
    await ensureDemoAccounts()
    provider.setPerson(person)
    const here = browser()
    expect(await here.signIn()).toMatch(/\/login\?error=AccessDenied$|error=AccessDenied/)
    expect(await here.session()).toBeUndefined()
    expect(await findAccount('eve@example.com')).toBeUndefined()
  })

  test('an account that is switched off does not come in', async () => {
    await changeAccount('ada@example.com', { active: false })
    provider.setPerson({ sub: 'u2', email: 'ada@example.com', email_verified: true })
    const here = browser()
    expect(await here.signIn()).toContain('error=AccessDenied')
    expect(await here.session()).toBeUndefined()
  })

  test('two first visits at once make one account', async () => {
    provider.setPerson({ sub: 'u6', email: 'twice@example.com', email_verified: true })
    const [left, right] = [browser(), browser()]
    await Promise.all([left.signIn(), right.signIn()])
    const ids = await Promise.all(
      [left, right].map(async (each) => (await actorOfSession((await each.session()) ?? ''))?.userId),
    )
    expect(ids[0]).toBeDefined()
    expect(ids[0]).toBe(ids[1])
  })

  test('an answer of the provider without this browser’s state is refused', async () => {
    provider.setPerson({ sub: 'u7', email: 'victim@example.com', email_verified: true })
    const attacker = browser()
    const out = await attacker.post('/api/auth/signin/oidc', { callbackUrl: '/' })
    const back = await attacker.go(out.headers.get('location') ?? '')
    const victim = browser()
    const home = await victim.go(back.headers.get('location') ?? '')
    expect(home.headers.get('location')).toContain('error=')
    expect(await victim.session()).toBeUndefined()
    expect(await findAccount('victim@example.com')).toBeUndefined()
  })
})

describe('next-auth, as it is set up', () => {
  const person = { email: 'carl@example.com', password: PASSWORD }
  beforeAll(async () => {
    await createAccount({ ...person, name: 'Carl', roles: ['controller'] })
  })

  test('takes a password of ours, tells scripts who it is and no more, and ends the session on the server', async () => {
    const here = browser()
    const done = await here.post('/api/auth/callback/credentials', { ...person, callbackUrl: '/rows' })
    expect(done.headers.get('location')).toBe(`${base}/rows`)
    const sid = (await here.session()) ?? ''
    const told = await (await here.go(`${base}/api/auth/session`)).json()
    expect(told).toEqual({ expires: expect.any(String), user: { name: 'Carl', email: 'carl@example.com' } })
    const stolen = here.jar.get(COOKIE) ?? ''
    await here.post('/api/auth/signout', {})
    expect(here.jar.has(COOKIE)).toBe(false)
    expect(await actorOfSession(sid)).toBeUndefined()
    here.jar.set(COOKIE, stolen)
    expect(await (await here.go(`${base}/api/auth/session`)).json()).toEqual({})
    expect(here.jar.has(COOKIE)).toBe(false)
  })

  test('refuses a wrong password, and one without the token against forged forms', async () => {
    const here = browser()
    const wrong = await here.post('/api/auth/callback/credentials', { ...person, password: 'wrong' })
    expect(wrong.headers.get('location')).toContain('error=CredentialsSignin')
    expect(await here.session()).toBeUndefined()
    const forged = await here.go(`${base}/api/auth/callback/credentials`, {
      method: 'POST',
      body: new URLSearchParams(person),
    })
    expect(forged.headers.get('location') ?? '').toContain('csrf=true')
    expect(await here.session()).toBeUndefined()
  })

  test('a sign-in ends the earlier session of the same browser', async () => {
    const here = browser()
    await here.post('/api/auth/callback/credentials', person)
    const first = (await here.session()) ?? ''
    await here.post('/api/auth/callback/credentials', person)
    expect(await actorOfSession(first)).toBeUndefined()
    expect(await actorOfSession((await here.session()) ?? '')).toBeDefined()
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s after signing in',
    async (callbackUrl) => {
      const done = await browser().post('/api/auth/callback/credentials', { ...person, callbackUrl })
      expect(done.headers.get('location')).toBe(`${base}/`)
    },
  )
})
