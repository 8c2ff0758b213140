import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { type Database, db, type Transaction, withTransaction } from '../db/client'
import { account, dutyMitigation, session } from '../db/schema/accounts'
import { UserError } from '../errors'
import { EVERYTHING, type Scope } from './actor'
import { conflictError, type Mitigation, mitigate } from './mitigations'
import { checkNewPassword, hashPassword } from './passwords'
import { isRole, ROLE_NAMES, type RoleName } from './permissions'
import { conflictsOf } from './segregation'

export type Account = typeof account.$inferSelect

/** The longest address that mail can carry. */
const LONGEST_EMAIL = 254
const LONGEST_NAME = 120

export interface NewAccount {
  email: string
  name: string
  /** Without one, the person signs in by OIDC only. */
  password?: string
  roles: readonly string[]
  scope?: Scope
  demo?: boolean
  tz?: string
  identity?: Identity
}

/** Who the company's identity provider says that somebody is; unlike an address, this pair never changes hands. */
export interface Identity {
  issuer: string
  subject: string
}

const sameEmail = (email: string) => sql`lower(${account.email}) = ${email.trim().toLowerCase()}`
const unknown = (email: string) => new UserError('account_unknown', `There is no account for ${email}.`, 404, 'email')

export async function findAccount(email: string, on: Database | Transaction = db()): Promise<Account | undefined> {
  const [found] = await on.select().from(account).where(sameEmail(email))
  return found
}

export async function accountById(id: string, on: Database | Transaction = db()): Promise<Account | undefined> {
  const [found] = await on.select().from(account).where(eq(account.id, id))
  return found
}

/** Creates a person. Throws a UserError when the address is taken or unreadable, a role unknown, roles exclude each other, or the password is
 * too weak. */
export async function createAccount(given: NewAccount, on: Database | Transaction = db()): Promise<Account> {
  const { identity, password } = given
  const email = given.email.trim()
  const name = given.name.trim()
  if (email.length > LONGEST_EMAIL || !/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/.test(email)) {
    throw new UserError('email_invalid', `"${email.slice(0, LONGEST_EMAIL)}" is no e-mail address.`, 400, 'email')
  }
  if (name === '' || name.length > LONGEST_NAME) {
    throw new UserError('name_invalid', `A name has 1 to ${LONGEST_NAME} characters.`, 400, 'name')
  }
  const roles = knownRoles(given.roles)
  const [conflict] = conflictsOf(roles)
  if (conflict) throw conflictError(conflict)
  if (password !== undefined) checkNewPassword(password, [name, email])
  const [made] = await on
    .insert(account)
    .values({
      email,
      name,
      passwordHash: password === undefined ? null : await hashPassword(password),
      roles,
      scope: given.scope ?? EVERYTHING,
      demo: given.demo ?? false,
      tz: given.tz ?? null,
      oidcIssuer: identity?.issuer ?? null,
      oidcSubject: identity?.subject ?? null,
    })
    .onConflictDoNothing()
    .returning()
  if (!made) throw new UserError('email_taken', `There is an account for ${email} already.`, 409, 'email')
  return made
}

function knownRoles(names: readonly string[]): RoleName[] {
  const odd = names.find((name) => !isRole(name))
  if (odd !== undefined) {
    throw new UserError('role_unknown', `There is no role "${odd}". Roles: ${ROLE_NAMES.join(', ')}.`, 400, 'role')
  }
  return [...new Set(names.filter(isRole))]
}

export interface AccountChange {
  readonly roles?: readonly string[]
  readonly scope?: Partial<Scope>
  readonly active?: boolean
  readonly password?: string
  /** For roles that exclude each other: who watches over it. */
  readonly mitigation?: Mitigation | undefined
}

/**
 * Changes what somebody may do, which rows they see, or whether they may sign in at all; what is not named stays. Every session of theirs ends
 * with it. Throws a UserError where roles come together that exclude each other and nobody is named who watches over it. `by`: who does it, for
 * the row of the mitigation; the audit log reads it from the transaction (mitigations.ts).
 */
export async function changeAccount(
  email: string,
  change: AccountChange,
  { on, by = 'backhaul', now = new Date() }: { on?: Transaction; by?: string; now?: Date } = {},
): Promise<Account> {
  const { roles: names, scope, active, password } = change
  if (password !== undefined) checkNewPassword(password, [email])
  const passwordHash = password === undefined ? undefined : await hashPassword(password)
  const work = async (tx: Transaction): Promise<Account> => {
    const [before] = await tx.select().from(account).where(sameEmail(email)).for('update')
    if (!before) throw unknown(email)
    const roles = names ? knownRoles(names) : undefined
    if (roles) await segregated(tx, before, roles, change.mitigation, by, now)
    const [changed] = await tx
      .update(account)
      .set({
        ...(roles ? { roles } : {}),
        ...(scope ? { scope: sql`${account.scope} || ${JSON.stringify(scope)}::jsonb` } : {}),
        ...(active === undefined ? {} : { active }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
        version: sql`${account.version} + 1`,
      })
      .where(eq(account.id, before.id))
      .returning()
    if (!changed) throw unknown(email)
    return changed
  }
  return on ? work(on) : withTransaction(work)
}

/** Sees that no roles come together that exclude each other, or that somebody watches over each such pair. The database sees to it again. */
async function segregated(
  tx: Transaction,
  before: Account,
  roles: readonly RoleName[],
  mitigation: Mitigation | undefined,
  by: string,
  now: Date,
): Promise<void> {
  const fresh = conflictsOf(roles).filter((pair) => !pair.every((role) => before.roles.includes(role)))
  for (const [first, second] of fresh) {
    if (!mitigation) {
      const [allowed] = await tx
        .select({ id: dutyMitigation.id })
        .from(dutyMitigation)
        .where(
          and(
            eq(dutyMitigation.accountId, before.id),
            eq(dutyMitigation.first, first),
            eq(dutyMitigation.second, second),
            gt(dutyMitigation.until, now),
          ),
        )
      if (!allowed) throw conflictError([first, second])
    } else
      await mitigate(tx, before, [first, second], before.roles.includes(second) ? first : second, mitigation, by, now)
  }
}

export const listAccounts = (): Promise<Account[]> => db().select().from(account).orderBy(account.email)

/** Whether no account was ever made: then the login page says how to make the first. */
export async function nobodyYet(): Promise<boolean> {
  return (await db().select({ id: account.id }).from(account).limit(1)).length === 0
}

/** Ends every session of a person; the next request with an old cookie is refused. Returns how many ended. */
export async function revokeSessions(
  email: string,
  now = new Date(),
  on: Database | Transaction = db(),
): Promise<number> {
  const found = await findAccount(email, on)
  if (!found) throw unknown(email)
  const ended = await on
    .update(session)
    .set({ revokedAt: now })
    .where(and(eq(session.accountId, found.id), isNull(session.revokedAt)))
    .returning({ id: session.id })
  return ended.length
}
