import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Account, accountById, changeAccount, createAccount, findAccount } from '../../lib/auth/accounts'
import { type Actor, can } from '../../lib/auth/actor'
import { createSetupToken, spendSetupToken } from '../../lib/auth/first-administrator'
import { actingAs } from '../../lib/auth/mitigations'
import { ROLE_NAMES, type RoleName } from '../../lib/auth/permissions'
import { conflictsOf, ROLE_CONFLICTS } from '../../lib/auth/segregation'
import { actorOf, actorOfSession, openSession, sessionsByAccount } from '../../lib/auth/sessions'
import { personOfLink, spendSetUpLink } from '../../lib/auth/set-up-links'
import { checkSignIn } from '../../lib/auth/sign-in'
import { pool, sqlState, withTransaction } from '../../lib/db/client'
import { account } from '../../lib/db/schema'
import { UserError } from '../../lib/errors'
import { execute } from '../../lib/workflow/execute'
import { makeSetUpLink } from '../../lib/workflow/people/link'
import { accountsView, accountView } from '../../lib/workflow/read/accounts'
import { segregationView } from '../../lib/workflow/read/segregation'
import { commandNamed } from '../../lib/workflow/registry'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const PASSWORD = 'a long walk to Venlo'
const DAY = 86_400_000

let n = 0
const person = (roles: readonly RoleName[], name = `person ${++n}`): Promise<Account> =>
  createAccount({ email: `${name.replaceAll(' ', '')}@test.example`, name, roles })

let priya: Actor
let una: Actor
let owner: Account
beforeAll(async () => {
  priya = actorOf(await person(['user_admin'], 'Priya'))
  una = actorOf(await person(['user_admin'], 'Una'))
  owner = await person(['controller'], 'Farah')
})

const run = async (name: string, input: unknown, by = priya): Promise<unknown> => {
  const found = commandNamed(name)
  if (!found) throw new Error(name)
  return (await execute(by, found, input)).result
}
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )
const dayIn = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
const review = (days = 30) => ({ owner: owner.email, until: dayIn(days), review: 'Every refund of theirs, weekly' })
const rolesOf = async (id: string) => (await accountById(id))?.roles
async function auditOf(id: string) {
  const { rows } = await pool().query<{ action: string; actor: string; reason: string; roles: string[]; diff: object }>(
    'SELECT action, actor, reason, roles, diff FROM audit_entry WHERE object_id = $1 ORDER BY seq',
    [id],
  )
  return rows
}

describe('a role is given', () => {
  it('with a reason, audited with who gave it, and it ends every session of the person at once', async () => {
    const jo = await person(['receiver'])
    const session = await openSession(jo, null)
    expect((await actorOfSession(session))?.roles).toEqual(['receiver'])
    expect((await sessionsByAccount()).get(jo.id)?.live).toBe(1)
    expect(await run('person.grant', { personId: jo.id, role: 'inspector', reason: 'holidays' })).toEqual({
      roles: ['receiver', 'inspector'],
    })
    expect(await actorOfSession(session)).toBeUndefined()
    expect((await sessionsByAccount()).get(jo.id)?.live).toBe(0)
    const [, changed] = await auditOf(jo.id)
    expect(changed).toMatchObject({
      ...{ action: 'account.changed', actor: priya.userId, reason: 'holidays', roles: ['user_admin'] },
      diff: { roles: [['receiver'], ['receiver', 'inspector']] },
    })
    expect(await run('person.take_away', { personId: jo.id, role: 'receiver', reason: 'over' })).toEqual({
      roles: ['inspector'],
    })
    expect(await code(run('person.take_away', { personId: jo.id, role: 'receiver', reason: 'over' }))).toBe(
      'nothing_changed',
    )
  })

  it('never to oneself: not by the command, not past it', async () => {
    expect(await code(run('person.grant', { personId: priya.userId, role: 'auditor', reason: 'me too' }))).toBe(
      'self_grant',
    )
    const mine = { personId: priya.userId, reason: 'my own wish' }
    const rows = { entities: null, facilities: null, channels: null }
    expect(await code(run('person.deactivate', mine))).toBe('self_grant')
    expect(await code(run('person.take_away', { ...mine, role: 'user_admin' }))).toBe('self_grant')
    expect(await code(run('person.scope', { ...mine, ...rows }))).toBe('self_grant')
    const past = withTransaction(async (tx) => {
      await actingAs(tx, { id: priya.userId })
      await tx
        .update(account)
        .set({ roles: ['user_admin', 'auditor'] })
        .where(eq(account.id, priya.userId))
    })
    await past.then(
      () => expect.unreachable(),
      (error: unknown) => expect(sqlState(error)).toBe('BH001'),
    )
    expect(await rolesOf(priya.userId)).toEqual(['user_admin'])
    // Somebody else may.
    expect(
      await run('person.grant', { personId: priya.userId, role: 'auditor', reason: 'stands in' }, una),
    ).toMatchObject({
      roles: ['user_admin', 'auditor'],
    })
  })

  it('by nobody without the permission, and the attempt is written down', async () => {
    const jo = await person(['receiver'])
    const hugo = somebody('hugo', ['compliance_officer'])
    expect(await code(run('person.grant', { personId: jo.id, role: 'inspector', reason: 'why not' }, hugo))).toBe(
      'forbidden',
    )
    const { rows } = await pool().query("SELECT code FROM refusal WHERE actor = $1 AND command = 'person.grant'", [
      hugo.userId,
    ])
    expect(rows).toEqual([{ code: 'forbidden' }])
  })
})

