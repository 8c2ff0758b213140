import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor'
import type { Transaction } from '../../db/client'
import { orderLine } from '../../db/schema'
import { formatUnits } from '../../money'
import { scopeOf } from '../scope'
import type { MatchSuggestion } from './station-types'

/** What is known of a thing that nobody announced. */
export interface Found {
  readonly sku?: string | undefined
  readonly serial?: string | undefined
  readonly tracking?: string | undefined
  readonly orderId?: string | undefined
  readonly facility: string
}

interface Row extends Record<string, unknown> {
  order_line_id: string
  order_id: string
  rma_id: string | null
  unit_id: string | null
  sku: string
  name: string
  quantity: number
  net: bigint
  tax: bigint
  currency: string
  sold_at: Date
  by_serial: boolean
  by_tracking: boolean
  by_order: boolean
  by_sku: boolean
  late: boolean
}

const MOST = 5

/**
 * Order lines that a found thing may belong to, the likeliest first: by serial, tracking number and order, and by goods that are expected at
 * this place. Within the actor's entities and channels; where it was to arrive does not matter, it is here.
 */
export async function suggestMatches(tx: Transaction, actor: Actor, found: Found): Promise<MatchSuggestion[]> {
  const { sku = '', serial = '', tracking = '', orderId = '', facility } = found
  if (!sku && !serial && !tracking && !orderId) return []
  const scope = scopeOf(actor, { entity: orderLine.entity, channel: orderLine.channel })
  const { rows } = await tx.execute<Row>(sql`
    WITH named AS (
      SELECT id, true AS by_serial, false AS by_tracking, false AS by_order FROM order_line
        WHERE ${serial} <> '' AND serials @> ARRAY[${serial}]::text[]
      UNION ALL SELECT order_line_id, false, true, false FROM return_unit
        WHERE ${tracking} <> '' AND tracking = ${tracking} AND order_line_id <> ''
      UNION ALL SELECT id, false, false, true FROM order_line WHERE ${orderId} <> '' AND order_id = ${orderId}
    ), awaited AS (
      SELECT order_line_id AS id, false AS by_serial, false AS by_tracking, false AS by_order FROM return_unit
        WHERE ${sku} <> '' AND sku = ${sku} AND facility = ${facility} AND status IN ('expected', 'in_transit')
          AND final_at IS NULL AND order_line_id <> ''
        ORDER BY expected_at NULLS LAST LIMIT 20
    ), candidate AS (
      SELECT id, bool_or(by_serial) AS by_serial, bool_or(by_tracking) AS by_tracking, bool_or(by_order) AS by_order
      FROM (SELECT * FROM named UNION ALL SELECT * FROM awaited) c GROUP BY id
    )
    SELECT order_line.id AS order_line_id, order_line.order_id, order_line.sku, coalesce(p.name, '') AS name, order_line.quantity,
      order_line.net, order_line.tax, order_line.currency, order_line.sold_at, u.rma_id, u.id AS unit_id,
      c.by_serial, c.by_tracking, c.by_order, (${sku} <> '' AND order_line.sku = ${sku}) AS by_sku,
      coalesce(u.expected_at < now(), false) AS late
    FROM candidate c JOIN order_line ON order_line.id = c.id
    LEFT JOIN product p ON p.sku = order_line.sku
    LEFT JOIN LATERAL (
      SELECT id, rma_id, expected_at FROM return_unit
      WHERE order_line_id = order_line.id AND status IN ('expected', 'in_transit') AND split_at IS NULL AND quantity > 0
      ORDER BY (tracking = ${tracking} AND tracking <> '') DESC, id LIMIT 1
    ) u ON true
    WHERE ${scope} AND order_line.quantity > 0`)
  return rows
    .map(toSuggestion)
    .sort((a, b) => b.score - a.score || (a.orderLineId < b.orderLineId ? -1 : 1))
    .slice(0, MOST)
}

function toSuggestion(row: Row): MatchSuggestion {
  const grounds: [boolean, number, string][] = [
    [row.by_serial, 60, 'its serial was shipped with this order'],
    [row.by_tracking, 30, 'same tracking number'],
    [row.by_order, 20, 'same order'],
    [row.by_sku, 20, 'same item'],
    [row.unit_id !== null, 15, 'a return of it is expected'],
    [row.late, 5, 'it is overdue'],
  ]
  const met = grounds.filter(([holds]) => holds)
  const pieces = BigInt(Math.max(1, row.quantity))
  return {
    orderLineId: row.order_line_id,
    orderId: row.order_id,
    rmaId: row.rma_id,
    unitId: row.unit_id,
    sku: row.sku,
    name: row.name,
    quantity: row.quantity,
    score: Math.min(
      100,
      met.reduce((sum, [, points]) => sum + points, 0),
    ),
    because: met.map(([, , words]) => words),
    value: formatUnits((BigInt(row.net) + BigInt(row.tax)) / pieces, 2),
    currency: row.currency,
    soldAt: new Date(row.sold_at).toISOString(),
  }
}
