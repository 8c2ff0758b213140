import { eq } from 'drizzle-orm'
import { evidence } from '../../db/schema'
import { UserError } from '../../errors'
import { keepUntil, type RetentionClass } from '../../returns/evidence'
import type { Context } from '../command'

/** A file that is kept, locked. Throws a UserError when it is unknown or was destroyed. */
export async function keptNow(context: Context, sha256: string): Promise<typeof evidence.$inferSelect> {
  const [kept] = await context.tx.select().from(evidence).where(eq(evidence.sha256, sha256)).for('update')
  if (!kept) throw new UserError('unknown_evidence', 'This file is not kept here. Add it first.', 409, 'evidence')
  if (kept.purgedAt)
    throw new UserError(
      'evidence_purged',
      'This file was destroyed after its retention. It is not kept again.',
      410,
      'file',
    )
  return kept
}

/**
 * Makes sure that a file is kept as long as `retention` asks: of all that it proves, what is kept longest decides. Call it where a file comes to
 * prove something more, in a transaction that writes an audit entry. Answers what changed.
 */
export async function keepLonger(
  context: Context,
  sha256: string,
  retention: RetentionClass,
): Promise<Record<string, [unknown, unknown]>> {
  const kept = await keptNow(context, sha256)
  const until = keepUntil(retention, context.at)
  if (until <= kept.keepUntil) return {}
  await context.tx
    .update(evidence)
    .set({ keepUntil: until, retentionClass: retention })
    .where(eq(evidence.sha256, sha256))
  return {
    ...(kept.retentionClass === retention ? {} : { retentionClass: [kept.retentionClass, retention] }),
    keepUntil: [kept.keepUntil.toISOString(), until.toISOString()],
  }
}
