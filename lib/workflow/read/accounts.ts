import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { type Actor, authorize, can, whyNot } from '../../auth/actor'
import { asleepRoles } from '../../auth/mitigations'
import { isRole, PERMISSIONS, ROLE_NAMES, ROLES, type RoleName } from '../../auth/permissions'
import { conflictsOf, conflictWords } from '../../auth/segregation'
import { sessionsByAccount } from '../../auth/sessions'
import { db } from '../../db/client'
import { account, auditEntry, dutyMitigation, facility, returnUnit } from '../../db/schema'
import { UserError } from '../../errors'
import { wordsOfChange } from './account-history'
import type { AccountLine, AccountsView, AccountView, ConflictView, GrantableRole, ScopeView } from './accounts-types'

const HISTORY = 50

/** For whoever manages people, and for auditors. */
function mayRead(actor: Actor): string {
  if (!can(actor, 'audit:read')) authorize(actor, 'users:manage')
  return whyNot(actor, 'users:manage')
}

/** Everybody who has an account, with what they may do, what they see, and what they hold together that they should not. */
export async function accountsView(actor: Actor, now = new Date()): Promise<AccountsView> {
  const closed = mayRead(actor)
  return { people: await accountLines(now), closed, grantable: grantable([]) }
}

/** Every account as a line of the list, by name. */
export async function accountLines(now: Date): Promise<AccountLine[]> {
  const [rows, sessions, facilities, mitigations] = await Promise.all([
    db()
      .select({ account, asleep: asleepRoles(now) })
      .from(account)
      .orderBy(account.name),
    sessionsByAccount(now),
    db().select({ id: facility.id, name: facility.name }).from(facility),
    db()
      .select({ own: dutyMitigation, owner: account.name })
      .from(dutyMitigation)
      .innerJoin(account, eq(account.id, dutyMitigation.ownerId))
      .orderBy(desc(dutyMitigation.until)),
  ])
  const named = new Map(facilities.map(({ id, name }) => [id, name]))
  return rows.map(({ account: row, asleep }): AccountLine => {
    const seen = sessions.get(row.id)
    const own = mitigations.filter(({ own: each }) => each.accountId === row.id)
    return {
      ...{ id: row.id, name: row.name, email: row.email, roles: row.roles, asleep },
      ...{ scope: row.scope, sees: seesOf(row.scope, named) },
      ...{ active: row.active, demo: row.demo, createdAt: row.createdAt.toISOString() },
      signsIn: row.passwordHash ? 'password' : row.oidcSubject ? 'single_sign_on' : 'not_yet',
      sessions: seen?.live ?? 0,
      seenAt: seen?.seenAt.toISOString() ?? null,
      conflicts: conflictsOf(row.roles).map((pair): ConflictView => {
        const latest = own.find(({ own: { first, second } }) => first === pair[0] && second === pair[1])
        return {
          ...{ roles: pair, why: conflictWords(pair), owner: latest?.owner ?? '', review: latest?.own.review ?? '' },
          state: !latest ? 'none' : latest.own.until > now ? 'watched' : 'over',
          until: latest?.own.until.toISOString() ?? null,
        }
      }),
    }
  })
}

const KINDS = [
  ['entities', 'entity'],
  ['facilities', 'facility'],
  ['channels', 'channel'],
] as const

/** Which rows somebody sees, in words. */
function seesOf(scope: ScopeView, facilities: ReadonlyMap<string, string>): string {
  const parts = KINDS.flatMap(([kind, one]) => {
    const ids = scope[kind]
    if (ids === null) return []
    if (ids.length === 0) return [`no ${kind}`]
    return [
      `${ids.length === 1 ? one : kind} ${ids.map((id) => (kind === 'facilities' ? facilities.get(id) : undefined) ?? id).join(', ')}`,
    ]
  })
  return parts.length === 0 ? 'Everything' : `Only ${parts.join('; ')}`
}

/** One person, with everything that can be changed. Throws a UserError (404) for nobody. */
export async function accountView(actor: Actor, id: string, now = new Date()): Promise<AccountView> {
  const closed = mayRead(actor)
  const lines = await accountLines(now)
  const line = lines.find((each) => each.id === id)
  if (!line) throw new UserError('not_found', 'There is no such person.', 404)
  const [history, choices] = await Promise.all([historyOf(id), scopeChoices()])
  const self = id === actor.userId
  return {
    line,
    self,
    closed: closed || (self ? 'Nobody changes their own roles, rows or access: another user administrator does.' : ''),
    grantable: grantable(line.roles.filter(isRole)),
    owners: lines
      .filter((each) => each.active && each.id !== id)
      .map(({ email, name, roles }) => ({
        value: email,
        label: `${name}${roles.length > 0 ? `, ${roles.map(labelOf).join(', ').toLowerCase()}` : ''}`,
      })),
    choices,
    history,
  }
}

const labelOf = (role: string): string => (isRole(role) ? ROLES[role].label : role)

/** The roles that somebody with these does not have, with what each would bring together. */
function grantable(held: readonly RoleName[]): GrantableRole[] {
  const before = conflictsOf(held).map((pair) => pair.join(' '))
  return ROLE_NAMES.filter((role) => !held.includes(role)).map((role) => ({
    role,
    label: ROLES[role].label,
    may: ROLES[role].permissions.map((each) => PERMISSIONS[each]).join('; '),
    conflict: conflictsOf([...held, role])
      .filter((pair) => !before.includes(pair.join(' ')))
      .map(conflictWords)
      .join(' '),
  }))
}

/** What there is to see: places by the names that the company gave them, entities and channels as the cases have them. */
async function scopeChoices(): Promise<AccountView['choices']> {
  const plain = (values: readonly { value: string }[]) => values.map(({ value }) => ({ value, label: value }))
  const [entities, facilities, channels] = await Promise.all([
    db().selectDistinct({ value: returnUnit.entity }).from(returnUnit).orderBy(returnUnit.entity),
    db().select({ value: facility.id, label: facility.name }).from(facility).orderBy(facility.name),
    db().selectDistinct({ value: returnUnit.channel }).from(returnUnit).orderBy(returnUnit.channel),
  ])
  const named = (rows: readonly { value: string }[]) => plain(rows.filter(({ value }) => value !== ''))
  return { entities: named(entities), facilities, channels: named(channels) }
}

async function historyOf(id: string): Promise<AccountView['history']> {
  const reviews = db()
    .select({ id: sql<string>`${dutyMitigation.id}::text` })
    .from(dutyMitigation)
    .where(eq(dutyMitigation.accountId, id))
  const rows = await db()
    .select()
    .from(auditEntry)
    .where(
      or(
        and(inArray(auditEntry.objectType, ['account', 'setup_token']), eq(auditEntry.objectId, id)),
        and(eq(auditEntry.objectType, 'duty_mitigation'), inArray(auditEntry.objectId, reviews)),
      ),
    )
    .orderBy(desc(auditEntry.seq))
    .limit(HISTORY)
  return rows.map((row) => ({
    at: row.at.toISOString(),
    who: row.actorName || (row.actorKind === 'system' ? 'Command line or system' : row.actor),
    what: wordsOfChange(row.action, row.diff),
    why: row.reason,
  }))
}
