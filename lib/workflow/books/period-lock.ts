import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { UserError } from '../../errors'

const TRIES = 40
const PAUSE_MS = 100

/**
 * Takes a period for itself until the end of the transaction: no posting into it is under way any more, and none begins. It does not queue, since
 * whoever posts next would queue behind it and could hold what an earlier posting needs. Throws a UserError (409) when postings do not pause.
 */
export async function holdPeriod(tx: Transaction, entity: string, period: string): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { rows } = await tx.execute<{ mine: boolean }>(
      sql`SELECT pg_try_advisory_xact_lock(hashtextextended('period/' || ${entity} || '/' || ${period}, 0)) AS mine`,
    )
    if (rows[0]?.mine) return
    await sleep(PAUSE_MS)
  }
  throw new UserError('period_busy', 'Entries are being posted into this period. Try again in a moment.', 409)
}
