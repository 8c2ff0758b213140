import { and, eq, gte, inArray, ne } from 'drizzle-orm'
import { z } from 'zod'
import { approval, caseEvent, caseException, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { isExceptionKind } from '../../returns/exceptions'
import { type Context, command, WORKFLOW } from '../command'
import { resolveByMachine } from '../exceptions'
import { afterwards, contentOf } from '../settlements/effect'
import { lockUnit, requireOpen, voidedEvent } from '../unit'
import { code } from './receive'

/** How long a receipt may be taken back by who made it. */
export const UNDO_SECONDS = 30

const input = z.strictObject({ unitId: code })

export interface Undone {
  /** Every unit that the receipt had touched: itself, what was split off, what was extra. */
  readonly unitIds: readonly string[]
}

/** What a receipt makes true; everything else that came with it is taken back in its own way. */
const PHYSICAL = /^unit\.(received|moved|split)\./
/** What cannot be taken back with it. What carriers tell, exceptions, and money that is only promised can. */
const CONSEQUENCES = /^(unit|return|claim)\.|^settlement\.paid\./
const PROMISED = ['proposed', 'approved']

/** Takes a receipt back as if it had not been: within 30 s, by the person who made it, and only while nothing has followed from it. */
export const undoReceipt = command({
  name: 'unit.undo_receipt',
  title: 'Undo the receipt',
  permission: 'units:receive',
  input,
  async run(context, { unitId }): Promise<Undone> {
    const unit = await lockUnit(context, unitId)
    requireOpen('unit.undo_receipt', unit)
    const { commandId, time, actor } = await lastReceipt(context, unitId)
    if (actor !== context.doer.id)
      throw new UserError('not_yours', 'Only the person who received it may undo it. Raise an exception instead.', 403)
    if (context.at.getTime() - time.getTime() > UNDO_SECONDS * 1000)
      throw new UserError(
        'too_late',
        `A receipt can be undone for ${UNDO_SECONDS} seconds. Raise an exception instead, so that the record shows both.`,
        409,
      )
    const made = await context.tx.select().from(caseEvent).where(eq(caseEvent.commandId, commandId))
    const physical = made.filter(({ type, voided }) => PHYSICAL.test(type) && !voided)
    const unitIds = [
      ...new Set([unitId, ...physical.map((event) => event.unitId), ...physical.flatMap(partsOf)]),
    ].sort()
    for (const id of unitIds) if (id !== unitId) await lockUnit(context, id)
    await requireNothingFollowed(context, unitIds, commandId, time)
    await withdraw(context, unitIds, time)
    await context.record(physical.map(voidedEvent), { reason: 'receipt undone' })
    const ids = made.flatMap(({ type, data }) =>
      type === 'exception.raised.v1' && typeof data.exception_id === 'string' ? [data.exception_id] : [],
    )
    const raised =
      ids.length === 0 ? [] : await context.tx.select().from(caseException).where(inArray(caseException.id, ids))
    for (const { kind, unitId: about, subject } of raised)
      if (isExceptionKind(kind))
        await resolveByMachine(context, {
          kind,
          unitId: about,
          subject,
          resolution: 'undone',
          note: 'The receipt was undone.',
        })
    return { unitIds }
  },
})

async function requireNothingFollowed(
  context: Context,
  unitIds: readonly string[],
  commandId: string,
  time: Date,
): Promise<void> {
  const events = await context.tx
    .select()
    .from(caseEvent)
    .where(inArray(caseEvent.unitId, [...unitIds]))
  const followed = events.find(
    (event) => event.commandId !== commandId && !event.voided && event.time >= time && CONSEQUENCES.test(event.type),
  )
  if (followed)
    throw new UserError(
      'has_followed',
      `${followed.type.replace(/\.v1$/, '')} has followed from this receipt already: it can no longer be undone.`,
      409,
    )
}

/** Money that was promised because the goods had come is withdrawn; money that is on its way is not. */
async function withdraw(context: Context, unitIds: readonly string[], time: Date): Promise<void> {
  const rows = await context.tx
    .select()
    .from(settlement)
    .where(
      and(
        inArray(settlement.unitId, [...unitIds]),
        eq(settlement.external, false),
        ne(settlement.state, 'rejected'),
        gte(settlement.proposedAt, time),
      ),
    )
    .for('update')
  for (const row of rows) {
    if (!PROMISED.includes(row.state))
      throw new UserError(
        'has_followed',
        `Settlement ${row.id} is ${row.state} already: it can no longer be undone.`,
        409,
      )
    await context.tx
      .update(approval)
      .set({ state: 'void', decidedAt: context.at })
      .where(and(eq(approval.subjectType, 'settlement'), eq(approval.subjectId, row.id), eq(approval.state, 'open')))
    await context.record(
      [
        context.event(
          'settlement.rejected.v1',
          row.unitId,
          { ...contentOf(row), actor: context.doer.id },
          afterwards(row, context.at),
        ),
      ],
      { reason: 'receipt undone' },
    )
  }
}

const partsOf = ({ type, data }: { type: string; data: Record<string, unknown> }): string[] =>
  type === 'unit.split.v1' && Array.isArray(data.into)
    ? data.into.flatMap((part: { unit_id?: unknown }) => (typeof part.unit_id === 'string' ? [part.unit_id] : []))
    : []

async function lastReceipt(context: Context, unitId: string) {
  const receipts = await context.tx
    .select()
    .from(caseEvent)
    .where(and(eq(caseEvent.unitId, unitId), eq(caseEvent.type, 'unit.received.v1'), eq(caseEvent.voided, false)))
  const last = receipts.sort((a, b) => b.time.getTime() - a.time.getTime())[0]
  if (!last || last.source !== WORKFLOW || !last.commandId)
    throw new UserError('not_yours', 'Another system told this receipt: it is corrected there.', 409)
  return { commandId: last.commandId, time: last.time, actor: last.data.actor }
}
