import { randomUUID } from 'node:crypto'
import { and, count, eq, gt, lt, min } from 'drizzle-orm'
import { db } from '../db/client'
import { account, signInFailure } from '../db/schema/accounts'
import { env } from '../env'
import { UserError } from '../errors'
import { log } from '../log'
import { type Account, findAccount } from './accounts'
import { hashPassword, needsRehash, passwordFits } from './passwords'

const MINUTE = 60_000
/** Failures that are let through within a window; after it, one may try again: no account is ever locked for good. */
const LIMITS = {
  account: { failures: 5, within: 15 * MINUTE },
  address: { failures: 20, within: MINUTE },
} as const
const KEPT = 60 * MINUTE
const LONGEST_SUBJECT = 320

type Kind = keyof typeof LIMITS
const KINDS = ['account', 'address'] as const satisfies readonly Kind[]

/**
 * Checks an e-mail address and a password. Answers undefined for a wrong one of either, without saying which and in the same time. `client` is
 * the network address that asks. Throws a UserError (429) after too many failures for the account or from the client, and when too many people
 * sign in at once.
 */
export async function checkSignIn(
  email: string,
  password: string,
  client: string,
  now = new Date(),
): Promise<Account | undefined> {
  const subjects = subjectsOf(email, client)
  const attempt = await beginAttempt(subjects, now)
  let fits = false
  try {
    const found = await findAccount(email)
    const allowed = found?.active === true && (!found.demo || env().BACKHAUL_DEMO)
    fits = await passwordFits(allowed ? found.passwordHash : null, password)
    if (!found || !fits) {
      // The account's id, when there is one: what was typed may be a password in the wrong field.
      log('auth').warn({ account: found?.id, client }, 'a sign-in failed')
      return undefined
    }
    await forgetFailures(attempt, subjects, now)
    log('auth').info({ account: found.id, client }, 'signed in')
    return await withTodaysHash(found, password)
  } catch (error) {
    // Nothing was tried, or it fitted: this is no failure of the person's.
    if (!fits) await takeBack(attempt)
    throw error
  }
}

const subjectsOf = (email: string, client: string): Record<Kind, string> => ({
  account: `account:${email.trim().toLowerCase()}`.slice(0, LONGEST_SUBJECT),
  address: `address:${client}`.slice(0, LONGEST_SUBJECT),
})

/** Counts the attempt before the password is looked at: of many at once, no more than the limit get through. */
async function beginAttempt(subjects: Record<Kind, string>, now: Date): Promise<string> {
  const attempt = randomUUID()
  await db()
    .insert(signInFailure)
    .values(KINDS.map((kind) => ({ attempt, subject: subjects[kind], at: now })))
  for (const kind of KINDS) {
    const { failures, within } = LIMITS[kind]
    const since = new Date(now.getTime() - within)
    const [row] = await db()
      .select({ n: count(), first: min(signInFailure.at) })
      .from(signInFailure)
      .where(and(eq(signInFailure.subject, subjects[kind]), gt(signInFailure.at, since)))
    if ((row?.n ?? 0) <= failures) continue
    await takeBack(attempt)
    log('auth').warn({ limit: kind, subject: kind === 'address' ? subjects.address : undefined }, 'sign-in held back')
    const minutes = Math.max(1, Math.ceil(((row?.first ?? now).getTime() + within - now.getTime()) / MINUTE))
    const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
    throw new UserError('too_many_attempts', `Too many failed attempts. Try again in ${wait}.`, 429)
  }
  return attempt
}

async function takeBack(attempt: string): Promise<void> {
  await db().delete(signInFailure).where(eq(signInFailure.attempt, attempt))
}

async function forgetFailures(attempt: string, subjects: Record<Kind, string>, now: Date): Promise<void> {
  await takeBack(attempt)
  await db().delete(signInFailure).where(eq(signInFailure.subject, subjects.account))
  await db()
    .delete(signInFailure)
    .where(lt(signInFailure.at, new Date(now.getTime() - KEPT)))
}

/** The password is in hand only now: a hash of older settings is made again. */
async function withTodaysHash(found: Account, password: string): Promise<Account> {
  if (!found.passwordHash || !needsRehash(found.passwordHash)) return found
  const passwordHash = await hashPassword(password)
  await db()
    .update(account)
    .set({ passwordHash })
    .where(and(eq(account.id, found.id), eq(account.passwordHash, found.passwordHash)))
  return { ...found, passwordHash }
}
