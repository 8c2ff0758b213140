import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { caseEvent, duty, evidenceLink, orderLine, returnUnit, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { divideHalfEven, formatUnits } from '../../money'
import { CONDITIONS, REASONS, RETURN_TYPES } from '../../returns/codes'
import { type Context, command, WORKFLOW } from '../command'
import { resolveByMachine } from '../exceptions'
import type { OrderLineRow, UnitRow } from '../record/types'
import { nextRmaId } from '../rma-id'
import { requireInScope } from '../scope'
import { inheritDuties, lockUnit, momentOf, moved, placeOf, requireOpen, voidedEvent } from '../unit'
import { code, part, receiptEvents } from './receive'

const input = z.union([
  z.strictObject({ unitId: code, expectedUnitId: code }),
  z.strictObject({
    unitId: code,
    orderLineId: code,
    reason: z.enum(REASONS),
    returnType: z.enum(RETURN_TYPES).default('refund'),
    comment: z.string().trim().max(500).optional(),
  }),
])

export interface Matched {
  readonly unitId: string
  readonly rmaId: string
}

/**
 * Says what an unmatched unit is. Where a return of it is expected, the blind receipt becomes the receipt of that unit; else a return is asked
 * for it, and decided like any other.
 */
export const match = command({
  name: 'unit.match',
  title: 'Match to a return or an order',
  permission: 'exceptions:resolve',
  input,
  async run(context, asked): Promise<Matched> {
    const blind = await lockUnit(context, asked.unitId)
    requireOpen('unit.match', blind)
    const matched =
      'expectedUnitId' in asked
        ? await toExpected(context, blind, await lockUnit(context, asked.expectedUnitId))
        : await toOrder(context, blind, asked)
    await resolveByMachine(context, {
      kind: 'unmatched_receipt',
      unitId: blind.id,
      resolution: 'matched_to_order',
      note: `Matched to ${matched.rmaId}, unit ${matched.unitId}.`,
    })
    return matched
  },
})

async function toExpected(context: Context, blind: UnitRow, unit: UnitRow): Promise<Matched> {
  requireOpen('unit.receive', unit)
  if (blind.quantity > unit.quantity)
    throw new UserError(
      'quantity_differs',
      `${blind.quantity} lie here and ${unit.quantity} are expected as ${unit.id}. Split what lies here, then match its parts.`,
      409,
      'unitId',
    )
  const rmaId = unit.rmaId ?? ''
  const told = await context.tx
    .select()
    .from(caseEvent)
    .where(and(eq(caseEvent.unitId, blind.id), eq(caseEvent.voided, false)))
  const physical = told.filter(({ type }) => type.startsWith('unit.'))
  if (physical.some(({ source }) => source !== WORKFLOW)) return adopt(context, blind, unit)
  // Its receipt is the receipt of the expected unit: the same hands at the same time. The blind unit was never a unit of its own.
  const at = momentOf(context, unit)
  const place = await placeOf(context, blind.facility)
  const receivedAt = blind.receivedAt && blind.receivedAt > unit.lastAt ? blind.receivedAt : at
  const { target, missing, events } = await part(context, unit, blind.quantity, receivedAt)
  const [received, movement] = receiptEvents(
    context,
    { ...unit, id: target ?? unit.id, quantity: blind.quantity },
    place,
    receivedAt,
    {
      condition: CONDITIONS.find((each) => each === blind.condition),
      serial: blind.serial || undefined,
      lot: blind.lot || undefined,
      location: blind.location || undefined,
      sku: blind.sku || undefined,
    },
  )
  const actor = physical.find(({ type }) => type === 'unit.received.v1')?.data.actor
  for (const event of [received, movement])
    if (event)
      events.push({ ...event, data: { ...event.data, ...(typeof actor === 'string' ? { actor } : {}) } } as AnyEvent)
  const here = target ?? unit.id
  const receivers = await context.tx
    .select()
    .from(duty)
    .where(and(eq(duty.unitId, blind.id), eq(duty.duty, 'receive')))
  for (const { person, at: when } of receivers)
    await context.tx.insert(duty).values({ rmaId, unitId: here, duty: 'receive', person, at: when })
  await context.record([...physical.map(voidedEvent), ...events])
  if (missing) await inheritDuties(context.tx, unit.id, [missing])
  await keepEvidence(context, blind.id, here)
  return { unitId: here, rmaId }
}

/** Another system counted it in under its own number, which stays: the expected unit ends, and this one is the return. */
async function adopt(context: Context, blind: UnitRow, unit: UnitRow): Promise<Matched> {
  const [settled] = await context.tx
    .select({ id: settlement.id })
    .from(settlement)
    .where(and(eq(settlement.unitId, unit.id), sql`${settlement.state} <> 'rejected'`))
    .limit(1)
  if (settled)
    throw new UserError(
      'settled_already',
      `${unit.id} has a settlement (${settled.id}): reject it first, then match, then propose it again.`,
      409,
      'expectedUnitId',
    )
  const [line] = await context.tx.select().from(orderLine).where(eq(orderLine.id, unit.orderLineId))
  const at = momentOf(context, blind.lastAt > unit.lastAt ? blind : unit)
  const rmaId = unit.rmaId ?? ''
  await context.record([
    requested(context, blind, line, {
      rmaId,
      at,
      reason: unit.reason,
      returnType: unit.returnType,
      sku: unit.sku,
      comment: unit.comment,
    }),
    ...(unit.authorizedAt
      ? [context.event('return.authorized.v1', blind.id, { unit_id: blind.id, reason: 'matched_receipt' }, at)]
      : []),
    // A request alone would say that it is only expected.
    moved(context, blind, 'received', at),
    context.event('return.cancelled.v1', unit.id, { unit_id: unit.id, reason: `received as ${blind.id}` }, at),
    moved(context, unit, 'cancelled', at),
  ])
  return { unitId: blind.id, rmaId }
}

async function toOrder(
  context: Context,
  blind: UnitRow,
  asked: Extract<z.output<typeof input>, { orderLineId: string }>,
): Promise<Matched> {
  const [line] = await context.tx.select().from(orderLine).where(eq(orderLine.id, asked.orderLineId)).for('update')
  requireInScope(
    context.actor,
    line && { entity: line.entity, channel: line.channel },
    `order line ${asked.orderLineId}`,
  )
  if (!line) throw new UserError('not_found', `There is no order line ${asked.orderLineId}.`, 404, 'orderLineId')
  const [{ n } = { n: 0 }] = await context.tx
    .select({ n: sql<number>`coalesce(sum(${returnUnit.quantity}), 0)::int` })
    .from(returnUnit)
    .where(
      sql`${returnUnit.orderLineId} = ${line.id} AND ${returnUnit.splitAt} IS NULL AND ${returnUnit.status} NOT IN ('cancelled', 'lost')`,
    )
  if (n + blind.quantity > line.quantity)
    throw new UserError(
      'over_ordered',
      `${line.quantity} were sold on this line and ${n} are in returns already: ${blind.quantity} more cannot be.`,
      409,
      'orderLineId',
    )
  const at = momentOf(context, blind)
  const rmaId = await nextRmaId(context.tx, at)
  context.duty('request', { rmaId, unitId: blind.id })
  await context.record([
    requested(context, blind, line, { ...asked, rmaId, at, sku: line.sku }),
    // A request alone would say that it is only expected.
    moved(context, blind, 'received', at),
  ])
  return { unitId: blind.id, rmaId }
}

/** The request of a unit that is here already. */
function requested(
  context: Context,
  unit: UnitRow,
  line: OrderLineRow | undefined,
  of: { rmaId: string; at: Date; reason: string; returnType: string; sku: string; comment?: string | undefined },
) {
  const pieces = BigInt(Math.max(1, line?.quantity ?? 1))
  return context.event(
    'return.requested.v1',
    unit.id,
    {
      unit_id: unit.id,
      rma_id: of.rmaId,
      order_line_id: line?.id ?? '',
      order_id: line?.orderId ?? '',
      sku: of.sku,
      quantity: unit.quantity,
      reason_code: REASONS.find((each) => each === of.reason) ?? 'other',
      return_type: RETURN_TYPES.find((each) => each === of.returnType) ?? 'refund',
      facility: unit.facility,
      ...(of.comment ? { comment: of.comment } : {}),
      ...(line
        ? {
            channel: line.channel,
            customer_id: line.customerId,
            unit_price: formatUnits(divideHalfEven(line.net + line.tax, pieces)),
            unit_cost: formatUnits(line.unitCost),
            currency: line.currency,
            sold_at: line.soldAt.toISOString(),
          }
        : {}),
    },
    of.at,
  )
}

/** Photos of what was found are photos of what it turned out to be. */
async function keepEvidence(context: Context, from: string, to: string): Promise<void> {
  const links = await context.tx
    .select()
    .from(evidenceLink)
    .where(and(eq(evidenceLink.subjectType, 'unit'), eq(evidenceLink.subjectId, from)))
  if (links.length > 0)
    await context.tx
      .insert(evidenceLink)
      .values(links.map((link) => ({ ...link, subjectId: to })))
      .onConflictDoNothing()
}
