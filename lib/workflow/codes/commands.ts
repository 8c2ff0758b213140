import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { codeMapping } from '../../db/schema'
import { UserError } from '../../errors'
import { isMappedList, MAPPED_LISTS } from '../../returns/code-map'
import { command } from '../command'

const input = z.strictObject({
  /** The source as it names itself, such as /shopify/acme-us. */
  source: z.string().min(1).max(256),
  list: z.string().refine(isMappedList, 'is no list of codes'),
  /** The source's own code, letter by letter. */
  outside: z.string().min(1).max(128),
  /** The standard code that it means. */
  code: z.string().min(1).max(64),
  /** The version that was seen; another one by now means that somebody else has changed it. 0: it had no meaning yet. */
  seen: z.number().int().min(0),
  reason: z.string().trim().max(500).default(''),
})

/**
 * Says what a source's own code means. Input that waited for it is replayed, and when it meant something else before, the cases and the figures
 * are read again: the worker does both within seconds.
 */
const mapCode = command({
  name: 'code.map',
  title: 'Say what it means',
  permission: 'codes:edit',
  input,
  async run({ tx, doer, at, audit }, { source, list, outside, code, seen, reason }): Promise<{ version: number }> {
    if (!isMappedList(list)) throw new UserError('not_found', 'There is no such list.', 404, 'list')
    const ours: readonly string[] = MAPPED_LISTS[list]
    if (ours.includes(outside))
      throw new UserError(
        'standard_code',
        `${outside} is a standard code: it means itself, whoever says it.`,
        409,
        'outside',
      )
    if (!ours.includes(code)) throw new UserError('unknown_code', `Choose one of: ${ours.join(', ')}.`, 400, 'code')
    const key = and(eq(codeMapping.source, source), eq(codeMapping.list, list), eq(codeMapping.outside, outside))
    const [before] = await tx.select().from(codeMapping).where(key).for('update')
    if ((before?.version ?? 0) !== seen)
      throw new UserError(
        'changed_meanwhile',
        before ? `Somebody has mapped it to ${before.code} meanwhile.` : 'It has no meaning yet.',
        409,
        'seen',
      )
    if (before?.code === code) throw new UserError('nothing_changed', 'It means that already.', 409, 'code')
    if (before && reason.length < 3)
      throw new UserError(
        'reason_missing',
        'Say why its meaning changes: history is read again with it.',
        400,
        'reason',
      )
    const row = {
      ...{ source, list, outside, code, version: seen + 1, changedBy: doer.id, changedAt: at },
      // Nothing that carries it could be taken in before: there are no cases to read again.
      applied: before?.applied ?? code,
    }
    const made = await tx
      .insert(codeMapping)
      .values(row)
      .onConflictDoUpdate({
        target: [codeMapping.source, codeMapping.list, codeMapping.outside],
        set: row,
        setWhere: eq(codeMapping.version, seen),
      })
      .returning({ version: codeMapping.version })
    if (made.length === 0)
      throw new UserError('changed_meanwhile', 'Somebody has mapped it at the same moment.', 409, 'seen')
    await audit(
      [
        {
          ...{ action: 'code.mapped', objectType: 'code_mapping', objectId: `${source} ${list} ${outside}` },
          diff: { code: [before?.code ?? null, code], version: [before?.version ?? null, seen + 1] },
        },
      ],
      { reason },
    )
    return { version: seen + 1 }
  },
})

export const codeCommands = [mapCode] as const
