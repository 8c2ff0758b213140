import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { forEach, selectRows } from '../../db/rows'
import { returnUnit } from '../../db/schema'
import { texts } from './books'
import type { UnitRow } from './types'

/** A unit is folded with the units that it was split from and those that were split from it, as deep as splits are followed. */
const FAMILY = `(
  WITH RECURSIVE up AS (
    SELECT seed.id, 0 AS depth FROM unnest((SELECT $1::text[])) AS seed(id)
    UNION SELECT parent.id, up.depth + 1 FROM up
      CROSS JOIN LATERAL (SELECT parent_id AS id FROM return_unit WHERE id = up.id AND parent_id IS NOT NULL OFFSET 0) parent WHERE up.depth < 8
  ), down AS (
    SELECT id, 0 AS depth FROM up
    UNION SELECT child.id, down.depth + 1 FROM down
      CROSS JOIN LATERAL (SELECT id FROM return_unit WHERE parent_id = down.id OFFSET 0) child WHERE down.depth < 8
  ) SELECT DISTINCT id FROM down ORDER BY id
) family CROSS JOIN LATERAL (SELECT * FROM return_unit WHERE id = family.id OFFSET 0 FOR UPDATE) AS return_unit`

const BY_ID = forEach('return_unit', 'id = wanted.key', 'FOR UPDATE')

/** The named units with their ancestors and descendants, locked, in the order of their ids; undefined for those that are not there yet. */
export async function lockFamilies(
  tx: Transaction,
  named: readonly string[],
): Promise<Map<string, UnitRow | undefined>> {
  const ids = [...new Set(named)].filter(Boolean)
  if (ids.length === 0) return new Map()
  const rows = await selectRows(tx, returnUnit, FAMILY, [ids])
  const found = new Map<string, UnitRow | undefined>(rows.map((row) => [row.id, row]))
  for (const id of ids) if (!found.has(id)) found.set(id, undefined)
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** These units alone, locked. */
export const lockUnits = (tx: Transaction, ids: readonly string[]): Promise<UnitRow[]> =>
  selectRows(tx, returnUnit, BY_ID, [[...ids].sort()])

/** Units of which the sale has just come or changed. */
export async function unitsOfOrders(tx: Transaction, orders: readonly string[]): Promise<string[]> {
  if (orders.length === 0) return []
  const { rows } = await tx.execute<{ id: string }>(sql`
    SELECT u.id FROM order_line l JOIN return_unit u ON u.order_line_id = l.id AND u.order_line_id <> ''
    WHERE l.order_id IN ${texts(orders)}`)
  return rows.map(({ id }) => id)
}
