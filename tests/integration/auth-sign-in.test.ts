import { hash, verify } from '@node-rs/argon2'
import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { changeAccount, createAccount, findAccount, listAccounts } from '../../lib/auth/accounts'
import { DEMO_ACCOUNTS, DEMO_PASSWORD, ensureDemoAccounts, offeredDemoAccounts } from '../../lib/auth/demo'
import { createSetupToken, spendSetupToken } from '../../lib/auth/first-administrator'
import { hashPassword, NOBODY } from '../../lib/auth/passwords'
import { ROLE_NAMES } from '../../lib/auth/permissions'
import { actorOfSession, openSession } from '../../lib/auth/sessions'
import { checkSignIn } from '../../lib/auth/sign-in'
import { db } from '../../lib/db/client'
import { account, signInFailure } from '../../lib/db/schema/accounts'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'

// Modules are loaded anew for this file, and for the next one: they are shared otherwise.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())
// The real one, watched.
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

// Hundreds of refusals are the point of this file, not news.
process.env.BACKHAUL_LOG = 'silent'
await freshDatabases()

const PASSWORD = 'correct horse battery'
const minutes = (n: number) => new Date(Date.now() + n * 60_000)
let made = 0
/** Somebody new, so that no test counts the failures of another. */
const somebody = async () => {
  made += 1
  return createAccount({
    email: `p${made}@example.com`,
    name: `P ${made}`,
    password: PASSWORD,
    roles: ['merchandiser'],
  })
}
const settled = (results: PromiseSettledResult<unknown>[], code: string) =>
  results.filter((each) => each.status === 'rejected' && (each.reason as { code?: string }).code === code).length

describe('signing in', () => {
  test('takes the address in any case, and only with its own password', async () => {
    const ada = await createAccount({ email: 'Ada@example.com', name: 'Ada', password: PASSWORD, roles: [] })
    expect((await checkSignIn('ADA@example.com ', PASSWORD, '1.1.1.1'))?.id).toBe(ada.id)
    expect(await checkSignIn('ada@example.com', 'wrong', '1.1.1.1')).toBeUndefined()
    expect(await checkSignIn('ada@example.com', '', '1.1.1.1')).toBeUndefined()
    expect(await checkSignIn('nobody@example.com', PASSWORD, '1.1.1.1')).toBeUndefined()
  })

  test('does the same work for whoever cannot be there: the answer takes as long', async () => {
    const { email } = await somebody()
    const off = await somebody()
    await changeAccount(off.email, { active: false })
    for (const [address, against] of [
      [email, expect.not.stringContaining(NOBODY)],
      ['nobody.at.all@example.com', NOBODY],
      [off.email, NOBODY],
    ] as const) {
      vi.mocked(verify).mockClear()
      await checkSignIn(address, 'wrong', '1.2.0.1')
      expect(vi.mocked(verify).mock.calls).toEqual([[against, 'wrong']])
    }
    const settings = NOBODY.split('$').slice(0, 4)
    expect((await hashPassword('the same settings')).split('$').slice(0, 4)).toEqual(settings)
  })

  test('an account without a password, or switched off, cannot be entered with any', async () => {
    await createAccount({ email: 'sso@example.com', name: 'Sso', roles: [] })
    expect(await checkSignIn('sso@example.com', '', '1.3.0.1')).toBeUndefined()
    const { email } = await somebody()
    await changeAccount(email, { active: false })
    expect(await checkSignIn(email, PASSWORD, '1.3.0.1')).toBeUndefined()
    await changeAccount(email, { active: true })
    expect(await checkSignIn(email, PASSWORD, '1.3.0.1')).toBeDefined()
  })

  test('a hash of older settings still fits, and is made again', async () => {
    const { email, id } = await somebody()
    await db()
      .update(account)
      .set({ passwordHash: await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 }) })
      .where(eq(account.id, id))
    expect(await checkSignIn(email, PASSWORD, '1.4.0.1')).toBeDefined()
    expect((await findAccount(email))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await checkSignIn(email, PASSWORD, '1.4.0.1')).toBeDefined()
  })
})

