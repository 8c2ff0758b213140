import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { command } from '../command'
import { type ReplayAccount, replayIn } from './replay'
import { inWords, selected, selectionInput } from './selection'

/** Reads input that was refused again and takes what has become readable; some thousands of rows at most, `next` says where to go on. */
const replay = command({
  name: 'quarantine.replay',
  title: 'Replay',
  permission: 'ingest:replay',
  input: z.strictObject({
    which: selectionInput,
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
  }),
  async run({ tx, doer, audit }, { which, after }): Promise<ReplayAccount> {
    const account = await replayIn(tx, which, { by: doer.id, settle: true, after })
    await audit([
      {
        action: 'quarantine.replayed',
        objectType: 'quarantine',
        objectId: inWords(which),
        diff: { ...account },
      },
    ])
    return account
  },
})

/** Gives up on input that was refused: it stays, with who, when and why, and is never replayed. */
const dismiss = command({
  name: 'quarantine.dismiss',
  title: 'Dismiss',
  permission: 'ingest:replay',
  input: z.strictObject({
    which: selectionInput,
    reason: z.string().trim().min(3, 'Say why it is dismissed.').max(500),
  }),
  async run({ tx, doer, at, audit }, { which, reason }): Promise<{ dismissed: number }> {
    const { rows } = await tx.execute<{ id: string }>(sql`
      UPDATE quarantine SET state = 'dismissed', settled_at = ${at.toISOString()}::timestamptz, settled_by = ${doer.id}, note = ${reason}
      WHERE state = 'open' AND ${selected(which)} RETURNING id::text`)
    await audit(
      [
        {
          action: 'quarantine.dismissed',
          objectType: 'quarantine',
          objectId: inWords(which),
          diff: { dismissed: rows.length, ids: rows.slice(0, 100).map(({ id }) => id) },
        },
      ],
      { reason },
    )
    return { dismissed: rows.length }
  },
})

export const quarantineCommands = [replay, dismiss] as const