describe('roles that exclude each other', () => {
  it.each(ROLE_CONFLICTS.map(([a, b]) => [a, b] as const))('%s and %s', async (a, b) => {
    for (const [has, gets] of [
      [a, b],
      [b, a],
    ] as const) {
      const one = await person([has])
      await expect(
        run('person.grant', { personId: one.id, role: gets, reason: 'short of people' }),
      ).rejects.toMatchObject({
        code: 'duties_conflict',
        message: expect.stringMatching(/exclude each other: nobody may both/),
      })
      expect(await rolesOf(one.id)).toEqual([has])
    }
    // The database refuses it by itself, and so does making somebody with both.
    const raw = pool().query(
      `INSERT INTO account (email, name, roles, scope) VALUES ('x${++n}@test.example', 'X', $1, '{"entities":null,"facilities":null,"channels":null}')`,
      [[a, b]],
    )
    await raw.then(
      () => expect.unreachable(),
      (error: unknown) => expect(sqlState(error)).toBe('BH001'),
    )
    expect(await code(person([a, b]))).toBe('duties_conflict')
  })

  it('in the database are those of the code', async () => {
    const { rows } = await pool().query('SELECT first, second FROM role_conflict')
    expect(rows.map(({ first, second }) => `${first} ${second}`).toSorted()).toEqual(
      ROLE_CONFLICTS.map((pair) => pair.join(' ')).toSorted(),
    )
    const order = (role: RoleName) => ROLE_NAMES.indexOf(role)
    for (const [a, b] of ROLE_CONFLICTS) expect(order(a)).toBeLessThan(order(b))
  })

  it('are weighed over all that somebody holds, however one by one it was given', async () => {
    const one = await person(['merchandiser'])
    await run('person.grant', { personId: one.id, role: 'receiver', reason: 'dock' })
    await run('person.grant', { personId: one.id, role: 'inspector', reason: 'bench' })
    expect(
      await code(run('person.grant', { personId: one.id, role: 'refund_approver_l1', reason: 'and refunds' })),
    ).toBe('duties_conflict')
    // The command line goes the same way.
    expect(await code(changeAccount(one.email, { roles: ['receiver', 'refund_approver_l1'] }))).toBe('duties_conflict')
  })

  it('two administrators at the same moment do not put them together', async () => {
    const one = await person([])
    const answers = await Promise.all([
      code(run('person.grant', { personId: one.id, role: 'cs_agent', reason: 'desk' })),
      code(run('person.grant', { personId: one.id, role: 'refund_approver_l1', reason: 'refunds' }, una)),
    ])
    expect(conflictsOf((await rolesOf(one.id)) ?? [])).toEqual([])
    expect(answers.filter((each) => each === 'done').length).toBeGreaterThan(0)
  })
})

