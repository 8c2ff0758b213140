import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { controlCheck } from '../../db/schema'
import { describeError, UserError } from '../../errors'
import { log } from '../../log'
import type { Found, Invariant, Reader } from './invariant'

/** Looks at one invariant and keeps what was found; that it could not be looked at is kept too. Answers whether it holds. */
export async function lookAndKeep(
  tx: Reader & Pick<Transaction, 'insert'>,
  { id, look }: Pick<Invariant, 'id' | 'look'>,
  now: Date,
): Promise<boolean> {
  const began = performance.now()
  let failed = ''
  let found: Found = { checked: 0n, broken: 0n, examples: [] }
  try {
    found = await look(tx, now)
  } catch (error) {
    failed = error instanceof UserError ? error.message : 'It failed; the log of the worker says where.'
    if (!(error instanceof UserError)) log('controls').error({ id, reason: describeError(error) }, 'a control failed')
  }
  const bad = found.broken > 0n || failed !== ''
  const values = {
    ...{ at: now, ms: Math.round(performance.now() - began), checked: found.checked, broken: found.broken },
    ...{ examples: [...found.examples], failed },
  }
  await tx
    .insert(controlCheck)
    .values({ id, ...values, brokenSince: bad ? now : null })
    .onConflictDoUpdate({
      target: controlCheck.id,
      set: {
        ...values,
        brokenSince: bad ? sql`coalesce(${controlCheck.brokenSince}, ${now.toISOString()}::timestamptz)` : null,
      },
    })
  return !bad
}
