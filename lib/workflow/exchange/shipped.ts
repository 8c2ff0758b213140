import { eq, inArray } from 'drizzle-orm'
import type { AnyEvent, CanonicalEvent } from '../../../ingest/contract/event'
import type { Transaction } from '../../db/client'
import { orderLine, replacement, settlement } from '../../db/schema'
import { formatUnits } from '../../money'
import { carriedBy } from '../../returns/exchange'
import { automationRecorder } from '../automation-recorder'
import { raise } from '../exceptions'
import { audit } from '../record/audit'
import { recomputePayments } from '../record/payments'
import type { Doer } from '../record/types'
import { lockReplacement, moveReplacement, type ReplacementRow } from './replacement'

type Sale = CanonicalEvent<'sale.shipped.v1'>
const isSale = (event: AnyEvent): event is Sale => event.type === 'sale.shipped.v1'

/** What the shop calls the replacement by. */
const referenceOf = ({ data }: Sale): string => data.exchange_ref ?? data.order_id

/**
 * Sales that are the replacements of our exchanges, by their reference: what was ordered is shipped, and its settlement can be finished. A sale
 * that is taken back makes it ordered again. What does not fit what was agreed is a fact all the same, and is raised.
 */
export async function takeShipped(tx: Transaction, events: readonly AnyEvent[], source: Doer, at: Date): Promise<void> {
  const sales = events.filter(isSale)
  if (sales.length === 0) return
  const references = [...new Set(sales.map(referenceOf))]
  const known = await tx.select().from(replacement).where(inArray(replacement.reference, references))
  for (const { settlementId, reference } of known.sort((a, b) => (a.settlementId < b.settlementId ? -1 : 1))) {
    const sale = sales.findLast((each) => referenceOf(each) === reference)
    if (sale) await takeOne(tx, settlementId, sale, source, at)
  }
}

async function takeOne(tx: Transaction, settlementId: string, { data }: Sale, source: Doer, at: Date): Promise<void> {
  const [own] = await tx.select().from(settlement).where(eq(settlement.id, settlementId)).for('update')
  const row = await lockReplacement(tx, settlementId)
  // The line as it is now, of all that was told of it.
  const [line] = await tx.select().from(orderLine).where(eq(orderLine.id, data.order_line_id))
  if (!own || !row || !line) return
  if (row.state === 'shipped' && row.orderLineId !== line.id) return
  const gone = line.quantity === 0
  if (row.state === 'cancelled') {
    if (!gone)
      await tell(
        tx,
        row,
        at,
        'after_cancel',
        'It was shipped although it was cancelled: ask for it back, or stop the refund.',
      )
    return
  }
  const carried = gone ? 0n : carriedBy(row, line.net + line.tax)
  if (gone ? row.state !== 'shipped' : row.state === 'shipped' && row.carried === carried) return
  if (gone && own.state === 'paid') {
    await tell(tx, row, at, 'taken_back', 'Its shipment was taken back after the exchange was finished.')
    return
  }
  const entry = await moveReplacement(tx, row, {
    state: gone ? 'ordered' : 'shipped',
    orderLineId: gone ? null : line.id,
    shippedAt: gone ? null : line.soldAt,
    carried,
  })
  await audit(tx, source, at, [entry])
  if (own.state === 'approved')
    await tx
      .update(settlement)
      .set({ nextAttemptAt: gone ? null : at, version: own.version + 1 })
      .where(eq(settlement.id, own.id))
  await recomputePayments(tx, [own.orderId, line.orderId], false)
  if (gone) return
  if (own.state === 'proposed')
    await tell(tx, row, at, 'not_approved', 'It was shipped before its exchange was approved.')
  if (line.sku !== row.sku || line.quantity !== row.quantity)
    await tell(
      tx,
      row,
      at,
      'other_goods',
      `${line.quantity} × ${line.sku} was shipped where ${row.quantity} × ${row.sku} was agreed.`,
    )
  if (line.net + line.tax > row.due)
    await tell(
      tx,
      row,
      at,
      'sold_price',
      `It was told as sold for ${formatUnits(line.net + line.tax, 2)} ${line.currency} where ${formatUnits(row.due, 2)} was to be paid: figures count the difference as a sale.`,
    )
}

const tell = (tx: Transaction, row: ReplacementRow, at: Date, what: string, message: string) =>
  raise(automationRecorder(tx, 'exceptions', at, `${row.settlementId}/${what}/${at.getTime()}`), {
    kind: 'contradiction',
    unitId: row.unitId,
    rmaId: row.rmaId,
    subject: `${row.reference}/${what}`,
    value: row.value,
    currency: row.currency,
    message: `Replacement ${row.reference}: ${message}`,
  })
