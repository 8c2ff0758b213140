import { and, eq, sql } from 'drizzle-orm'
import { manualEntry } from '../../db/schema'
import { UserError } from '../../errors'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { periodOf, post } from '../record/books'

type Entry = typeof manualEntry.$inferSelect

const proposed = async ({ tx }: Context, approvalId: string): Promise<Entry | undefined> =>
  (
    await tx
      .select()
      .from(manualEntry)
      .where(and(eq(manualEntry.approvalId, approvalId), eq(manualEntry.state, 'proposed')))
      .for('update')
  )[0]

/** A yes posts the entry in the period that it was prepared for; a locked one takes it only from a controller, a closed one not at all. */
export const manualEffect: ApprovalEffect = {
  async approved(context, row) {
    const entry = await proposed(context, row.id)
    if (!entry) return
    const { tx, doer, at } = context
    if (context.actor.roles.includes('controller'))
      await tx.execute(sql`SELECT set_config('backhaul.gl_adjust', 'on', true)`)
    const period = periodOf(entry.occurredAt)
    const { rows } = await tx.execute<{ state: string }>(
      sql`SELECT state FROM period WHERE entity = ${entry.entity} AND period = ${period}`,
    )
    const [state] = rows
    if (state?.state === 'closed' || (state?.state === 'soft' && !context.actor.roles.includes('controller')))
      throw new UserError(
        'period_closed',
        `${period} of ${entry.entity} has been ${state.state === 'closed' ? 'closed' : 'locked'} since this was prepared: ${
          state.state === 'closed'
            ? 'reject it, and have it prepared in an open period.'
            : 'a controller must approve it.'
        }`,
        409,
        'ids',
      )
    const [entryId] = await post(tx, [
      {
        cause: `manual:${entry.id}`,
        template: entry.reverses ? 'reversal' : 'manual',
        origin: 'manual',
        ...{ entity: entry.entity, currency: entry.currency, at: entry.occurredAt, memo: entry.memo },
        lines: new Map(Object.entries(entry.lines).map(([account, value]) => [account, BigInt(value)])),
        ...{ preparedBy: entry.preparedBy, approvedBy: doer.id },
        ...(entry.reverses ? { reverses: entry.reverses } : {}),
      },
    ])
    await tx
      .update(manualEntry)
      .set({ state: 'posted', entryId: entryId ?? null, decidedAt: at })
      .where(eq(manualEntry.id, entry.id))
    await told(context, entry, 'posted', row.id, entryId)
  },
  async rejected(context, row, reason) {
    const entry = await proposed(context, row.id)
    if (!entry) return
    await context.tx
      .update(manualEntry)
      .set({ state: 'rejected', decidedAt: context.at })
      .where(eq(manualEntry.id, entry.id))
    await told(context, { ...entry, memo: reason }, 'rejected', row.id, undefined)
  },
}

const told = (context: Context, entry: Entry, state: string, approvalId: string, entryId: string | undefined) =>
  context.audit(
    [
      {
        action: `journal.${state}`,
        objectType: 'manual_entry',
        objectId: entry.id,
        entity: entry.entity,
        diff: { state: ['proposed', state], ...(entryId ? { entry: [null, entryId] } : {}) },
      },
    ],
    { approvalId, reason: entry.memo },
  )
