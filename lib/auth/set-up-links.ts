import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { db, type Transaction, withTransaction } from '../db/client'
import { account, setupToken } from '../db/schema/accounts'
import { UserError } from '../errors'
import { type Account, accountById, changeAccount } from './accounts'
import { actingAs } from './mitigations'

/** Somebody who is invited on a Friday chooses a password on Monday. */
const HOURS = 72

const digest = (token: string) => createHash('sha256').update(token).digest('hex')

/** A token with which one person chooses a password, and what is kept of it. */
export function newSetUpToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(24).toString('base64url')
  return { token, hash: digest(token) }
}

/** Keeps a token for a person: it works once, for three days, and any earlier one no longer does. Answers until when it is good. */
export async function keepSetUpToken(tx: Transaction, accountId: string, hash: string, now: Date): Promise<Date> {
  await tx
    .update(setupToken)
    .set({ usedAt: now })
    .where(and(eq(setupToken.accountId, accountId), isNull(setupToken.usedAt)))
  const expiresAt = new Date(now.getTime() + HOURS * 3_600_000)
  await tx.insert(setupToken).values({ hash, accountId, expiresAt })
  return expiresAt
}

/** Whose link this is; undefined when it is unknown, used, too old or for nobody in particular. */
export async function personOfLink(token: string, now = new Date()): Promise<Account | undefined> {
  const [found] = await db()
    .select({ account })
    .from(setupToken)
    .innerJoin(account, eq(account.id, setupToken.accountId))
    .where(
      and(
        eq(setupToken.hash, digest(token)),
        isNull(setupToken.usedAt),
        gt(setupToken.expiresAt, now),
        eq(account.active, true),
      ),
    )
  return found?.account
}

/** Sets the person's password by their link, in one transaction: a password that is refused leaves the link good. Their sessions end. */
export function spendSetUpLink(token: string, password: string, now = new Date()): Promise<Account> {
  return withTransaction(async (tx) => {
    const [taken] = await tx
      .update(setupToken)
      .set({ usedAt: now })
      .where(and(eq(setupToken.hash, digest(token)), isNull(setupToken.usedAt), gt(setupToken.expiresAt, now)))
      .returning({ accountId: setupToken.accountId })
    const person = taken?.accountId ? await accountById(taken.accountId, tx) : undefined
    if (!person?.active)
      throw new UserError(
        'setup_token',
        'This link is used or too old. A user administrator makes another.',
        403,
        'token',
      )
    await actingAs(tx, { id: person.id, reason: 'set-up link' })
    return changeAccount(person.email, { password }, { on: tx })
  })
}
