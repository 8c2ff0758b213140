import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Database, db, type Transaction } from '../db/client'
import { account, session } from '../db/schema/accounts'
import { UserError } from '../errors'
import { EVERYTHING, type Scope } from './actor'
import { checkNewPassword, hashPassword } from './passwords'
import { isRole, ROLE_NAMES, type RoleName } from './permissions'

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

export async function accountById(id: string): Promise<Account | undefined> {
  const [found] = await db().select().from(account).where(eq(account.id, id))
  return found
}

/** Creates a person. Throws a UserError when the address is taken or unreadable, a role unknown, or the password too weak. */
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

/**
 * Changes what somebody may do, which rows they see, or whether they may sign in at all; what is not named stays. Every session of theirs ends
 * with it.
 */
export async function changeAccount(
  email: string,
  change: { roles?: readonly string[]; scope?: Partial<Scope>; active?: boolean; password?: string },
): Promise<Account> {
  const { roles, scope, active, password } = change
  if (password !== undefined) checkNewPassword(password, [email])
  const [changed] = await db()
    .update(account)
    .set({
      ...(roles ? { roles: knownRoles(roles) } : {}),
      ...(scope ? { scope: sql`${account.scope} || ${JSON.stringify(scope)}::jsonb` } : {}),
      ...(active === undefined ? {} : { active }),
      ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }),
      version: sql`${account.version} + 1`,
    })
    .where(sameEmail(email))
    .returning()
  if (!changed) throw unknown(email)
  return changed
}

export const listAccounts = (): Promise<Account[]> => db().select().from(account).orderBy(account.email)

/** Whether no account was ever made: then the login page says how to make the first. */
export async function nobodyYet(): Promise<boolean> {
  return (await db().select({ id: account.id }).from(account).limit(1)).length === 0
}

/** Ends every session of a person; the next request with an old cookie is refused. Returns how many ended. */
export async function revokeSessions(email: string, now = new Date()): Promise<number> {
  const found = await findAccount(email)
  if (!found) throw unknown(email)
  const ended = await db()
    .update(session)
    .set({ revokedAt: now })
    .where(and(eq(session.accountId, found.id), isNull(session.revokedAt)))
    .returning({ id: session.id })
  return ended.length
}