describe('limits', () => {
  test('after five failures of an account the sixth attempt waits, whoever makes it, and the account recovers by itself', async () => {
    const { email } = await somebody()
    for (let i = 0; i < 5; i += 1) expect(await checkSignIn(email, 'wrong', `2.1.0.${i}`)).toBeUndefined()
    await expect(checkSignIn(email, PASSWORD, '2.1.1.1')).rejects.toMatchObject({
      status: 429,
      code: 'too_many_attempts',
      message: expect.stringContaining('15 minutes'),
    })
    expect(await checkSignIn(email, PASSWORD, '2.1.1.1', minutes(15.1))).toBeDefined()
  })

  test('knocking while held back does not lengthen the wait', async () => {
    const { email } = await somebody()
    for (let i = 0; i < 5; i += 1) await checkSignIn(email, 'wrong', `2.2.0.${i}`)
    for (let at = 1; at < 15; at += 1) {
      await expect(checkSignIn(email, PASSWORD, '2.2.1.1', minutes(at))).rejects.toMatchObject({ status: 429 })
    }
    expect(await checkSignIn(email, PASSWORD, '2.2.1.1', minutes(15.1))).toBeDefined()
  })

  test('the same holds for an address that nobody has: the answer does not tell', async () => {
    for (let i = 0; i < 5; i += 1) await checkSignIn('ghost@example.com', 'wrong', `2.3.0.${i}`)
    await expect(checkSignIn('Ghost@example.com', 'wrong', '2.3.1.1')).rejects.toMatchObject({ status: 429 })
  })

  test('many attempts at once do not pass the limit together', async () => {
    const { email } = await somebody()
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, i) => checkSignIn(email, `wrong ${i}`, `2.4.0.${i}`)),
    )
    expect(results.filter((each) => each.status === 'fulfilled').length).toBeLessThanOrEqual(5)
    expect(settled(results, 'too_many_attempts')).toBeGreaterThanOrEqual(11)
  })

  test('a success forgives the failures before it', async () => {
    const { email } = await somebody()
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) await checkSignIn(email, 'wrong', `2.5.${round}.${i}`)
      expect(await checkSignIn(email, PASSWORD, '2.5.9.9')).toBeDefined()
    }
  })

  test('from one client twenty failures a minute, over all accounts', async () => {
    // All within the minute by the clock that counts, however long the hashing takes.
    const now = new Date()
    for (let i = 0; i < 20; i += 1) await checkSignIn(`spray${i}@example.com`, 'Summer2026!', '2.6.0.1', now)
    const { email } = await somebody()
    await expect(checkSignIn(email, PASSWORD, '2.6.0.1', now)).rejects.toMatchObject({ status: 429 })
    expect(await checkSignIn(email, PASSWORD, '2.6.0.2')).toBeDefined()
    expect(await checkSignIn(email, PASSWORD, '2.6.0.1', minutes(1.1))).toBeDefined()
  })

  test('whom the hashing queue turns away has not failed', async () => {
    const { email } = await somebody()
    const crowd = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => checkSignIn(`crowd${i}@example.com`, 'wrong', `2.7.0.${i}`)),
    )
    const turnedAway = settled(crowd, 'busy')
    const counted = await db().select().from(signInFailure).where(eq(signInFailure.subject, 'address:2.7.0.59'))
    expect(turnedAway + crowd.filter((each) => each.status === 'fulfilled').length).toBe(60)
    expect(counted.length).toBe(crowd[59]?.status === 'fulfilled' ? 1 : 0)
    expect(await checkSignIn(email, PASSWORD, '2.7.1.1')).toBeDefined()
  })
})

