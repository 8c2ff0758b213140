import { DAY, HOUR } from './calendar'
import { amountText, share } from './cents'
import type { Emitter } from './emitter'
import type { Line, Order } from './orders'
import { trait } from './prng'
import type { World } from './world'

/** Tells the sale of every line of an order, with the few that were first told wrong or twice. */
export function tellSales(world: World, out: Emitter, order: Order): void {
  for (const line of order.lines) {
    const at = order.at + line.number
    const source = order.channel.source
    const draw = trait(world.seed, 61, order.day, order.number * 7 + order.channel.index, line.number)
    if (draw < 0.0012) {
      // The cost was wrong at first; the shop sends the line again with the right one.
      const wrong = amountText(share(line.unitCost, 90, 100))
      out.put('sale.shipped.v1', source, line.id, at, line.id, { ...saleOf(line), unit_cost: wrong })
      out.put('sale.shipped.v1', source, line.id, at, line.id, saleOf(line), {
        known: at + (1 + draw * 3000) * DAY,
        revision: 1,
      })
      continue
    }
    out.put('sale.shipped.v1', source, line.id, at, line.id, saleOf(line))
    if (draw > 0.9995) {
      // Keyed twice by hand, and taken back the same day.
      const id = `${line.id}-dup`
      const twice = { ...saleOf(line), order_line_id: id }
      out.put('sale.shipped.v1', source, id, at + HOUR, id, twice)
      out.put('sale.shipped.v1', source, id, at + HOUR, id, twice, { known: at + 4 * HOUR, revision: 1, voided: true })
    }
  }
}

function saleOf(line: Line) {
  const { order, sku } = line
  const { product } = sku
  return {
    order_id: order.id,
    order_line_id: line.id,
    sku: sku.id,
    quantity: line.quantity,
    net_amount: amountText(line.net),
    tax_amount: amountText(line.tax),
    currency: order.country.currency,
    channel: order.channel.id,
    unit_cost: amountText(line.unitCost),
    product_id: product.id,
    product_name: product.name,
    ...(sku.size === '' ? {} : { size: sku.size }),
    category: product.category,
    brand: product.brand,
    supplier_id: product.supplier.id,
    ...(order.campaign === '' ? {} : { campaign: order.campaign }),
    customer_id: order.customer,
    segment: order.segment,
    country: order.country.code,
    facility: order.facility.id,
    entity: order.channel.entity,
    ...(line.serials.length > 0 ? { serials: line.serials } : {}),
    lot: line.lot,
  }
}
