import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { divideHalfEven } from '../../money'

type Reader = Pick<Transaction, 'execute'>

/** Where goods of one kind lie. */
export interface Place {
  readonly facility: string
  readonly location: string
  readonly sku: string
  readonly status: string
}

/** How the same place is called in exceptions and reconciliations. */
export const placeKey = ({ facility, location, sku, status }: Place): string =>
  [facility, location, sku, status].join('/')

/**
 * The status that units had at an instant by the stock ledger, as the common table `lay` (unit_id, facility, location, sku, status, entity,
 * quantity), and the pieces that adjustments have added or taken, as `adjusted` (the same without a unit). Where a unit has only been carried
 * to another shelf since its last movement, its own row knows better than the movement.
 */
export const LEDGER_AT = (at: Date, about: { facility?: string; sku?: string } = {}) => {
  const here = sql`m.at <= ${at.toISOString()}::timestamptz
    ${about.facility === undefined ? sql`` : sql`AND m.facility = ${about.facility}`}
    ${about.sku === undefined ? sql`` : sql`AND m.sku = ${about.sku}`}`
  return sql`
    latest AS (
      SELECT DISTINCT ON (m.unit_id) m.unit_id, m.facility, m.location, m.sku, m.to_status AS status, m.entity, m.quantity, m.at
      FROM stock_movement m WHERE m.unit_id <> '' AND ${here}
      ORDER BY m.unit_id, m.at DESC, m.recorded_at DESC, m.to_status = 'outside', m.id DESC
    ), lay AS (
      SELECT l.unit_id, l.facility, CASE WHEN u.status = l.status AND u.facility = l.facility AND u.location <> '' THEN u.location ELSE l.location END AS location,
        l.sku, l.status, l.entity, l.quantity
      FROM latest l LEFT JOIN return_unit u ON u.id = l.unit_id WHERE l.status <> 'outside'
    ), adjusted AS (
      SELECT m.facility, m.location, m.sku, s.status, m.entity, sum(s.sign * m.quantity)::int AS quantity
      FROM stock_movement m CROSS JOIN LATERAL (VALUES (m.from_status, -1), (m.to_status, 1)) AS s (status, sign)
      WHERE m.unit_id = '' AND s.status <> 'outside' AND ${here} GROUP BY 1, 2, 3, 4, 5
    )`
}

/** How many pieces the stock ledger has at a place, at an instant. */
export async function expectedAt(tx: Reader, place: Place, at: Date): Promise<number> {
  const here = sql`location = ${place.location} AND status = ${place.status}`
  const { rows } = await tx.execute<{ quantity: number }>(sql`
    WITH ${LEDGER_AT(at, place)}
    SELECT (coalesce((SELECT sum(quantity) FROM lay WHERE ${here}), 0)
      + coalesce((SELECT sum(quantity) FROM adjusted WHERE ${here}), 0))::int AS quantity`)
  return rows[0]?.quantity ?? 0
}

/** What goods at a place are carried at, of one piece: the average of what is there, or the item's own cost where there is nothing. */
export interface Carried {
  readonly entity: string
  readonly currency: string
  readonly quantity: number
  readonly unitValue: bigint
}

/** Every entity and currency in which goods lie there, the largest first; the item's own cost when none does. */
export async function carriedAtPlace(tx: Reader, place: Omit<Place, 'location'>): Promise<Carried[]> {
  const { rows } = await tx.execute<{ entity: string; currency: string; quantity: number; value: string }>(sql`
    SELECT entity, currency, quantity, value::text FROM stock_balance
    WHERE facility = ${place.facility} AND sku = ${place.sku} AND status = ${place.status} AND quantity > 0 ORDER BY quantity DESC, entity, currency`)
  if (rows.length > 0)
    return rows.map(({ value, ...row }) => ({ ...row, unitValue: divideHalfEven(BigInt(value), BigInt(row.quantity)) }))
  const { rows: items } = await tx.execute<{ entity: string; currency: string; cost: string }>(sql`
    SELECT f.entity, p.currency, p.unit_cost::text AS cost FROM facility f, product p WHERE f.id = ${place.facility} AND p.sku = ${place.sku}`)
  return items.map(({ entity, currency, cost }) => ({ entity, currency, quantity: 0, unitValue: BigInt(cost) }))
}
