import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { db, withTransaction } from '../db/client'
import { setupToken } from '../db/schema/accounts'
import { UserError } from '../errors'
import { type Account, createAccount } from './accounts'

const MINUTES = 15

const digest = (token: string) => createHash('sha256').update(token).digest('hex')

/** A token with which an administrator is made, good for a quarter of an hour and for one use. Whoever can run the command line gets one. */
export async function createSetupToken(now = new Date()): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await db()
    .insert(setupToken)
    .values({ hash: digest(token), expiresAt: new Date(now.getTime() + MINUTES * 60_000) })
  return token
}

/**
 * Makes an administrator with a token, in one transaction: a person that cannot be made leaves the token good. Throws a UserError when the
 * token is unknown, used or too old, and those of `createAccount`.
 */
export function spendSetupToken(
  token: string,
  person: { email: string; name: string; password: string },
  now = new Date(),
): Promise<Account> {
  return withTransaction(async (tx) => {
    const [taken] = await tx
      .update(setupToken)
      .set({ usedAt: now })
      .where(
        and(
          eq(setupToken.hash, digest(token)),
          // A link that one person was given makes nobody else.
          isNull(setupToken.accountId),
          isNull(setupToken.usedAt),
          gt(setupToken.expiresAt, now),
        ),
      )
      .returning({ hash: setupToken.hash })
    if (!taken) {
      const message = 'This link is used or too old. Make another: npm run backhaul -- users setup-token'
      throw new UserError('setup_token', message, 403, 'token')
    }
    return createAccount({ ...person, roles: ['auditor', 'integration_admin', 'user_admin'] }, tx)
  })
}
