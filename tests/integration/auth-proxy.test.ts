import { NextRequest } from 'next/server'
import { afterEach, describe, expect, test } from 'vitest'
import { rereadEnv } from '../../lib/env'
import { config, proxy } from '../../proxy'

const BASE = 'http://localhost:3000'
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  proxy(new NextRequest(BASE + path, { headers, method }))
const SIGNED_IN = { cookie: 'backhaul.session=whatever' }
/** What the page behind sees instead of what was sent. */
const passedOn = (response: Response, name: string) => response.headers.get(`x-middleware-request-${name}`)
const policyOf = (response: Response): Record<string, string> =>
  Object.fromEntries(
    (response.headers.get('content-security-policy') ?? '').split('; ').map((each) => {
      const [name = '', ...rest] = each.split(' ')
      return [name, rest.join(' ')]
    }),
  )

afterEach(() => {
  delete process.env.BACKHAUL_URL
  rereadEnv()
})

describe('headers', () => {
  test.each(['/login', '/', '/api/v1/query', '/rows'])('are on every answer: %s', (path) => {
    const { headers } = ask(path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.has('strict-transport-security')).toBe(false)
  })

  test('a page may run its own scripts only, by a nonce that no other request has', () => {
    const [one, two] = [ask('/', SIGNED_IN), ask('/', SIGNED_IN)]
    const nonce = passedOn(one, 'x-nonce')
    expect(nonce).toBeTruthy()
    expect(passedOn(two, 'x-nonce')).not.toBe(nonce)
    expect(passedOn(one, 'content-security-policy')).toBe(one.headers.get('content-security-policy'))
    expect(policyOf(one)).toEqual({
      'default-src': "'none'",
      'script-src': `'nonce-${nonce}' 'strict-dynamic'`,
      'style-src': `'self' 'nonce-${nonce}'`,
      'style-src-attr': "'unsafe-inline'",
      'img-src': "'self' data: blob:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'manifest-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'object-src': "'none'",
      'frame-ancestors': "'none'",
    })
  })

  test('with a public https address browsers are told to stay with it, and the address is ours, not the sender’s', () => {
    process.env.BACKHAUL_URL = 'https://returns.example.com'
    rereadEnv()
    const response = ask('/login', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' })
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    expect(passedOn(response, 'x-forwarded-host')).toBe('returns.example.com')
    expect(passedOn(response, 'x-forwarded-proto')).toBe('https')
  })

  test('a header that made older versions skip this file is dropped', () => {
    const response = ask('/', { ...SIGNED_IN, 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' })
    expect(response.headers.get('x-middleware-override-headers')).not.toContain('x-middleware-subrequest')
    expect(passedOn(response, 'x-middleware-subrequest')).toBeNull()
  })
})

describe('routes', () => {
  const target = (response: Response) => {
    const location = response.headers.get('location')
    return location === null ? undefined : location.replace(BASE, '')
  }

  test('who carries no session goes to the login and comes back', () => {
    expect(target(ask('/'))).toBe('/login')
    expect(target(ask('/rows?metric=a&filter=b%3Aeq%3Ac'))).toBe(
      '/login?callbackUrl=%2Frows%3Fmetric%3Da%26filter%3Db%253Aeq%253Ac',
    )
    expect(target(ask('/loginx'))).toBe('/login?callbackUrl=%2Floginx')
    expect(target(ask('/rows', { 'sec-fetch-dest': 'empty', rsc: '1' }))).toContain('/login')
  })

  test('the login, the API, and whoever carries a session go on', () => {
    for (const path of ['/login', '/login/setup?token=x', '/api/health', '/api/auth/csrf', '/api/v1/query']) {
      expect(target(ask(path))).toBeUndefined()
    }
    expect(target(ask('/rows', SIGNED_IN))).toBeUndefined()
    expect(target(ask('/rows', { cookie: '__Host-backhaul.session=whatever' }))).toBeUndefined()
  })

  test('a script that asks for data, and a form, get the refusal of whoever answers them', () => {
    expect(target(ask('/live', { 'sec-fetch-dest': 'empty' }))).toBeUndefined()
    expect(target(ask('/logout', {}, 'POST'))).toBeUndefined()
  })

  test('only what the build made is left out', () => {
    const pattern = new RegExp(`^${config.matcher[0]}$`)
    const dressed = ['/', '/rows', '/api/v1/query', '/_next/data/x.json', '/rows.rsc', '/favicon.ico', '/_next/image']
    for (const path of dressed) expect(path).toMatch(pattern)
    // Asked for by habit: what answers is our page that says there is nothing, in our headers.
    for (const path of ['/favicon.ico', '/_next/image']) expect(target(ask(path))).toBeUndefined()
    for (const path of ['/_next/static/chunks/a.js', '/icon.svg']) expect(path).not.toMatch(pattern)
  })
})