describe('a review by somebody else', () => {
  const given = (days?: number) => ({
    role: 'refund_approver_l1',
    reason: 'two people short',
    mitigation: review(days),
  })

  it('allows them for a time, and is in the audit log', async () => {
    const one = await person(['cs_agent'])
    expect(await run('person.grant', { personId: one.id, ...given() })).toMatchObject({
      roles: ['cs_agent', 'refund_approver_l1'],
    })
    const { rows } = await pool().query('SELECT * FROM duty_mitigation WHERE account_id = $1', [one.id])
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      ...{ first: 'cs_agent', second: 'refund_approver_l1', granted: 'refund_approver_l1', owner_id: owner.id },
      made_by: priya.userId,
    })
    expect(await auditOf(rows[0].id)).toMatchObject([{ action: 'duty_mitigation.created', actor: priya.userId }])
    await expect(pool().query('UPDATE duty_mitigation SET until = until')).rejects.toMatchObject({ code: 'BH001' })
  })

  it('is not the person’s own, has an end within 90 days, and says what is looked at', async () => {
    const one = await person(['cs_agent'])
    const wrong = async (change: object) =>
      code(run('person.grant', { personId: one.id, ...given(), mitigation: { ...review(), ...change } }))
    expect(await wrong({ owner: one.email })).toBe('mitigation_owner')
    expect(await wrong({ owner: 'nobody@test.example' })).toBe('mitigation_owner')
    expect(await wrong({ until: dayIn(91) })).toBe('mitigation_until')
    expect(await wrong({ until: dayIn(-1) })).toBe('mitigation_until')
    expect(await wrong({ review: ' ' })).toBe('invalid_input')
    await changeAccount(owner.email, { active: false })
    expect(await wrong({})).toBe('mitigation_owner')
    await changeAccount(owner.email, { active: true })
    expect(await rolesOf(one.id)).toEqual(['cs_agent'])
    expect(await wrong({ until: dayIn(89) })).toBe('done')
  })

  it('that has run out takes the role with it at that moment, and a renewal brings it back', async () => {
    const one = await person(['cs_agent'])
    await run('person.grant', { personId: one.id, ...given(10) })
    const now = await accountById(one.id)
    if (!now) throw new Error('gone')
    const at = async (days: number) => {
      const then = new Date(Date.now() + days * DAY)
      const actor = await actorOfSession(await openSession(now, null, then), then)
      return { roles: actor?.roles, decides: actor ? can(actor, 'approvals:decide') : null }
    }
    expect(await at(1)).toEqual({ roles: ['cs_agent', 'refund_approver_l1'], decides: true })
    // A session that was open meanwhile loses it too: roles are looked up at every request.
    expect(await at(12)).toEqual({ roles: ['cs_agent'], decides: false })
    const again = {
      personId: one.id,
      first: 'refund_approver_l1',
      second: 'cs_agent',
      reason: 'still short',
      ...review(40),
    }
    expect(await run('person.review_roles', again)).toMatchObject({ until: expect.stringContaining(again.until) })
    expect(await at(12)).toEqual({ roles: ['cs_agent', 'refund_approver_l1'], decides: true })
    expect(await at(42)).toEqual({ roles: ['cs_agent'], decides: false })
    expect(await code(run('person.review_roles', { ...again, second: 'auditor' }))).toBe('nothing_changed')
  })

  it('holds while both roles are held; a role that comes back later within it needs no other', async () => {
    const one = await person(['cs_agent'])
    await run('person.grant', { personId: one.id, ...given(20) })
    await run('person.take_away', { personId: one.id, role: 'cs_agent', reason: 'moved' })
    expect(await code(run('person.grant', { personId: one.id, role: 'cs_agent', reason: 'moved back' }))).toBe('done')
  })
})

