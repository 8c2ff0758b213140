import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { db, withTransaction } from '../../db/client'
import { evidence } from '../../db/schema'
import { audit } from '../record/audit'
import { destroyBytes } from './store'

/** Of one round: what is left waits for the next. */
const AT_ONCE = 200

/**
 * Destroys the bytes of what was decided to be destroyed, by that state: after a crash between the two it is done again, which is harmless.
 * Answers how many files are gone.
 */
export async function destroyPurged(at: Date): Promise<number> {
  const due = await db()
    .select({ sha256: evidence.sha256, by: evidence.purgedBy })
    .from(evidence)
    .where(and(isNotNull(evidence.purgedAt), isNull(evidence.destroyedAt)))
    .orderBy(evidence.purgedAt)
    .limit(AT_ONCE)
  let gone = 0
  for (const { sha256, by } of due) {
    await destroyBytes(sha256)
    gone += await withTransaction(async (tx) => {
      const noted = await tx
        .update(evidence)
        .set({ destroyedAt: at })
        .where(and(eq(evidence.sha256, sha256), isNull(evidence.destroyedAt)))
        .returning({ sha256: evidence.sha256 })
      if (noted.length === 0) return 0
      await audit(tx, { kind: 'system', id: 'backhaul', name: 'Backhaul', roles: [] }, at, [
        {
          ...{ action: 'evidence.destroyed', objectType: 'evidence', objectId: sha256 },
          diff: { destroyedAt: [null, at.toISOString()], decidedBy: [null, by] },
        },
      ])
      return 1
    })
  }
  return gone
}
