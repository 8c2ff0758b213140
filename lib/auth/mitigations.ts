import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../db/client'
import { account, dutyMitigation } from '../db/schema/accounts'
import { UserError } from '../errors'
import { LONGEST_MITIGATION_DAYS } from '../returns/role-duties'
import type { RoleName } from './permissions'
import { conflictWords } from './segregation'

/** Who watches over two roles of one person that exclude each other, what they look at, and until when. */
export interface Mitigation {
  /** The address of an active person, not the one who holds the roles. */
  readonly owner: string
  readonly until: Date
  readonly review: string
}

/** Who changes accounts in a transaction: what the database's audit trigger and its controls read. */
export interface By {
  /** The account's id; 'backhaul' for the command line, whoever runs it. */
  readonly id: string
  readonly reason?: string
  readonly commandId?: string
}

const DAY = 86_400_000

/** Names in this transaction who changes accounts, and why. */
export async function actingAs(tx: Transaction, { id, reason = '', commandId = '' }: By): Promise<void> {
  await tx.execute(
    sql`SELECT set_config('backhaul.actor', ${id}, true), set_config('backhaul.reason', ${reason}, true), set_config('backhaul.command', ${commandId}, true)`,
  )
}

/**
 * Allows two roles that exclude each other to one person, for a time, under somebody else's eyes. Throws a UserError where the owner is unknown, has
 * left, or is the person, and where the time is over or longer than 90 days.
 */
export async function mitigate(
  tx: Transaction,
  person: Pick<typeof account.$inferSelect, 'id' | 'name'>,
  [first, second]: readonly [RoleName, RoleName],
  granted: RoleName,
  { owner, until, review }: Mitigation,
  by: string,
  now: Date,
): Promise<void> {
  const [found] = await tx
    .select()
    .from(account)
    .where(sql`lower(${account.email}) = ${owner.trim().toLowerCase()} AND ${account.active}`)
  if (!found)
    throw new UserError('mitigation_owner', `There is no active person with the address ${owner}.`, 400, 'owner')
  if (found.id === person.id)
    throw new UserError(
      'mitigation_owner',
      `${person.name} does not review their own work: name somebody else.`,
      400,
      'owner',
    )
  const longest = new Date(now.getTime() + LONGEST_MITIGATION_DAYS * DAY)
  if (!(until > now && until <= longest))
    throw new UserError(
      'mitigation_until',
      `A review runs for ${LONGEST_MITIGATION_DAYS} days at most: give a day until ${longest.toISOString().slice(0, 10)}. It can be renewed.`,
      400,
      'until',
    )
  if (review.trim().length < 3)
    throw new UserError('mitigation_review', 'Say what the reviewer looks at, and how often.', 400, 'review')
  await tx.insert(dutyMitigation).values({
    ...{ accountId: person.id, first, second, granted, ownerId: found.id, review: review.trim(), until },
    ...{ madeBy: by, madeAt: now },
  })
}

/** What is said where two roles would come together with nobody who watches over it. */
export const conflictError = (pair: readonly [RoleName, RoleName]): UserError =>
  new UserError(
    'duties_conflict',
    `${conflictWords(pair)} Take one of them away, or name somebody else who reviews it, for ${LONGEST_MITIGATION_DAYS} days at most.`,
    409,
    'role',
  )

/** Of a row of `account`: the roles that give nothing now, because the review that allowed them has run out. */
export const asleepRoles = (now: Date): SQL<string[]> => sql<string[]>`ARRAY(
  SELECT (array_agg(m.granted ORDER BY m.made_at DESC))[1] FROM duty_mitigation m
  WHERE m.account_id = account.id AND m.first = ANY (account.roles) AND m.second = ANY (account.roles)
  GROUP BY m.first, m.second HAVING max(m.until) <= ${now.toISOString()}::timestamptz)`
