import { and, eq, gt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { approval, stockAdjustment, stockCount } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { ask } from '../approvals'
import { type Context, command } from '../command'
import { postApproved } from './adjust-effect'
import { place, requireFacility } from './count'
import { carriedAtPlace, type Place, placeKey } from './places'
import type { Adjustment } from './post-adjustment'

const id = z.string().trim().min(1).max(128)
const reason = z.string().trim().min(8, 'Say in a few words what happened.').max(500)

const input = z.union([
  z.strictObject({ countId: id, reason }),
  z.strictObject({
    ...place,
    delta: z
      .number()
      .int()
      .min(-100_000)
      .max(100_000)
      .refine((delta) => delta !== 0, 'Say how many more or fewer there are.'),
    reason,
  }),
])

export interface AdjustmentAsked {
  readonly adjustmentId: string
  readonly delta: number
  /** What it changes in value, as a decimal of `currency`. */
  readonly value: string
  readonly currency: string
  /** Set while a second person must say yes first: nothing has been booked yet. */
  readonly approvalId: string | null
}

/** Asks to put the stock ledger right: by the difference of a count, or by a number. It is booked with somebody else's yes. */
export const adjust = command({
  name: 'stock.adjust',
  title: 'Ask for an adjustment',
  permission: 'stock:adjust',
  input,
  async run(context, asked): Promise<AdjustmentAsked> {
    const wanted = 'countId' in asked ? await ofCount(context, asked.countId) : { ...asked, countId: null }
    await requireFacility(context, wanted.facility)
    await requireNoneOpen(context, wanted)
    const carried = (await carriedAtPlace(context.tx, wanted)).find(({ quantity }) => quantity + wanted.delta >= 0)
    if (!carried)
      throw new UserError(
        'stock_below_zero',
        `The ledger has fewer of ${wanted.sku} in status ${wanted.status} at ${wanted.facility} than are to be taken away, or does not know the item.`,
        409,
        'delta',
      )
    const { facility, location, sku, status, delta, countId } = wanted
    const row: Adjustment = {
      id: `SA-${context.commandId}`,
      ...{ countId, facility, location, sku, status, delta, reason: asked.reason },
      entity: carried.entity,
      unitValue: carried.unitValue,
      currency: carried.currency,
      state: 'proposed',
      requestedBy: context.doer.id,
      requestedAt: context.at,
      decidedBy: null,
      decidedAt: null,
      approvalId: null,
    }
    const value = row.unitValue * BigInt(delta)
    context.duty('adjust_request', { unitId: row.id })
    const answer = await ask(context, {
      subjectType: 'adjustment',
      subjectId: row.id,
      entity: row.entity,
      facility,
      amount: value < 0n ? -value : value,
      currency: row.currency,
      payload: { ...wanted, id: row.id, unitValue: row.unitValue, entity: row.entity, reason: asked.reason },
      summary: `${delta > 0 ? 'Add' : 'Take away'} ${Math.abs(delta)} × ${sku} at ${placeKey(wanted)}, ${formatUnits(value, 2)} ${row.currency}: ${asked.reason}`,
    })
    const approvalId = answer.state === 'waiting' ? answer.id : null
    await context.tx.insert(stockAdjustment).values({ ...row, approvalId })
    await context.audit(
      [
        {
          action: 'stock.adjustment_asked',
          objectType: 'stock_adjustment',
          objectId: row.id,
          entity: row.entity,
          diff: { place: [null, placeKey(wanted)], delta: [null, delta], value: [null, formatUnits(value)] },
        },
      ],
      { reason: asked.reason, ...(approvalId ? { approvalId } : {}) },
    )
    if (approvalId === null) await postApproved(context, row, '')
    return { adjustmentId: row.id, delta, value: formatUnits(value), currency: row.currency, approvalId }
  },
})

interface Wanted extends Place {
  readonly delta: number
  readonly countId: string | null
}

/** What a count asks for: its difference. */
async function ofCount(context: Context, countId: string): Promise<Wanted> {
  const [row] = await context.tx.select().from(stockCount).where(eq(stockCount.id, countId)).for('update')
  if (!row) throw new UserError('not_found', `There is no count ${countId}.`, 404, 'countId')
  if (row.settled || row.counted === row.expected)
    throw new UserError('count_settled', 'This count agrees with the ledger, or was settled already.', 409, 'countId')
  const { facility, location, sku, status } = row
  return { facility, location, sku, status, delta: row.counted - row.expected, countId }
}

/** One question about a place at a time: two would both be granted. One that nobody answered in time is over. */
async function requireNoneOpen(context: Context, wanted: Wanted): Promise<void> {
  const { facility, location, sku, status } = wanted
  await context.tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`adjust:${placeKey(wanted)}`}, 0))`)
  const [open] = await context.tx
    .select({ id: stockAdjustment.id })
    .from(stockAdjustment)
    .innerJoin(approval, eq(approval.id, stockAdjustment.approvalId))
    .where(
      and(
        eq(stockAdjustment.state, 'proposed'),
        eq(approval.state, 'open'),
        gt(approval.expiresAt, context.at),
        eq(stockAdjustment.facility, facility),
        eq(stockAdjustment.location, location),
        eq(stockAdjustment.sku, sku),
        eq(stockAdjustment.status, status),
      ),
    )
    .limit(1)
  if (open)
    throw new UserError(
      'adjustment_open',
      `An adjustment of this place waits for an answer already (${open.id}).`,
      409,
      'sku',
    )
}
