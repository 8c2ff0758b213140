import { sql } from 'drizzle-orm'
import { type Difference, RETURN_ZONES, type Tie } from '../../returns/reconciliation'
import { texts } from '../record/books'
import { placeKey } from '../stock/places'
import type { Reader, Side, Visible } from './side'

/** A count says how it was; after so many days it says nothing about how it is. */
export const COUNTED_WITHIN_DAYS = 35
const DAY = 86_400_000

/** The stock ledger against the latest counts of the return zones, and against its own movements and units. */
export async function stockSide(tx: Reader, visible: Visible, now: Date): Promise<Side> {
  const counts = await latestCounts(tx, visible, now)
  const ties = new Map<string, { ours: bigint; theirs: bigint }>()
  for (const each of counts) {
    const known = ties.get(each.facility) ?? { ours: 0n, theirs: 0n }
    ties.set(each.facility, {
      ours: known.ours + BigInt(each.booked),
      theirs: known.theirs + BigInt(each.counted),
    })
  }
  const broken = await brokenBalances(tx, visible)
  return {
    ties: [...ties].map(([facility, sums]): Tie => ({ label: facility, currency: '', ...sums })),
    differences: [...counts.filter(({ booked, counted }) => booked !== counted).map(ofCount), ...broken],
    notes: [
      `${counts.length} places counted in the last ${COUNTED_WITHIN_DAYS} days, each against the ledger at the moment of its latest count; return zones only.`,
    ],
  }
}

interface LatestCount extends Record<string, unknown> {
  id: string
  facility: string
  location: string
  sku: string
  status: string
  booked: number
  counted: number
  at: Date
  entity: string
}

/** What was settled by an adjustment is booked as it was counted. */
async function latestCounts(tx: Reader, visible: Visible, now: Date): Promise<LatestCount[]> {
  const { rows } = await tx.execute<LatestCount>(sql`
    SELECT c.id, c.facility, c.location, c.sku, c.status, CASE WHEN c.settled THEN c.counted ELSE c.expected END AS booked, c.counted, c.at,
      coalesce(f.entity, '') AS entity
    FROM (SELECT DISTINCT ON (facility, location, sku, status) * FROM stock_count
          WHERE at > ${new Date(now.getTime() - COUNTED_WITHIN_DAYS * DAY).toISOString()}::timestamptz AND status IN ${texts(RETURN_ZONES)}
          ORDER BY facility, location, sku, status, at DESC) c
    LEFT JOIN facility f ON f.id = c.facility
    WHERE ${visible({ facility: sql`c.facility`, entity: sql`coalesce(f.entity, '')` })}
    ORDER BY c.facility, c.location, c.sku, c.status`)
  return rows
}

const ofCount = (count: LatestCount): Difference => ({
  key: `stock:count:${placeKey(count)}`,
  kind: count.counted < count.booked ? 'counted_short' : 'counted_over',
  title: `${count.sku}, ${count.status.replaceAll('_', ' ')}, ${count.location || 'no location'}`,
  ours: BigInt(count.booked),
  theirs: BigInt(count.counted),
  currency: '',
  entity: count.entity,
  facility: count.facility,
  since: new Date(count.at),
  refs: { countId: count.id, location: count.location, sku: count.sku, status: count.status },
})

interface BrokenBalance extends Record<string, unknown> {
  facility: string
  sku: string
  status: string
  currency: string
  entity: string
  quantity: string
  value: string
  moved: string
  moved_value: string
  lying: string
}

/** Balances that are not the sum of their movements, or not what the units and the adjustments say: neither can come about by the program. */
async function brokenBalances(tx: Reader, visible: Visible): Promise<Difference[]> {
  const key = sql`facility, sku, status, currency, entity`
  const { rows } = await tx.execute<BrokenBalance>(sql`
    WITH legs AS (
      SELECT m.facility, m.sku, s.status, m.currency, m.entity, m.unit_id, s.sign * m.quantity AS quantity, s.sign * m.quantity * s.value AS value
      FROM stock_movement m
      CROSS JOIN LATERAL (VALUES (m.from_status, -1, m.from_value), (m.to_status, 1, m.to_value)) AS s (status, sign, value)
      WHERE s.status <> 'outside'
    ), moved AS (
      SELECT ${key}, sum(quantity) AS moved, sum(value) AS moved_value, sum(quantity) FILTER (WHERE unit_id = '') AS adjusted FROM legs GROUP BY ${key}
    ), lying AS (
      SELECT ${key}, sum(quantity) AS lying FROM return_unit
      WHERE split_at IS NULL AND quantity > 0 AND NOT (opening AND final_at IS NOT NULL) GROUP BY ${key}
    ), all_three AS (
      SELECT ${key}, coalesce(b.quantity, 0) AS quantity, coalesce(b.value, 0) AS value, coalesce(m.moved, 0) AS moved,
        coalesce(m.moved_value, 0) AS moved_value, coalesce(l.lying, 0) + coalesce(m.adjusted, 0) AS lying
      FROM stock_balance b FULL JOIN moved m USING (${key}) FULL JOIN lying l USING (${key})
    )
    SELECT ${key}, quantity::text, value::text, moved::text, moved_value::text, lying::text FROM all_three
    WHERE (quantity <> moved OR value <> moved_value OR quantity <> lying) AND ${visible({ facility: sql`facility`, entity: sql`entity` })}
    ORDER BY ${key}`)
  return rows.flatMap((row) => {
    const place = `${row.facility}/${row.sku}/${row.status}/${row.currency}/${row.entity}`
    const base = {
      title: `${row.sku}, ${row.status.replaceAll('_', ' ')}`,
      entity: row.entity,
      facility: row.facility,
      since: null,
      refs: { sku: row.sku, status: row.status, currency: row.currency },
    }
    const pieces = { ours: BigInt(row.quantity), currency: '' }
    const found: Difference[] = []
    if (row.quantity !== row.moved)
      found.push({
        ...base,
        ...pieces,
        key: `stock:balance:${place}`,
        kind: 'balance_broken',
        theirs: BigInt(row.moved),
      })
    else if (row.value !== row.moved_value)
      found.push({
        ...base,
        ...{ key: `stock:value:${place}`, kind: 'balance_broken' as const, currency: row.currency },
        ...{ ours: BigInt(row.value), theirs: BigInt(row.moved_value) },
      })
    if (row.quantity !== row.lying && row.moved !== row.lying)
      found.push({ ...base, ...pieces, key: `stock:units:${place}`, kind: 'units_differ', theirs: BigInt(row.lying) })
    return found
  })
}
