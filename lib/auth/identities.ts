import { and, eq, isNull, sql } from 'drizzle-orm'
import { db } from '../db/client'
import { account } from '../db/schema/accounts'
import { UserError } from '../errors'
import { log } from '../log'
import { type Account, createAccount, findAccount, type Identity } from './accounts'

/** What the identity provider vouches for. */
export interface Claims extends Identity {
  email?: string | undefined
  /** The provider has checked that the address is the person's. */
  emailVerified: boolean
  name?: string | undefined
}

/**
 * The account of somebody who comes from the identity provider, by issuer and subject. At the first visit a verified address decides: an account
 * that has it is bound to this identity, else one is made without any role, and a user administrator decides. Undefined when the person may not
 * come in: the account is switched off, bound to somebody else, a demo account, or the address is not verified.
 */
export async function accountOfIdentity(claims: Claims): Promise<Account | undefined> {
  const { issuer, subject, email, emailVerified } = claims
  const [known] = await db()
    .select()
    .from(account)
    .where(and(eq(account.oidcIssuer, issuer), eq(account.oidcSubject, subject)))
  if (known) return known.active && !known.demo ? known : undefined
  if (!email || !emailVerified) return undefined
  const same = await findAccount(email)
  if (!same) return await provision(email, claims)
  if (!same.active || same.demo || same.oidcSubject !== null) return undefined
  return await bind(same, claims)
}

async function provision(email: string, { issuer, subject, name }: Claims): Promise<Account | undefined> {
  try {
    const made = await createAccount({ email, name: name?.trim() || email, roles: [], identity: { issuer, subject } })
    log('auth').info({ account: made.id, issuer }, 'somebody new came by single sign-on and has no role yet')
    return made
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'email_taken') throw error
    // Two first visits at once: the other one has made it.
    const other = await findAccount(email)
    return other?.active && other.oidcIssuer === issuer && other.oidcSubject === subject ? other : undefined
  }
}

/** Binds an account that was made here; every session from before ends, since the way in has changed. */
async function bind(same: Account, { issuer, subject }: Claims): Promise<Account | undefined> {
  const [bound] = await db()
    .update(account)
    .set({ oidcIssuer: issuer, oidcSubject: subject, version: sql`${account.version} + 1` })
    .where(and(eq(account.id, same.id), isNull(account.oidcSubject), eq(account.active, true)))
    .returning()
  if (bound) log('auth').info({ account: bound.id, issuer }, 'an account is bound to single sign-on')
  return bound
}
