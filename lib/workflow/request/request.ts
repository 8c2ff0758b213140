import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { caseException, orderLine } from '../../db/schema'
import { UserError } from '../../errors'
import { divideHalfEven, formatUnits } from '../../money'
import { REASONS, RETURN_TYPES } from '../../returns/codes'
import { automaton, did, enabled } from '../automation'
import { type Context, command } from '../command'
import { record } from '../record/record'
import type { OrderLineRow } from '../record/types'
import { nextRmaId } from '../rma-id'
import { requireInScope } from '../scope'
import { type JudgedLine, judgeLine, returnedOf } from './judge'

const line = z
  .strictObject({
    orderLineId: z.string().min(1).max(128),
    quantity: z.int().min(1).max(100_000),
    reason: z.enum(REASONS),
    comment: z.string().trim().max(2_000).default(''),
  })
  .refine(({ reason, comment }) => reason !== 'other' || comment.length >= 3, {
    error: 'Say in a few words why: the reason "other" needs a note.',
    path: ['comment'],
  })

export const requestInput = z.strictObject({
  orderId: z.string().min(1).max(128),
  returnType: z.enum(RETURN_TYPES).default('refund'),
  lines: z.array(line).min(1, 'Choose what comes back.').max(500),
  /** An approved exception of kind policy_override, for what the policy does not take back. */
  exceptionId: z.string().max(128).optional(),
})
export type RequestInput = z.output<typeof requestInput>

export interface Requested {
  readonly rmaId: string
  readonly units: readonly string[]
  readonly decision: 'authorized' | 'waiting'
  /** Line by line, what the policy said. */
  readonly judged: readonly { orderLineId: string; row: string; note: string; explanation: readonly string[] }[]
}

/** Asks for a return. What is already in returns is counted under a lock on the order lines: two people cannot both return the same piece. */
export const request = command({
  name: 'return.request',
  title: 'Ask for a return',
  permission: 'returns:create',
  input: requestInput,
  async run(context, input): Promise<Requested> {
    const lines = await lockLines(context, input)
    const override = await approvedOverride(context, input.exceptionId)
    const judged = new Map<string, JudgedLine>()
    for (const asked of input.lines) {
      const sold = lines.get(asked.orderLineId)
      if (!sold)
        throw new UserError('unknown_line', `Order ${input.orderId} has no line ${asked.orderLineId}.`, 404, 'lines')
      const gone = await returnedOf(context.tx, sold.id)
      if (gone + asked.quantity > sold.quantity)
        throw new UserError(
          'over_ordered',
          `${sold.quantity} of ${sold.sku} were sold on this line and ${gone} are in returns already: ${asked.quantity} more cannot be.`,
          409,
          'lines',
        )
      const judgement = await judgeLine(
        context.tx,
        sold,
        { reason: asked.reason, returnType: input.returnType },
        context.at,
      )
      if (!judgement.terms.returnable && !override)
        throw new UserError(
          'not_returnable',
          `${sold.sku}: ${judgement.note} An approved exception of the kind "policy override" lets it through.`,
          409,
          judgement.row,
        )
      judged.set(asked.orderLineId, judgement)
    }
    return open(context, input, lines, judged, override !== undefined)
  },
})

async function lockLines(context: Context, input: RequestInput): Promise<Map<string, OrderLineRow>> {
  const ids = [...new Set(input.lines.map(({ orderLineId }) => orderLineId))].sort()
  if (ids.length < input.lines.length)
    throw new UserError(
      'line_twice',
      'Name each order line once, with its whole quantity and one reason.',
      400,
      'lines',
    )
  const rows = await context.tx
    .select()
    .from(orderLine)
    .where(and(eq(orderLine.orderId, input.orderId), inArray(orderLine.id, ids)))
    .orderBy(orderLine.id)
    .for('update')
  const [first] = rows
  requireInScope(context.actor, first && { entity: first.entity, channel: first.channel }, `order ${input.orderId}`)
  return new Map(rows.map((row) => [row.id, row]))
}

async function approvedOverride(context: Context, id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined
  const [row] = await context.tx.select().from(caseException).where(eq(caseException.id, id))
  const approved = row?.kind === 'policy_override' && row.state === 'resolved' && row.resolution === 'approved'
  if (!approved || row.resolvedBy === context.doer.id)
    throw new UserError(
      'override_not_approved',
      'This exception is not an approved policy override of somebody else.',
      409,
      'exceptionId',
    )
  return id
}

