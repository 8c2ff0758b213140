import { eq } from 'drizzle-orm'
import type { Transaction } from '../../lib/db/client'
import { stockAdjustment, stockCount } from '../../lib/db/schema'
import { isStatusOnBooks } from '../../lib/returns/reconciliation'
import { enabled } from '../../lib/workflow/automation'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { raise } from '../../lib/workflow/exceptions'
import { audit } from '../../lib/workflow/record/audit'
import type { Doer } from '../../lib/workflow/record/types'
import { keepCount } from '../../lib/workflow/stock/keep-count'
import { carriedAtPlace, placeKey } from '../../lib/workflow/stock/places'
import { postAdjustment } from '../../lib/workflow/stock/post-adjustment'
import type { AnyEvent, CanonicalEvent } from '../contract/event'

const isCount = (event: AnyEvent): event is CanonicalEvent<'stock.counted.v1'> => event.type === 'stock.counted.v1'
const isAdjustment = (event: AnyEvent): event is CanonicalEvent<'stock.adjusted.v1'> =>
  event.type === 'stock.adjusted.v1'

/**
 * Keeps what outside systems tell of stock without a return: adjustments that they have made, and counts, each beside what the stock ledger
 * says of its moment. Our own come by here too, as everything in the log does, and are known already.
 */
export async function takeStock(tx: Transaction, events: readonly AnyEvent[], source: Doer, at: Date): Promise<void> {
  const adjustments = events.filter(isAdjustment)
  const counts = events.filter(isCount)
  if (adjustments.length + counts.length === 0) return
  const raises = await enabled(tx, 'exceptions')
  for (const event of adjustments) await takeAdjustment(tx, event, source, at)
  for (const { data, time, voided } of counts) {
    // A count that is taken back is as if it had never been.
    if (voided) {
      await tx.delete(stockCount).where(eq(stockCount.id, data.count_id))
      continue
    }
    const { count_id: id, facility, location, sku, status, quantity: counted, actor = source.id } = data
    await keepCount(
      automationRecorder(tx, 'exceptions', at, `count/${id}/${time}`),
      { id, facility, location, sku, status, counted, actor, at: new Date(time) },
      { raises, counter: source },
    )
  }
}

/**
 * An adjustment that another system made is a fact: the stock ledger and the books follow it, at what the goods are carried at. One that they
 * cannot follow (less is there, or nobody knows what it costs) is raised and left to people. The first word about it counts.
 */
async function takeAdjustment(
  tx: Transaction,
  { data, time, voided }: CanonicalEvent<'stock.adjusted.v1'>,
  source: Doer,
  at: Date,
): Promise<void> {
  const {
    adjustment_id: id,
    facility,
    location,
    sku,
    status,
    quantity: delta,
    reason = 'told by an outside system',
  } = data
  const [known] = await tx.select({ id: stockAdjustment.id }).from(stockAdjustment).where(eq(stockAdjustment.id, id))
  if (known || voided || delta === 0 || !isStatusOnBooks(status)) return
  const place = { facility, location, sku, status }
  const carried = (await carriedAtPlace(tx, place)).find(({ quantity }) => quantity + delta >= 0)
  const row = {
    ...{ id, countId: null, ...place, delta, reason },
    entity: carried?.entity ?? '',
    unitValue: carried?.unitValue ?? 0n,
    currency: carried?.currency ?? '',
    state: carried ? ('posted' as const) : ('rejected' as const),
    requestedBy: data.actor ?? source.id,
    requestedAt: new Date(time),
    decidedBy: source.id,
    decidedAt: at,
    approvalId: null,
  }
  await tx.insert(stockAdjustment).values(row)
  await audit(tx, source, at, [
    {
      action: carried ? 'stock.adjusted' : 'stock.adjustment_not_followed',
      objectType: 'stock_adjustment',
      objectId: id,
      entity: row.entity,
      diff: { place: [null, placeKey(place)], delta: [null, delta] },
    },
  ])
  if (carried)
    return postAdjustment({ tx, at }, row, { preparedBy: source.id, approvedBy: source.id, at: row.requestedAt })
  await raise(automationRecorder(tx, 'exceptions', at, `adjustment/${id}`), {
    kind: 'stock_difference',
    subject: placeKey(place),
    facility,
    message: `${source.name} adjusted ${sku} at ${facility}, ${status}, by ${delta}; the stock ledger does not have that much.`,
    detail: { adjustmentId: id, ...place, delta },
  })
}
