import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { changeAccount, createAccount, revokeSessions } from '../../lib/auth/accounts'
import { permissionsOf } from '../../lib/auth/permissions'
import { actorOfSession, closeSession, openSession } from '../../lib/auth/sessions'
import { db } from '../../lib/db/client'
import { account, session } from '../../lib/db/schema/accounts'
import { freshDatabases } from '../setup/databases'

await freshDatabases()

const minutes = (n: number) => new Date(Date.now() + n * 60_000)
let made = 0
const somebody = () => {
  made += 1
  return createAccount({
    email: `s${made}@example.com`,
    name: 'Sam Somebody',
    roles: ['merchandiser', 'receiver'],
    scope: { entities: null, facilities: ['venlo'], channels: ['dtc', 'amazon'] },
    tz: 'Europe/Warsaw',
  })
}

test('a session answers who somebody is, what they may do and which rows they see', async () => {
  const person = await somebody()
  const actor = await actorOfSession(await openSession(person, 'a browser'))
  expect(actor).toEqual({
    kind: 'person',
    userId: person.id,
    name: 'Sam Somebody',
    email: person.email,
    roles: ['merchandiser', 'receiver'],
    permissions: permissionsOf(['merchandiser', 'receiver']),
    scope: { entities: null, facilities: ['venlo'], channels: ['dtc', 'amazon'] },
    tz: 'Europe/Warsaw',
  })
})

test('an id that nobody was given is nobody', async () => {
  expect(await actorOfSession('')).toBeUndefined()
  expect(await actorOfSession('0'.repeat(32))).toBeUndefined()
})

test('one sign-out ends one session', async () => {
  const person = await somebody()
  const [here, there] = [await openSession(person, null), await openSession(person, null)]
  await closeSession(here)
  expect(await actorOfSession(here)).toBeUndefined()
  expect(await actorOfSession(there)).toBeDefined()
})

test('half an hour without a request ends it, and a request within renews it', async () => {
  const idle = await openSession(await somebody(), null)
  expect(await actorOfSession(idle, minutes(29))).toBeDefined()
  expect(await actorOfSession(idle, minutes(29 + 29))).toBeDefined()
  expect(await actorOfSession(idle, minutes(29 + 29 + 31))).toBeUndefined()
})

test('what a page asks by itself does not keep an abandoned screen signed in', async () => {
  const idle = await openSession(await somebody(), null)
  for (let at = 1; at < 30; at += 1) expect(await actorOfSession(idle, minutes(at), { passive: true })).toBeDefined()
  expect(await actorOfSession(idle, minutes(30.1), { passive: true })).toBeUndefined()
})

test('twelve hours end it, however busy', async () => {
  const busy = await openSession(await somebody(), null)
  for (let at = 25; at < 12 * 60; at += 25) expect(await actorOfSession(busy, minutes(at))).toBeDefined()
  expect(await actorOfSession(busy, minutes(12 * 60 + 1))).toBeUndefined()
})

test('revoking ends all sessions of a person with the next request, and of nobody else', async () => {
  const [person, other] = [await somebody(), await somebody()]
  const sessions = [await openSession(person, null), await openSession(person, null)]
  const others = await openSession(other, null)
  expect(await revokeSessions(person.email.toUpperCase())).toBe(2)
  for (const each of sessions) expect(await actorOfSession(each)).toBeUndefined()
  expect(await actorOfSession(others)).toBeDefined()
  expect(await revokeSessions(person.email)).toBe(0)
  await expect(revokeSessions('nobody@example.com')).rejects.toMatchObject({ code: 'account_unknown' })
})

type Change = Parameters<typeof changeAccount>[1]

test.each<[string, Change]>([
  ['roles', { roles: ['exec_viewer'] }],
  ['rows', { scope: { entities: [], facilities: null } }],
  ['password', { password: 'another horse battery' }],
  ['being switched off', { active: false }],
])('a change of %s ends the sessions from before it', async (_, change) => {
  const person = await somebody()
  const before = await openSession(person, null)
  const changed = await changeAccount(person.email, change)
  expect(await actorOfSession(before)).toBeUndefined()
  const after = await actorOfSession(await openSession(changed, null))
  if (change.active === false) expect(after).toBeUndefined()
  else expect(after?.scope).toEqual({ ...person.scope, ...change.scope })
})

test('a role that this version does not know gives nothing', async () => {
  const person = await somebody()
  await db()
    .update(account)
    .set({ roles: ['receiver', 'emperor'] })
    .where(eq(account.id, person.id))
  const actor = await actorOfSession(await openSession(person, null))
  expect(actor?.roles).toEqual(['receiver'])
  expect(actor?.permissions.has('users:manage')).toBe(false)
})

test('sessions older than ninety days are forgotten', async () => {
  const person = await somebody()
  const old = await openSession(person, null, minutes(-91 * 24 * 60))
  await openSession(person, null)
  expect(await db().select().from(session).where(eq(session.id, old))).toEqual([])
})