describe('accounts', () => {
  test('refuse weak passwords, unknown roles, addresses that are none, and a second account of one address', async () => {
    const given = { email: 'c@example.com', name: 'C', roles: [] as string[] }
    const refused = (change: object, code: string) =>
      expect(createAccount({ ...given, ...change })).rejects.toMatchObject({ code })
    await refused({ password: 'short' }, 'password_length')
    await refused({ password: 'password1234' }, 'password_guessable')
    await refused({ roles: ['king'] }, 'role_unknown')
    await refused({ email: 'a@b@c.de' }, 'email_invalid')
    await refused({ name: '  ' }, 'name_invalid')
    await createAccount(given)
    await refused({ email: 'C@EXAMPLE.com' }, 'email_taken')
  })

  test('a setup token makes one administrator, once, within a quarter of an hour, and survives a mistake', async () => {
    const token = await createSetupToken()
    const admin = { email: 'root@example.com', name: 'Root', password: PASSWORD }
    await expect(spendSetupToken(token, admin, minutes(15.1))).rejects.toMatchObject({ code: 'setup_token' })
    await expect(spendSetupToken(token, { ...admin, password: 'short' })).rejects.toMatchObject({
      code: 'password_length',
    })
    expect((await spendSetupToken(token, admin)).roles).toContain('user_admin')
    await expect(spendSetupToken(token, { ...admin, email: 'two@example.com' })).rejects.toMatchObject({ status: 403 })
    await expect(spendSetupToken('made up', { ...admin, email: 'two@example.com' })).rejects.toMatchObject({
      status: 403,
    })
  })

  test('of two who use a setup token at once, one becomes administrator', async () => {
    const token = await createSetupToken()
    const results = await Promise.allSettled(
      ['x@example.com', 'y@example.com'].map((email) =>
        spendSetupToken(token, { email, name: 'N', password: PASSWORD }),
      ),
    )
    expect(results.map((each) => each.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('demo accounts', () => {
  const inDemoMode = (value: string | undefined) => {
    if (value === undefined) delete process.env.BACKHAUL_DEMO
    else process.env.BACKHAUL_DEMO = value
    rereadEnv()
  }

  test('are not there by themselves, and are made for each role, each a person of their own', async () => {
    expect(await offeredDemoAccounts()).toEqual([])
    inDemoMode('0')
    await ensureDemoAccounts()
    expect((await listAccounts()).filter(({ demo }) => demo)).toEqual([])
    inDemoMode(undefined)
    await ensureDemoAccounts()
    await ensureDemoAccounts()
    expect(await offeredDemoAccounts()).toHaveLength(DEMO_ACCOUNTS.length)
    expect(new Set(DEMO_ACCOUNTS.flatMap(({ roles }) => roles))).toEqual(new Set(ROLE_NAMES))
    expect(new Set(DEMO_ACCOUNTS.map(({ email }) => email)).size).toBe(DEMO_ACCOUNTS.length)
    expect(DEMO_ACCOUNTS.every(({ roles }) => roles.length === 1)).toBe(true)
  })

  test('work in demo mode only, and a session from then ends with it', async () => {
    const manager = DEMO_ACCOUNTS.find(({ roles }) => roles.includes('warehouse_manager'))
    const person = await checkSignIn(manager?.email ?? '', DEMO_PASSWORD, '4.4.4.4')
    if (!person) throw new Error('the demo account cannot be entered')
    const session = await openSession(person, null)
    expect((await actorOfSession(session))?.scope).toEqual({ entities: null, facilities: ['lodz'], channels: null })
    inDemoMode('0')
    expect(await checkSignIn(manager?.email ?? '', DEMO_PASSWORD, '4.4.4.4')).toBeUndefined()
    expect(await actorOfSession(session)).toBeUndefined()
    expect(await offeredDemoAccounts()).toEqual([])
    inDemoMode(undefined)
    expect(await actorOfSession(session)).toBeDefined()
  })
})