describe('a person', () => {
  it('is invited, chooses a password by a link of one use, and is put out and let in again', async () => {
    const email = 'new@test.example'
    const { personId } = (await run('person.invite', {
      ...{ email, name: 'New Person', roles: ['inspector'], reason: 'starts on Monday' },
      scope: { entities: null, facilities: ['lodz'], channels: null },
    })) as { personId: string }
    expect(await findAccount(email)).toMatchObject({ passwordHash: null, roles: ['inspector'] })
    expect(await auditOf(personId)).toMatchObject([
      { action: 'account.created', actor: priya.userId, reason: 'starts on Monday' },
    ])
    const first = await makeSetUpLink(priya, personId)
    const second = await makeSetUpLink(priya, personId)
    const token = (link: string) => new URL(link).searchParams.get('token') ?? ''
    expect(await personOfLink(token(first.link))).toBeUndefined()
    expect(await personOfLink(token(second.link))).toMatchObject({ id: personId })
    expect(await personOfLink(token(second.link), new Date(Date.now() + 73 * 3_600_000))).toBeUndefined()
    expect(await code(spendSetUpLink(token(second.link), 'short'))).toBe('password_length')
    // The link of one person makes no administrator, and the first administrator's link sets nobody's password.
    expect(
      await code(spendSetupToken(token(second.link), { email: 'x@test.example', name: 'X', password: PASSWORD })),
    ).toBe('setup_token')
    expect(await code(spendSetUpLink(await createSetupToken(), PASSWORD))).toBe('setup_token')
    expect(await spendSetUpLink(token(second.link), PASSWORD)).toMatchObject({ id: personId })
    expect(await code(spendSetUpLink(token(second.link), PASSWORD))).toBe('setup_token')
    const signedIn = await checkSignIn(email, PASSWORD, '203.0.113.7')
    if (!signedIn) throw new Error('cannot sign in')
    const session = await openSession(signedIn, null)
    expect(await run('person.deactivate', { personId, reason: 'left' })).toEqual({ active: false })
    expect(await actorOfSession(session)).toBeUndefined()
    expect(await checkSignIn(email, PASSWORD, '203.0.113.7')).toBeUndefined()
    expect(await code(makeSetUpLink(priya, personId))).toBe('deactivated')
    expect(await run('person.reactivate', { personId, reason: 'came back' })).toEqual({ active: true })
    const stored = await pool().query(
      "SELECT count(*)::int AS n FROM command WHERE result::text LIKE '%' || $1 || '%'",
      [token(second.link)],
    )
    expect(stored.rows).toEqual([{ n: 0 }])
  })

  it('sees other rows from the next request on, and is signed out everywhere', async () => {
    const one = await person(['inspector'])
    await run('person.scope', { personId: one.id, entities: null, facilities: ['lodz'], channels: [], reason: 'moved' })
    const now = await accountById(one.id)
    expect(now?.scope).toEqual({ entities: null, facilities: ['lodz'], channels: [] })
    const sessions = await Promise.all([1, 2].map(() => openSession(now ?? one, null)))
    expect(await run('person.end_sessions', { personId: one.id, reason: 'lost tablet' })).toEqual({ ended: 2 })
    for (const session of sessions) expect(await actorOfSession(session)).toBeUndefined()
    expect((await auditOf(one.id)).at(-1)).toMatchObject({ action: 'account.sessions_ended', reason: 'lost tablet' })
  })
})

describe('who could do both halves', () => {
  const greta = somebody('greta', ['auditor'])

  it('is seen by auditors and by who manages people, and by nobody else', async () => {
    const one = await person(['cs_agent'])
    const given = { role: 'refund_approver_l1', reason: 'two people short', mitigation: review(20) }
    await run('person.grant', { personId: one.id, ...given })
    const two = await person(['receiver', 'inspector'])
    const holder = async (id: string, now?: Date) =>
      (await segregationView(greta, now)).holders.filter((each) => each.id === id)
    expect(await holder(one.id)).toMatchObject([
      {
        ...{
          duties: ['request', 'approve_refund'],
          exclusion: 'never',
          within: false,
          state: 'watched',
          owner: 'Farah',
        },
        roles: ['cs_agent', 'refund_approver_l1'],
      },
    ])
    expect(await holder(two.id)).toMatchObject([{ duties: ['receive', 'inspect'], exclusion: 'case', state: 'free' }])
    // Once the review has run out the role gives nothing, so nobody could.
    expect(await holder(one.id, new Date(Date.now() + 30 * DAY))).toEqual([])
    const view = await segregationView(priya)
    const pair = view.pairs.find(({ first, second }) => first === 'request' && second === 'approve_refund')
    expect(pair?.people).toBeGreaterThan(0)
    expect(view.roles.find(({ role }) => role === 'receiver')?.duties).toEqual(['receive'])
    // What lies within one role is shown as that.
    expect(view.holders.filter(({ id }) => id === owner.id).every(({ within }) => within)).toBe(true)
    const hugo = somebody('hugo', ['compliance_officer'])
    for (const read of [segregationView(hugo), accountsView(hugo), accountView(hugo, one.id)])
      expect(await code(read)).toBe('forbidden')
  })

  it('and a person is read with what was changed, what they could be given, and why nothing is open to the reader', async () => {
    const one = await person(['cs_agent'])
    await run('person.grant', { personId: one.id, role: 'receiver', reason: 'helps at the dock' })
    const view = await accountView(priya, one.id)
    expect(view.closed).toBe('')
    expect(view.history.map(({ what, why }) => [what, why])).toEqual([
      ['Given Receiver', 'helps at the dock'],
      ['Made with Customer service', ''],
    ])
    const free = (role: string) => view.grantable.find((each) => each.role === role)?.conflict
    expect(free('inspector')).toBe('')
    expect(free('refund_approver_l2')).toMatch(/Customer service and Refund approver, level 2 exclude each other/)
    expect(view.owners.map(({ value }) => value)).not.toContain(one.email)
    expect((await accountView(priya, priya.userId)).closed).toMatch(/Nobody changes their own roles/)
    expect((await accountsView(greta)).closed).toMatch(/^Your role may not/)
    expect(await code(accountView(greta, crypto.randomUUID()))).toBe('not_found')
  })
})
