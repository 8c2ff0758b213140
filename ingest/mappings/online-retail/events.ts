import { formatUnits } from '../../../lib/money'
import type { CanonicalEvent } from '../../contract/event'
import type { EventData, EventType } from '../../contract/types'
import type { InvoiceLine } from './source'

export const SOURCE = '/import/online-retail'
export const FACILITY = 'online-retail-uk'
export const ENTITY = 'online-retail'
export const CURRENCY = 'GBP'

const order = (line: InvoiceLine) => `OR-${line.invoice}`
export const lineId = (line: InvoiceLine): string => `${order(line)}-${line.position}`
const place = (line: InvoiceLine) => `${line.invoice}:${line.position}`

function event<T extends EventType>(
  type: T,
  id: string,
  line: InvoiceLine,
  subject: string,
  data: EventData<T>,
  more: { sequence?: string; revision?: number; voided?: boolean } = {},
): CanonicalEvent<T> {
  return { specversion: '1.0', id, source: SOURCE, type, time: line.time, subject, ...more, data }
}

const described = (line: InvoiceLine) => ({
  ...(line.description ? { product_name: line.description } : {}),
  ...(line.country ? { country: line.country } : {}),
  ...(line.customer ? { customer_id: line.customer } : {}),
  entity: ENTITY,
})

/** The sale of a line. Corrections are revisions of it: `cancelled` pieces are no sale, and when all are, the event is voided. */
export function saleOf(line: InvoiceLine, revision = 0, cancelled = 0): CanonicalEvent<'sale.shipped.v1'> {
  const left = line.quantity - cancelled
  const quantity = left === 0 ? line.quantity : left
  const data = {
    order_id: order(line),
    order_line_id: lineId(line),
    sku: line.sku,
    quantity,
    net_amount: formatUnits(BigInt(quantity) * line.price),
    currency: CURRENCY,
    channel: 'web',
    facility: FACILITY,
    ...described(line),
    ...(cancelled > 0 ? { cancelled_quantity: cancelled } : {}),
  }
  const more = revision === 0 ? {} : left === 0 ? { revision, voided: true } : { revision }
  return event('sale.shipped.v1', `sale:${place(line)}`, line, lineId(line), data, more)
}

/** Request, receipt, refund. */
export const EVENTS_OF_RETURN = 3
const NO_REASON = 'The source gives no reason.'

/**
 * A return unit: `quantity` pieces of credit line `line`, of the sale `sold`, or without one. `part` numbers the units of the line from 1.
 * The credit note is all that the source tells, so request, receipt and refund carry its time, in this order. It tells of no inspection.
 */
export function returnOf(
  line: InvoiceLine,
  part: number,
  quantity: number,
  sold: InvoiceLine | undefined,
): CanonicalEvent[] {
  const unit = `${lineId(line)}-${part}`
  const id = `${place(line)}:${part}`
  const requested = {
    unit_id: unit,
    rma_id: order(line),
    order_line_id: sold ? lineId(sold) : `unmatched:${place(line)}`,
    sku: line.sku,
    quantity,
    reason_code: 'other' as const,
    return_type: 'refund' as const,
    comment: NO_REASON,
    channel: 'web',
    facility: FACILITY,
    unit_price: formatUnits(line.price),
    currency: CURRENCY,
    ...(sold ? { order_id: order(sold), sold_at: sold.time } : {}),
    ...described(line),
  }
  const received = { unit_id: unit, facility: FACILITY, quantity, rma_id: order(line) }
  const paid = {
    settlement_id: unit,
    unit_id: unit,
    kind: 'refund' as const,
    amount: formatUnits(BigInt(quantity) * line.price),
    currency: CURRENCY,
    external_ref: line.invoice,
  }
  return [
    event('return.requested.v1', `requested:${id}`, line, unit, requested, { sequence: '1' }),
    event('unit.received.v1', `received:${id}`, line, unit, received, { sequence: '2' }),
    event('settlement.paid.v1', `paid:${id}`, line, unit, paid, { sequence: '3' }),
  ]
}

export function adjustmentOf(line: InvoiceLine): CanonicalEvent<'stock.adjusted.v1'> {
  return event('stock.adjusted.v1', `stock:${place(line)}`, line, FACILITY, {
    adjustment_id: lineId(line),
    facility: FACILITY,
    location: 'stock',
    sku: line.sku,
    status: 'sellable',
    quantity: line.quantity,
    ...(line.description ? { reason: line.description } : {}),
  })
}
