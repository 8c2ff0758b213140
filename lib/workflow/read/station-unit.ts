import { inArray, sql } from 'drizzle-orm'
import { db } from '../../db/client'
import { product, returnUnit } from '../../db/schema'
import { goodsClass } from '../../returns/goods'
import { whyClosed } from '../../returns/lifecycle'
import type { UnitRow } from '../record/types'
import type { StationUnit } from './station-types'

const clock = (tz: string, now: Date) => {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: tz, day: 'numeric', month: 'short' })
  return (at: Date): string =>
    day.format(at) === day.format(now) ? time.format(at) : `${day.format(at)}, ${time.format(at)}`
}

/** Units as a station shows them, with who did what when, in the facility's zone. */
export async function stationUnits(rows: readonly UnitRow[], tz: string, now: Date): Promise<StationUnit[]> {
  if (rows.length === 0) return []
  const skus = [...new Set(rows.map(({ sku }) => sku))]
  const items = new Map(
    (await db().select().from(product).where(inArray(product.sku, skus))).map((row) => [row.sku, row]),
  )
  const hands = await doneBy(rows.map(({ id }) => id))
  const words = clock(tz, now)
  return rows.map((unit) => {
    const item = items.get(unit.sku)
    const kind = goodsClass(unit.goodsClass)
    const by = (type: string, at: Date | null) => {
      if (!at) return null
      const who = hands.get(`${unit.id}\0${type}`)
      return who ? `${words(at)} by ${who}` : words(at)
    }
    return {
      id: unit.id,
      rmaId: unit.rmaId,
      orderId: unit.orderId,
      sku: unit.sku,
      name: item?.name || unit.sku || 'Unknown item',
      size: item?.size ?? '',
      category: unit.category || (item?.category ?? ''),
      quantity: unit.quantity,
      status: unit.status,
      reason: unit.reason,
      comment: unit.comment,
      condition: unit.condition,
      finding: unit.finding,
      disposition: unit.disposition,
      facility: unit.facility,
      restricted: unit.goodsClass === 'none' ? null : kind.label,
      needsSerial: kind.serial,
      needsLot: kind.lot && unit.lot === '',
      receive: whyClosed('unit.receive', unit) ?? null,
      inspect: whyClosed('unit.inspect', unit) ?? null,
      received: by('unit.received.v1', unit.receivedAt),
      inspected: by('unit.inspected.v1', unit.inspectedAt),
      late: unit.receivedAt === null && unit.expectedAt !== null && unit.expectedAt < now,
    }
  })
}

/** Who received and inspected these units: the person's name, or the system that told it. */
async function doneBy(ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db().execute<{ unit_id: string; type: string; who: string }>(sql`
    SELECT DISTINCT ON (e.unit_id, e.type) e.unit_id, e.type, coalesce(a.name, e.source) AS who
    FROM case_event e LEFT JOIN account a ON a.id::text = e.data ->> 'actor'
    WHERE e.unit_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))
      AND e.type IN ('unit.received.v1', 'unit.inspected.v1') AND NOT e.voided
    ORDER BY e.unit_id, e.type, e.time`)
  return new Map(rows.map(({ unit_id, type, who }) => [`${unit_id}\0${type}`, who]))
}

/** Columns by which the rows of units are kept to an actor's part of the company. */
export const UNIT_SCOPE = {
  entity: returnUnit.entity,
  facility: returnUnit.facility,
  channel: returnUnit.channel,
} as const
