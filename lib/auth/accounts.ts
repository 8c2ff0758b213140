import { createHash, randomBytes } from 'node:crypto'
import { and, count, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { type Database, db } from '../db/client'
import { account, session, setupToken, signInFailure } from '../db/schema/accounts'
import { env } from '../env'
import { UserError } from '../errors'
import { EVERYTHING, type Scope } from './actor'
import { checkNewPassword, hashPassword, needsRehash, passwordFits } from './passwords'
import { isRole, ROLE_NAMES, type RoleName } from './permissions'

export type Account = typeof account.$inferSelect

/** Limits of failed sign-ins within the window; no account is ever locked for good. */
const WINDOW_MINUTES = 15
const BY_ACCOUNT = 5
const BY_ADDRESS = 20 * WINDOW_MINUTES
const SETUP_MINUTES = 15

const sameEmail = (email: string) => sql`lower(${account.email}) = ${email.trim().toLowerCase()}`

export async function findAccount(email: string, on: Database = db()): Promise<Account | undefined> {
  const [found] = await on.select().from(account).where(sameEmail(email))
  return found
}

/** Creates a person. Throws a UserError when the address is taken or unreadable, a role unknown, or the password too short. */
export async function createAccount(
  given: {
    email: string
    name: string
    password?: string
    roles: readonly string[]
    scope?: Scope
    demo?: boolean
    tz?: string
  },
  on: Database = db(),
): Promise<Account> {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email))
    throw new UserError('email_invalid', `"${given.email}" is no e-mail address.`, 400, 'email')
  const roles = knownRoles(given.roles)
  if (given.password !== undefined) checkNewPassword(given.password)
  const [made] = await on
    .insert(account)
    .values({
      email: given.email.trim(),
      name: given.name.trim(),
      passwordHash: given.password === undefined ? null : await hashPassword(given.password),
      roles,
      scope: given.scope ?? EVERYTHING,
      demo: given.demo ?? false,
      tz: given.tz ?? null,
    })
    .onConflictDoNothing()
    .returning()
  if (!made) throw new UserError('email_taken', `There is an account for ${given.email} already.`, 409, 'email')
  return made
}

function knownRoles(names: readonly string[]): RoleName[] {
  const odd = names.find((name) => !isRole(name))
  if (odd !== undefined)
    throw new UserError('role_unknown', `There is no role "${odd}". Roles: ${ROLE_NAMES.join(', ')}.`, 400, 'role')
  return names.filter(isRole)
}

/** Changes what somebody may do, or whether they may sign in at all; every session of theirs ends with it. */
export async function changeAccount(
  email: string,
  change: { roles?: readonly string[]; scope?: Scope; active?: boolean },
): Promise<Account> {
  const [changed] = await db()
    .update(account)
    .set({
      ...(change.roles ? { roles: knownRoles(change.roles) } : {}),
      ...(change.scope ? { scope: change.scope } : {}),
      ...(change.active === undefined ? {} : { active: change.active }),
      version: sql`${account.version} + 1`,
    })
    .where(sameEmail(email))
    .returning()
  if (!changed) throw new UserError('account_unknown', `There is no account for ${email}.`, 404, 'email')
  return changed
}

export const listAccounts = (): Promise<Account[]> => db().select().from(account).orderBy(account.email)

/** Ends every session of a person; the next request with an old cookie is refused. Returns how many ended. */
export async function revokeSessions(email: string): Promise<number> {
  const found = await findAccount(email)
  if (!found) throw new UserError('account_unknown', `There is no account for ${email}.`, 404, 'email')
  const ended = await db()
    .update(session)
    .set({ revokedAt: new Date() })
    .where(and(eq(session.accountId, found.id), isNull(session.revokedAt)))
    .returning({ id: session.id })
  return ended.length
}

/**
 * Checks an address and a password. Answers undefined for a wrong one of either, without saying which and in the same time. Throws a
 * UserError (429) after too many failures for the account or from the address within a quarter of an hour.
 */
export async function checkSignIn(
  email: string,
  password: string,
  address: string,
  now = new Date(),
): Promise<Account | undefined> {
  const subjects = { account: `account:${email.trim().toLowerCase()}`, address: `address:${address}` }
  const since = new Date(now.getTime() - WINDOW_MINUTES * 60_000)
  if (
    (await failures(subjects.account, since)) >= BY_ACCOUNT ||
    (await failures(subjects.address, since)) >= BY_ADDRESS
  ) {
    throw new UserError('too_many_attempts', `Too many failed attempts. Try again in ${WINDOW_MINUTES} minutes.`, 429)
  }
  const found = await findAccount(email)
  const allowed = found?.active === true && (!found.demo || env().BACKHAUL_DEMO)
  if (!(await passwordFits(allowed ? found.passwordHash : null, password))) {
    await db()
      .insert(signInFailure)
      .values([
        { subject: subjects.account, at: now },
        { subject: subjects.address, at: now },
      ])
    return undefined
  }
  await db().delete(signInFailure).where(eq(signInFailure.subject, subjects.account))
  await db().delete(signInFailure).where(lt(signInFailure.at, since))
  if (found?.passwordHash && needsRehash(found.passwordHash)) {
    await db()
      .update(account)
      .set({ passwordHash: await hashPassword(password) })
      .where(eq(account.id, found.id))
  }
  return found
}

async function failures(subject: string, since: Date): Promise<number> {
  const [row] = await db()
    .select({ n: count() })
    .from(signInFailure)
    .where(and(eq(signInFailure.subject, subject), gt(signInFailure.at, since)))
  return row?.n ?? 0
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex')

/** A token with which the first administrator is made, good for a quarter of an hour and for one use. */
export async function createSetupToken(now = new Date()): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await db()
    .insert(setupToken)
    .values({ hash: digest(token), expiresAt: new Date(now.getTime() + SETUP_MINUTES * 60_000) })
  return token
}

/** Makes the first administrator with a token. Throws a UserError when the token is unknown, used or too old. */
export async function useSetupToken(
  token: string,
  person: { email: string; name: string; password: string },
  now = new Date(),
): Promise<Account> {
  checkNewPassword(person.password)
  const [taken] = await db()
    .update(setupToken)
    .set({ usedAt: now })
    .where(and(eq(setupToken.hash, digest(token)), isNull(setupToken.usedAt), gt(setupToken.expiresAt, now)))
    .returning()
  if (!taken)
    throw new UserError(
      'setup_token',
      'This link is used or too old. Make another: npm run backhaul -- users setup-token',
      403,
      'token',
    )
  return createAccount({ ...person, roles: ['user_admin', 'integration_admin', 'auditor'] })
}