async function open(
  context: Context,
  input: RequestInput,
  lines: ReadonlyMap<string, OrderLineRow>,
  judged: ReadonlyMap<string, JudgedLine>,
  overridden: boolean,
): Promise<Requested> {
  const rmaId = await nextRmaId(context.tx, context.at)
  const events: AnyEvent[] = []
  for (const asked of input.lines) {
    const sold = lines.get(asked.orderLineId)
    const judgement = judged.get(asked.orderLineId)
    if (!sold || !judgement) continue
    // Trade customers send cartons, which are handled as one until an inspection finds that they are not uniform.
    const quantities = sold.channel === 'wholesale' ? [asked.quantity] : Array.from({ length: asked.quantity }, () => 1)
    for (const quantity of quantities) {
      const unitId = `${rmaId}-${events.length + 1}`
      await context.duty('request', { rmaId, unitId })
      events.push(
        context.event('return.requested.v1', unitId, {
          unit_id: unitId,
          rma_id: rmaId,
          order_id: sold.orderId,
          order_line_id: sold.id,
          sku: sold.sku,
          quantity,
          reason_code: asked.reason,
          return_type: input.returnType,
          channel: sold.channel,
          ...(sold.customerId ? { customer_id: sold.customerId } : {}),
          ...(asked.comment ? { comment: asked.comment } : {}),
          ...(judgement.facility ? { facility: judgement.facility } : {}),
          unit_price: formatUnits(divideHalfEven(sold.net + sold.tax, BigInt(sold.quantity))),
          unit_cost: formatUnits(sold.unitCost),
          currency: sold.currency,
          sold_at: sold.soldAt.toISOString(),
          policy_row: judgement.row || 'none',
        }),
      )
    }
  }
  const units = events.map(({ subject }) => subject ?? '')
  const [first] = judged.values()
  const policyDecision = {
    version: first?.version ?? 0,
    lines: [...judged].map(([orderLineId, each]) => ({
      orderLineId,
      row: each.row,
      note: each.note,
      terms: each.terms,
      explanation: each.explanation,
      routing: { facility: each.facility, row: each.routingRow },
    })),
    ...(overridden ? { exceptionId: input.exceptionId } : {}),
  }
  const rmas = new Map([
    [rmaId, { policyDecision, policyVersion: String(first?.version ?? ''), policyRow: first?.row ?? '' }],
  ])
  await context.record(events, { rmas })
  const clear = !overridden && [...judged.values()].every(({ terms }) => terms.approval === 'auto')
  const authorized = clear && (await enabled(context.tx, 'policy_approval'))
  if (authorized) {
    const doer = automaton('policy_approval')
    const asAutomation = {
      ...context,
      record: (made: readonly AnyEvent[]) =>
        record(context.tx, { events: made, doer, at: context.at, commandId: context.commandId }),
    }
    await authorizeByPolicy(asAutomation, rmaId, units, String(first?.version ?? ''), first?.row ?? '')
  }
  return {
    rmaId,
    units,
    decision: authorized ? 'authorized' : 'waiting',
    judged: [...judged].map(([orderLineId, { row, note, explanation }]) => ({ orderLineId, row, note, explanation })),
  }
}

/** Authorizes units because their policy row says so, in the name of the automation. */
export async function authorizeByPolicy(
  context: Pick<Context, 'tx' | 'at' | 'event' | 'record'>,
  rmaId: string,
  units: readonly string[],
  version: string,
  row: string,
): Promise<void> {
  const after = new Date(context.at.getTime() + 1)
  const events = units.map((unitId) =>
    context.event(
      'return.authorized.v1',
      unitId,
      {
        unit_id: unitId,
        reason: 'in_policy',
        policy_version: version,
        policy_row: row || 'none',
        actor: automaton('policy_approval').id,
      },
      after,
    ),
  )
  await context.record(events)
  await did(context.tx, 'policy_approval', context.at, {
    rmaId,
    objectId: rmaId,
    reason: `Policy version ${version}, row ${row}.`,
  })
}
