import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { ahead } from '../../db/line'
import { forEach, selectRows } from '../../db/rows'
import { caseException, orderLine } from '../../db/schema'
import { UserError } from '../../errors'
import { divideHalfEven, formatUnits } from '../../money'
import { REASONS, RETURN_TYPES } from '../../returns/codes'
import { automaton, did, enabled } from '../automation'
import { type Context, command } from '../command'
import { record, recordInTurn } from '../record/record'
import type { OrderLineRow } from '../record/types'
import { nextRmaId } from '../rma-id'
import { requireInScope } from '../scope'
import { type JudgedLine, judgeLine, returnedOf } from './judge'
import { decisionOf } from './policy-decision'

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
    // Asked for every line before the first answer is waited for.
    const considered = input.lines.map((asked) =>
      consider(context, lines.get(asked.orderLineId), asked, input.returnType),
    )
    const judged = new Map<string, JudgedLine>()
    for (const [at, asked] of input.lines.entries()) {
      const found = await considered[at]
      if (!found)
        throw new UserError('unknown_line', `Order ${input.orderId} has no line ${asked.orderLineId}.`, 404, 'lines')
      const { sold, gone, judgement } = found
      if (gone + asked.quantity > sold.quantity)
        throw new UserError(
          'over_ordered',
          `${sold.quantity} of ${sold.sku} were sold on this line and ${gone} are in returns already: ${asked.quantity} more cannot be.`,
          409,
          'lines',
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

/** What is known of an order line that is asked back: what of it is in returns already, and what the policy says. */
function consider(
  { tx, at }: Context,
  sold: OrderLineRow | undefined,
  { reason }: z.output<typeof line>,
  returnType: string,
) {
  if (!sold) return undefined
  // Lines are answered for in their order: what is wrong with a later one is not heard before.
  return ahead(
    Promise.all([returnedOf(tx, sold.id), judgeLine(tx, sold, { reason, returnType }, at)]).then(
      ([gone, judgement]) => ({
        sold,
        gone,
        judgement,
      }),
    ),
  )
}

const LINES = forEach('order_line', 'id = wanted.key AND order_id = $2', 'FOR UPDATE')

async function lockLines(context: Context, input: RequestInput): Promise<Map<string, OrderLineRow>> {
  const ids = [...new Set(input.lines.map(({ orderLineId }) => orderLineId))].sort()
  if (ids.length < input.lines.length)
    throw new UserError(
      'line_twice',
      'Name each order line once, with its whole quantity and one reason.',
      400,
      'lines',
    )
  const rows = await selectRows(context.tx, orderLine, LINES, [ids, input.orderId])
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
  const clear = !overridden && [...judged.values()].every(({ terms }) => terms.approval === 'auto')
  const [rmaId, authorized] = await Promise.all([
    nextRmaId(context.tx, context.at),
    clear && enabled(context.tx, 'policy_approval'),
  ])
  const events: AnyEvent[] = []
  for (const asked of input.lines) {
    const sold = lines.get(asked.orderLineId)
    const judgement = judged.get(asked.orderLineId)
    if (!sold || !judgement) continue
    // Trade customers send cartons, which are handled as one until an inspection finds that they are not uniform.
    const quantities = sold.channel === 'wholesale' ? [asked.quantity] : Array.from({ length: asked.quantity }, () => 1)
    for (const quantity of quantities) {
      const unitId = `${rmaId}-${events.length + 1}`
      context.duty('request', { rmaId, unitId })
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
  const policyDecision = { ...decisionOf(judged), ...(overridden ? { exceptionId: input.exceptionId } : {}) }
  const rmas = new Map([
    [rmaId, { policyDecision, policyVersion: String(first?.version ?? ''), policyRow: first?.row ?? '' }],
  ])
  const { tx, doer, at, commandId } = context
  const asked = { events, doer, at, commandId, rmas, lines: [...lines.values()] }
  const version = String(first?.version ?? '')
  if (authorized) {
    const yes = authorizations(context, units, version, first?.row ?? '')
    await recordInTurn(tx, [asked, { events: yes, doer: automaton('policy_approval'), at, commandId }])
    // Goes out with the end of the command.
    ahead(didAuthorize(context, rmaId, version, first?.row ?? ''))
  } else await record(tx, asked)
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
  await context.record(authorizations(context, units, version, row))
  await didAuthorize(context, rmaId, version, row)
}

function authorizations(
  context: Pick<Context, 'at' | 'event'>,
  units: readonly string[],
  version: string,
  row: string,
): AnyEvent[] {
  const after = new Date(context.at.getTime() + 1)
  return units.map((unitId) =>
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
}

const didAuthorize = ({ tx, at }: Pick<Context, 'tx' | 'at'>, rmaId: string, version: string, row: string) =>
  did(tx, 'policy_approval', at, { rmaId, objectId: rmaId, reason: `Policy version ${version}, row ${row}.` })
