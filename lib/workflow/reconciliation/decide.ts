import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { authorize } from '../../auth/actor'
import { account, caseException, reconciliationItem } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import {
  DIFFERENCE_KINDS,
  type Difference,
  isSettlingAccount,
  sizeOf,
  WAYS,
  type Way,
} from '../../returns/reconciliation'
import { ask } from '../approvals'
import { requireEntity } from '../books/entities'
import { type Context, command } from '../command'
import { raise } from '../exceptions'
import { differenceOf } from '../record/audit'
import { compare } from './compare'
import { aboutOf } from './reconcile'
import { visibleTo } from './side'
import { dealtWith } from './states'

const key = z.string().min(1).max(400)
const note = z.string().trim().min(3, 'Say why, in a few words.').max(500)

/** The difference as it is now, in the actor's rows. 404 when both sides agree meanwhile. */
async function current(context: Context, name: string): Promise<Difference> {
  authorize(context.actor, 'journal:read')
  const way = WAYS.find((each): each is Way => name.startsWith(`${each}:`))
  const side = way && (await compare(context.tx, way, visibleTo(context.actor), context.at))
  const found = side?.differences.find((each) => each.key === name)
  if (!found)
    throw new UserError(
      'not_found',
      'There is no such difference: both sides agree, or it is not in your part of the company.',
      404,
      'key',
    )
  return found
}

const item = (context: Context, difference: Difference) => ({
  ...{ key: difference.key, difference: sizeOf(difference), currency: difference.currency },
  ...{ waitUntil: null, note: '', entry: null, approvalId: null, entryId: null },
  ...{ decidedBy: context.doer.id, decidedAt: context.at },
})

async function keep(
  context: Context,
  row: typeof reconciliationItem.$inferInsert,
  action: string,
  about: { reason: string; approvalId?: string },
): Promise<void> {
  const [before] = await context.tx
    .select()
    .from(reconciliationItem)
    .where(eq(reconciliationItem.key, row.key))
    .for('update')
  await context.tx
    .insert(reconciliationItem)
    .values(row)
    .onConflictDoUpdate({ target: reconciliationItem.key, set: row })
  await context.audit(
    [{ action, objectType: 'reconciliation', objectId: row.key, diff: differenceOf(before, row, ['decidedAt']) }],
    about,
  )
}

/** Leaves a difference until a day: it is expected to go away by itself. */
export const wait = command({
  name: 'reconciliation.wait',
  title: 'Wait',
  permission: 'exceptions:resolve',
  input: z.strictObject({
    key,
    /** A day, or an instant of it. */
    until: z.union([z.iso.date(), z.iso.datetime()]).transform((text) => text.slice(0, 10)),
    note,
  }),
  async run(context, asked): Promise<{ key: string; until: string }> {
    const difference = await current(context, asked.key)
    const waitUntil = new Date(`${asked.until}T23:59:59.999Z`)
    const most = new Date(context.at.getTime() + 90 * 86_400_000)
    if (waitUntil <= context.at || waitUntil > most)
      throw new UserError('wait_until', 'Choose a day from today on, at most 90 days ahead.', 400, 'until')
    await keep(
      context,
      { ...item(context, difference), state: 'waiting', waitUntil, note: asked.note },
      'reconciliation.waits',
      {
        reason: asked.note,
      },
    )
    return { key: asked.key, until: asked.until }
  },
})

/** Gives a difference to somebody; it becomes an exception where it is none yet. */
export const assign = command({
  name: 'reconciliation.assign',
  title: 'Assign',
  permission: 'exceptions:resolve',
  input: z.strictObject({ key, assignee: z.uuid().nullable() }),
  async run(context, asked): Promise<{ exceptionId: string }> {
    const difference = await current(context, asked.key)
    const known = (await dealtWith(context.tx, [difference], context.at))(difference)
    const exceptionId = known.exceptionId ?? (await raise(context, aboutOf(difference)))
    if (asked.assignee) {
      const [person] = await context.tx
        .select({ active: account.active })
        .from(account)
        .where(eq(account.id, asked.assignee))
      if (!person?.active)
        throw new UserError('unknown_person', 'There is no such person, or they have left.', 400, 'assignee')
    }
    const [before] = await context.tx
      .select()
      .from(caseException)
      .where(eq(caseException.id, exceptionId))
      .for('update')
    await context.tx.update(caseException).set({ assignee: asked.assignee }).where(eq(caseException.id, exceptionId))
    await context.audit([
      {
        action: 'exception.assigned',
        objectType: 'exception',
        objectId: exceptionId,
        diff: { assignee: [before?.assignee ?? null, asked.assignee] },
      },
    ])
    return { exceptionId }
  },
})

export interface SettleAsked {
  readonly key: string
  readonly approvalId: string | null
}

/** Asks to settle a difference by an entry against an account. It is posted with somebody else's yes, and only while the difference is the same. */
export const settle = command({
  name: 'reconciliation.settle',
  title: 'Settle with an entry',
  permission: 'journal:prepare',
  input: z.strictObject({
    key,
    /** What the difference is booked against. */
    account: z.string().refine(isSettlingAccount, 'is not an account that differences are booked to'),
    /** Whose books, where the difference itself does not say. */
    entity: z.string().trim().min(1).max(64).optional(),
    note: z.string().trim().min(8, 'Say what happened: the approver reads it.').max(500),
  }),
  async run(context, asked): Promise<SettleAsked> {
    const difference = await current(context, asked.key)
    if (DIFFERENCE_KINDS[difference.kind].settling !== 'entry')
      throw new UserError('not_by_entry', 'No entry can settle this: see what its exception asks for.', 409, 'key')
    const state = (await dealtWith(context.tx, [difference], context.at))(difference).state
    if (state === 'proposed' || state === 'settled')
      throw new UserError('already_dealt_with', `It is ${state} already.`, 409, 'key')
    const entity = difference.entity || asked.entity
    if (!entity) throw new UserError('entity_required', 'Say in whose books.', 400, 'entity')
    await requireEntity(context, entity)
    const size = sizeOf(difference)
    const control = difference.refs.account ?? 'cash_clearing'
    const lines = { [control]: size, [asked.account]: -size }
    const entry = {
      ...{ entity, currency: difference.currency },
      lines: Object.fromEntries(Object.entries(lines).map(([name, amount]) => [name, String(amount)])),
    }
    context.duty('prepare_journal', { unitId: difference.key })
    const amount = size < 0n ? -size : size
    const answer = await ask(context, {
      subjectType: 'journal',
      subjectId: difference.key,
      entity,
      amount,
      currency: difference.currency,
      payload: { key: difference.key, entry, note: asked.note },
      summary: `${DIFFERENCE_KINDS[difference.kind].label}, ${difference.title}: book ${formatUnits(amount, 2)} ${difference.currency} between ${control} and ${asked.account}. ${asked.note}`,
    })
    const row = { ...item(context, difference), state: 'proposed' as const, note: asked.note, entry }
    if (answer.state === 'free')
      throw new UserError(
        'approval_missing',
        'The approval policy asks nobody about manual entries: an entry that settles a difference needs a second person. Mend the policy.',
        409,
      )
    await keep(context, { ...row, approvalId: answer.id }, 'reconciliation.entry_asked', {
      reason: asked.note,
      approvalId: answer.id,
    })
    return { key: difference.key, approvalId: answer.id }
  },
})
