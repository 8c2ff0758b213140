import { sql } from 'drizzle-orm'
import { db } from '../../../lib/db/client'

/** An order line that nothing has come back of, and may. Price of one piece with tax, in main units of EUR. */
export interface FreshLine {
  readonly id: string
  readonly orderId: string
  readonly category: string
  readonly price: number
  readonly serial: string
  readonly lot: string
}

export interface Wanted {
  readonly channel?: 'web-eu' | 'wholesale'
  /** Days since the sale, from and to. */
  readonly days: readonly [number, number]
  readonly price?: readonly [number, number]
  readonly categories?: readonly string[]
  readonly count: number
}

const DEFAULT_PRICE = [15, 480] as const
/** Without serials and hygiene: what a story needs of those it names. */
const PLAIN = ['apparel', 'footwear', 'home'] as const

/** Lines of Venlo's euro orders that nobody has returned, in an order that is the same at every filling and taken from none twice. */
export async function freshLines(databaseUrl: string, wanted: Wanted, taken: Set<string>): Promise<FreshLine[]> {
  const [low, high] = wanted.price ?? DEFAULT_PRICE
  const { rows } = await db(databaseUrl).execute<{
    id: string
    order_id: string
    category: string
    price: number
    serial: string | null
    lot: string
  }>(sql`
    SELECT l.id, l.order_id, l.category, ((l.net + l.tax) / l.quantity / 10000.0)::float8 AS price, l.serials[1] AS serial, l.lot
    FROM order_line l
    WHERE l.entity = 'acme-eu' AND l.currency = 'EUR' AND l.channel = ${wanted.channel ?? 'web-eu'} AND l.facility = 'venlo' AND NOT l.final_sale
      AND l.category IN (SELECT jsonb_array_elements_text(${JSON.stringify(wanted.categories ?? PLAIN)}::jsonb)) AND l.quantity > 0
      AND l.sold_at BETWEEN now() - make_interval(days => ${wanted.days[1]}) AND now() - make_interval(days => ${wanted.days[0]})
      AND (l.net + l.tax) / l.quantity BETWEEN ${low * 10_000} AND ${high * 10_000}
      AND NOT EXISTS (SELECT FROM return_unit u WHERE u.order_line_id = l.id)
    ORDER BY md5(l.id) LIMIT ${wanted.count + taken.size}`)
  const chosen = rows.filter(({ order_id }) => !taken.has(order_id)).slice(0, wanted.count)
  for (const { order_id } of chosen) taken.add(order_id)
  return chosen.map(({ id, order_id, category, price, serial, lot }) => ({
    ...{ id, orderId: order_id, category, price, serial: serial ?? '', lot },
  }))
}
