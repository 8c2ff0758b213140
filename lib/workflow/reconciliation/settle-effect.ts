import { and, eq } from 'drizzle-orm'
import { reconciliationItem } from '../../db/schema'
import { UserError } from '../../errors'
import { sizeOf, WAYS } from '../../returns/reconciliation'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { resolveByMachine } from '../exceptions'
import { post } from '../record/books'
import { compare } from './compare'
import { everything } from './side'

type Item = typeof reconciliationItem.$inferSelect

const proposed = async ({ tx }: Context, approvalId: string): Promise<Item | undefined> =>
  (
    await tx
      .select()
      .from(reconciliationItem)
      .where(and(eq(reconciliationItem.approvalId, approvalId), eq(reconciliationItem.state, 'proposed')))
      .for('update')
  )[0]

/** A yes posts the entry that settles a difference, if the difference is still what it was. Other manual entries are not touched here. */
export const settlingEffect: ApprovalEffect = {
  async approved(context, row) {
    const item = await proposed(context, row.id)
    if (!item?.entry) return
    const way = WAYS.find((each) => item.key.startsWith(`${each}:`))
    const side = way && (await compare(context.tx, way, everything, context.at))
    const now = side?.differences.find(({ key }) => key === item.key)
    if (!now || sizeOf(now) !== item.difference)
      throw new UserError(
        'approval_stale',
        'The difference has changed since this was asked for: reject it, and look again.',
        409,
        'ids',
      )
    const { entity, currency, lines } = item.entry
    const [entryId] = await post(context.tx, [
      {
        cause: `reconciliation:${row.id}`,
        template: 'reconciliation',
        origin: 'manual',
        ...{ entity, currency, at: context.at },
        lines: new Map(Object.entries(lines).map(([name, amount]) => [name, BigInt(amount)])),
        ...{ preparedBy: item.decidedBy, approvedBy: context.doer.id, memo: `${item.key}: ${item.note}` },
      },
    ])
    await context.tx
      .update(reconciliationItem)
      .set({ state: 'settled', entryId: entryId ?? null, decidedAt: context.at })
      .where(eq(reconciliationItem.key, item.key))
    await resolveByMachine(context, {
      kind: 'reconciliation_difference',
      unitId: '',
      subject: item.key,
      resolution: 'settled_by_entry',
      note: `${item.note} (${entryId})`,
    })
    await told(context, item, 'settled', row.id, entryId ?? '')
  },
  async rejected(context, row) {
    const item = await proposed(context, row.id)
    if (!item) return
    await context.tx
      .update(reconciliationItem)
      .set({ state: 'open', decidedAt: context.at })
      .where(eq(reconciliationItem.key, item.key))
    await told(context, item, 'open', row.id, '')
  },
}

const told = (context: Context, item: Item, state: string, approvalId: string, entryId: string) =>
  context.audit(
    [
      {
        action: `reconciliation.${state === 'settled' ? 'settled' : 'entry_refused'}`,
        objectType: 'reconciliation',
        objectId: item.key,
        entity: item.entry?.entity ?? '',
        diff: { state: ['proposed', state], ...(entryId ? { entry: [null, entryId] } : {}) },
      },
    ],
    { approvalId, reason: item.note },
  )
