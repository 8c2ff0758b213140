import { describe, expect, test } from 'vitest'
import {
  changeAccount,
  checkSignIn,
  createAccount,
  createSetupToken,
  revokeSessions,
  useSetupToken as takeSetupToken,
} from '../../lib/auth/accounts'
import { DEMO_ACCOUNTS, DEMO_PASSWORD, ensureDemoAccounts } from '../../lib/auth/demo'
import { actorOfSession, closeSession, openSession } from '../../lib/auth/sessions'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'

await freshDatabases()

const PASSWORD = 'correct horse battery'
const person = await createAccount({
  email: 'Ada@example.com',
  name: 'Ada',
  password: PASSWORD,
  roles: ['merchandiser'],
})
const minutes = (n: number) => new Date(Date.now() + n * 60_000)

describe('signing in', () => {
  test('takes the address in any case, and only with its own password', async () => {
    expect((await checkSignIn('ADA@example.com ', PASSWORD, '1.1.1.1'))?.id).toBe(person.id)
    expect(await checkSignIn('ada@example.com', 'wrong', '1.1.1.1')).toBeUndefined()
    expect(await checkSignIn('nobody@example.com', PASSWORD, '1.1.1.1')).toBeUndefined()
  })

  test('slows down after five failures, whoever asks, and recovers by itself', async () => {
    await createAccount({ email: 'bob@example.com', name: 'Bob', password: PASSWORD, roles: [] })
    for (let i = 0; i < 5; i += 1) await checkSignIn('bob@example.com', `wrong ${i}`, `2.2.2.${i}`)
    await expect(checkSignIn('bob@example.com', PASSWORD, '3.3.3.3')).rejects.toMatchObject({ status: 429 })
    expect(await checkSignIn('bob@example.com', PASSWORD, '3.3.3.3', minutes(16))).toBeDefined()
  })

  test('refuses short passwords, unknown roles and a second account of one address', async () => {
    await expect(
      createAccount({ email: 'c@example.com', name: 'C', password: 'short', roles: [] }),
    ).rejects.toMatchObject({ code: 'password_length' })
    await expect(createAccount({ email: 'c@example.com', name: 'C', roles: ['king'] })).rejects.toMatchObject({
      code: 'role_unknown',
    })
    await expect(createAccount({ email: 'ada@EXAMPLE.com', name: 'A', roles: [] })).rejects.toMatchObject({
      code: 'email_taken',
    })
  })
})

describe('a session', () => {
  test('ends when it is closed, idle, old, revoked, or the account changes', async () => {
    const closed = await openSession(person, null)
    expect((await actorOfSession(closed))?.permissions.has('rows:export')).toBe(true)
    await closeSession(closed)
    expect(await actorOfSession(closed)).toBeUndefined()

    const idle = await openSession(person, null)
    expect(await actorOfSession(idle, minutes(29))).toBeDefined()
    expect(await actorOfSession(idle, minutes(29 + 31))).toBeUndefined()

    const old = await openSession(person, null)
    for (let at = 25; at < 12 * 60; at += 25) expect(await actorOfSession(old, minutes(at))).toBeDefined()
    expect(await actorOfSession(old, minutes(12 * 60 + 1))).toBeUndefined()

    const revoked = await openSession(person, null)
    await revokeSessions('ada@example.com')
    expect(await actorOfSession(revoked)).toBeUndefined()

    const before = await openSession(person, null)
    const changed = await changeAccount('ada@example.com', { roles: ['exec_viewer'] })
    expect(await actorOfSession(before)).toBeUndefined()
    const after = await openSession(changed, null)
    expect((await actorOfSession(after))?.permissions.has('rows:export')).toBe(false)
    await changeAccount('ada@example.com', { active: false })
    expect(await actorOfSession(after)).toBeUndefined()
  })
})

test('demo accounts exist and work in demo mode only', async () => {
  await ensureDemoAccounts()
  const [first] = DEMO_ACCOUNTS
  const dana = await checkSignIn(first?.email ?? '', DEMO_PASSWORD, '4.4.4.4')
  expect(dana).toBeDefined()
  const session = await openSession(dana ?? person, null)
  process.env.BACKHAUL_DEMO = '0'
  rereadEnv()
  expect(await checkSignIn(first?.email ?? '', DEMO_PASSWORD, '4.4.4.4')).toBeUndefined()
  expect(await actorOfSession(session)).toBeUndefined()
  delete process.env.BACKHAUL_DEMO
  rereadEnv()
})

test('a setup token makes one administrator, once, within a quarter of an hour', async () => {
  const token = await createSetupToken()
  const admin = { email: 'root@example.com', name: 'Root', password: PASSWORD }
  await expect(takeSetupToken(token, admin, minutes(16))).rejects.toMatchObject({ code: 'setup_token' })
  expect((await takeSetupToken(token, admin)).roles).toContain('user_admin')
  await expect(takeSetupToken(token, { ...admin, email: 'two@example.com' })).rejects.toMatchObject({
    code: 'setup_token',
  })
})
