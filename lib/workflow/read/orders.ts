import { sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import { orderLine } from '../../db/schema'
import { formatUnits, parseAmount, smallestUnit, units } from '../../money'
import { entitlementOf } from '../../returns/entitlement'
import { texts } from '../record/books'
import { judgeLine, returnedOf } from '../request/judge'
import type { RequestInput } from '../request/request'
import { scopeOf } from '../scope'
import type { OrderView, PreviewLine } from './orders-types'

const MOST = 12

/** Orders that an id, a customer, a SKU or a serial means, the latest first; what of each can still come back. */
export async function ordersFor(actor: Actor, text: string): Promise<OrderView[]> {
  authorize(actor, 'returns:create')
  const q = text.trim()
  if (q === '') return []
  const called = texts([...new Set([q, q.toUpperCase()])])
  const { rows } = await db().execute<{
    id: string
    customer_id: string
    channel: string
    sold_at: Date
    lines: { id: string; sku: string; name: string; quantity: number; gone: number; price: string; currency: string }[]
    returns: { id: string; overall: string }[] | null
  }>(sql`
    WITH named AS (
      SELECT order_id FROM order_line WHERE order_id IN ${called}
      UNION (SELECT order_id FROM order_line WHERE customer_id IN ${called} ORDER BY sold_at DESC LIMIT 200)
      UNION SELECT order_id FROM order_line WHERE id IN ${called}
      UNION SELECT order_id FROM order_line WHERE serials && ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify([q, q.toUpperCase()])}::jsonb))
      UNION SELECT order_id FROM return_unit WHERE tracking IN ${called} OR rma_id IN ${called}
    )
    SELECT l.order_id AS id, min(l.customer_id) AS customer_id, min(l.channel) AS channel, min(l.sold_at) AS sold_at,
      jsonb_agg(jsonb_build_object('id', l.id, 'sku', l.sku, 'name', coalesce(p.name, ''), 'quantity', l.quantity, 'currency', l.currency,
        'price', ((l.net + l.tax) / greatest(l.quantity, 1))::text,
        'gone', (SELECT coalesce(sum(u.quantity), 0) FROM return_unit u WHERE u.order_line_id = l.id AND u.split_at IS NULL AND u.status NOT IN ('cancelled', 'lost'))) ORDER BY l.id) AS lines,
      (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'overall', r.overall) ORDER BY r.id) FROM rma r WHERE r.order_id = l.order_id) AS returns
    FROM order_line l LEFT JOIN product p ON p.sku = l.sku
    WHERE l.order_id IN (SELECT order_id FROM named) AND l.quantity > 0 AND ${scopeOf(actor, { entity: sql`l.entity`, channel: sql`l.channel` })}
    GROUP BY l.order_id ORDER BY min(l.sold_at) DESC LIMIT ${MOST}`)
  return rows.map((row) => ({
    ...{ id: row.id, customerId: row.customer_id, channel: row.channel, soldAt: new Date(row.sold_at).toISOString() },
    returns: row.returns ?? [],
    lines: row.lines.map(({ gone, price, ...line }) => ({
      ...line,
      left: Math.max(0, line.quantity - Number(gone)),
      price: formatUnits(BigInt(price), 2),
    })),
  }))
}

/** What would come of a request, line by line, by the policy of this moment; nothing is written. */
export async function previewRequest(actor: Actor, input: RequestInput, at = new Date()): Promise<PreviewLine[]> {
  authorize(actor, 'returns:create')
  return withTransaction(async (tx) => {
    const lines = await tx
      .select()
      .from(orderLine)
      .where(
        sql`${orderLine.orderId} = ${input.orderId} AND ${orderLine.id} IN ${texts(input.lines.map(({ orderLineId }) => orderLineId))}
          AND ${scopeOf(actor, { entity: orderLine.entity, channel: orderLine.channel })}`,
      )
    const answers: PreviewLine[] = []
    for (const asked of input.lines) {
      const line = lines.find(({ id }) => id === asked.orderLineId)
      if (!line) {
        answers.push({
          ...NOTHING,
          orderLineId: asked.orderLineId,
          fault: `This order has no line ${asked.orderLineId}.`,
        })
        continue
      }
      const gone = await returnedOf(tx, line.id)
      const judged = await judgeLine(tx, line, { reason: asked.reason, returnType: input.returnType }, at)
      const due = entitlementOf({
        ...{
          lineNet: line.net,
          lineTax: line.tax,
          lineQuantity: line.quantity,
          creditedQuantity: Math.min(gone, line.quantity),
        },
        ...{ quantity: Math.min(asked.quantity, Math.max(0, line.quantity - gone)), capturedLeft: line.net + line.tax },
        ...{ feePercent: judged.terms.feePercent, labelFee: parseAmount(judged.terms.labelFee) ?? units(0n) },
        ...{ step: smallestUnit(line.currency), deductionPercent: 0, waiveFee: false, waiveDeduction: false },
      })
      answers.push({
        ...{ orderLineId: line.id, returnable: judged.terms.returnable, decided: judged.terms.approval === 'auto' },
        ...{ note: judged.note, row: judged.row, version: judged.version, explanation: judged.explanation },
        ...{
          facility: judged.facility,
          release: judged.terms.release,
          method: judged.terms.method,
          currency: line.currency,
        },
        ...{ value: formatUnits(due.entitled, 2), fee: formatUnits(due.fee, 2), refund: formatUnits(due.amount, 2) },
        fault:
          gone + asked.quantity > line.quantity
            ? `${line.quantity} were sold and ${gone} are in returns already.`
            : judged.terms.returnable
              ? ''
              : 'The policy does not take it back. An approved exception lets it through.',
      })
    }
    return answers
  })
}

const NOTHING = {
  ...{ returnable: false, decided: false, note: '', row: '', version: 0, explanation: [], facility: '', release: '' },
  ...{ method: '', value: '0.00', fee: '0.00', refund: '0.00', currency: '' },
} as const
