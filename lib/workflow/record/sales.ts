import { sql } from 'drizzle-orm'
import type { AnyEvent } from '../../../ingest/contract/event'
import { parseInstant } from '../../../ingest/contract/fields'
import type { Transaction } from '../../db/client'
import { parseAmount } from '../../money'
import { orderKey } from '../../returns/case-event'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const units = (value: string | number | undefined): string =>
  value === undefined ? '0' : String(parseAmount(value) ?? 0n)

/**
 * Keeps sold order lines, the latest event of each winning, and the products that they name. Returns the orders that were touched. Voided
 * sales leave a line of quantity 0, which nothing can be returned against.
 */
export async function takeSales(tx: Transaction, events: readonly AnyEvent[]): Promise<string[]> {
  const latest = new Map<string, { row: Record<string, unknown>; key: string }>()
  for (const event of events) {
    if (event.type !== 'sale.shipped.v1') continue
    const { data } = event
    const time = parseInstant(event.time) ?? 0
    // A correction has the same identity and a higher revision: it comes later in this order.
    const key = `${orderKey({ ...event, time, revision: event.revision ?? 0, voided: false, sequence: event.sequence ?? '', data })}\u0001${String(event.revision ?? 0).padStart(10, '0')}`
    const known = latest.get(data.order_line_id)
    if (known && known.key > key) continue
    const gone = event.voided === true
    latest.set(data.order_line_id, {
      key,
      row: {
        id: data.order_line_id,
        order_id: data.order_id,
        sku: data.sku,
        quantity: gone ? 0 : data.quantity,
        net: gone ? '0' : units(data.net_amount),
        tax: gone ? '0' : units(data.tax_amount),
        unit_cost: units(data.unit_cost),
        currency: data.currency,
        channel: data.channel,
        category: text(data.category),
        supplier_id: text(data.supplier_id),
        customer_id: text(data.customer_id),
        segment: text(data.segment),
        country: text(data.country),
        entity: text(data.entity),
        facility: text(data.facility),
        serials: data.serials ?? [],
        lot: text(data.lot),
        final_sale: data.final_sale === true,
        sold_at: new Date(time).toISOString(),
        event_order: key,
        name: text(data.product_name),
        brand: text(data.brand),
        size: text(data.size),
      },
    })
  }
  if (latest.size === 0) return []
  const json = JSON.stringify([...latest.values()].map(({ row }) => row))
  await tx.execute(sql`
    INSERT INTO product (sku, name, category, brand, size, supplier_id, unit_cost, currency, goods_class)
    SELECT DISTINCT ON (s.sku) s.sku, coalesce(s.name, ''), s.category, coalesce(s.brand, ''), coalesce(s.size, ''), s.supplier_id, s.unit_cost, s.currency,
      coalesce(c.goods_class, 'none')
    FROM jsonb_to_recordset(${json}::jsonb) AS s (sku text, name text, category text, brand text, size text, supplier_id text, unit_cost bigint, currency text)
    LEFT JOIN category_class c USING (category)
    ORDER BY s.sku
    ON CONFLICT (sku) DO NOTHING`)
  const { rows } = await tx.execute<{ order_id: string }>(sql`
    INSERT INTO order_line AS l (id, order_id, sku, quantity, net, tax, unit_cost, currency, channel, category, supplier_id, customer_id, segment,
      country, entity, facility, serials, lot, final_sale, sold_at, event_order)
    SELECT id, order_id, sku, quantity, net, tax, unit_cost, currency, channel, category, supplier_id, customer_id, segment,
      country, entity, facility, serials, lot, final_sale, sold_at, event_order
    FROM jsonb_populate_recordset(NULL::order_line, ${json}::jsonb)
    ON CONFLICT (id) DO UPDATE SET order_id = EXCLUDED.order_id, sku = EXCLUDED.sku, quantity = EXCLUDED.quantity, net = EXCLUDED.net,
      tax = EXCLUDED.tax, unit_cost = EXCLUDED.unit_cost, currency = EXCLUDED.currency, channel = EXCLUDED.channel, category = EXCLUDED.category,
      supplier_id = EXCLUDED.supplier_id, customer_id = EXCLUDED.customer_id, segment = EXCLUDED.segment, country = EXCLUDED.country,
      entity = EXCLUDED.entity, facility = EXCLUDED.facility, serials = EXCLUDED.serials, lot = EXCLUDED.lot, final_sale = EXCLUDED.final_sale,
      sold_at = EXCLUDED.sold_at, event_order = EXCLUDED.event_order
      WHERE l.event_order < EXCLUDED.event_order
    RETURNING order_id`)
  return [...new Set(rows.map(({ order_id }) => order_id))]
}
