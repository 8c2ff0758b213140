import { inArray, type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { product, returnUnit } from '../../db/schema'
import { UserError } from '../../errors'
import { gtinForms } from '../../scan/gs1'
import { readScan } from '../../scan/read-scan'
import { scopeOf } from '../scope'
import type { Lookup } from './station-types'
import { stationUnits, UNIT_SCOPE } from './station-unit'

/** Whoever works at a station. */
export function authorizeStation(actor: Actor): void {
  if (can(actor, 'units:inspect') || can(actor, 'units:dispose')) return
  authorize(actor, 'units:receive')
}

interface Hit extends Record<string, unknown> {
  kind: Lookup['kind']
  id: string
}
/** Of a code that could be several things, what it is taken for. */
const ORDER: readonly Lookup['kind'][] = ['unit', 'rma', 'tracking', 'serial', 'order']
/** More are never of use at a station: the code was a category, not a thing. */
const MOST = 60

/**
 * What a scanned code is, within the actor's rows: a unit, a return, a parcel's tracking number, a serial that was shipped or has come back, an
 * order, or an item. Every unit of the returns that it leads to comes with it.
 */
export async function lookup(actor: Actor, code: string, tz: string, now = new Date()): Promise<Lookup> {
  authorizeStation(actor)
  const scan = readScan(code)
  if (scan?.kind !== 'code')
    throw new UserError(
      'unreadable_code',
      'This code could not be read. Scan it again, or type what is under it.',
      400,
      'code',
    )
  const { text, serial, lot } = scan
  const texts = [
    ...new Set([text, text.toUpperCase(), ...(scan.sscc ? [scan.sscc] : []), ...(scan.order ? [scan.order] : [])]),
  ]
  const serials = [...new Set([serial, text].filter((each) => each !== null))]
  const hits = await named(actor, texts, serials)
  const kind = ORDER.find((each) => hits.some((hit) => hit.kind === each))
  const common = { code: text, serial, lot }
  if (!kind) return { ...common, ...(await asItem(scan.gtin, text)) }
  const ids = hits.filter((hit) => hit.kind === kind).map(({ id }) => id)
  const rows = await db()
    .select()
    .from(returnUnit)
    .where(
      sql`(${returnUnit.id} IN ${list(ids)} OR ${returnUnit.rmaId} IN (SELECT rma_id FROM return_unit WHERE id IN ${list(ids)}))
        AND ${returnUnit.quantity} > 0 AND ${returnUnit.splitAt} IS NULL AND ${scopeOf(actor, UNIT_SCOPE)}`,
    )
    .orderBy(returnUnit.id)
    .limit(MOST)
  const units = await stationUnits(rows, tz, now)
  const item = scan.gtin ? (await asItem(scan.gtin, text)).item : null
  return {
    ...common,
    kind,
    rmaId: rows.find(({ rmaId }) => rmaId !== null)?.rmaId ?? null,
    units,
    named: units.filter(({ id }) => ids.includes(id)).map(({ id }) => id),
    item,
    serial: kind === 'serial' ? (serial ?? text) : serial,
  }
}

const list = (values: readonly string[]): SQL =>
  sql`(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

/** Units that the code leads to, by what it is to them; each way by its own index. A part of a split unit answers for the whole. */
async function named(actor: Actor, texts: readonly string[], serials: readonly string[]): Promise<Hit[]> {
  const { rows } = await db().execute<Hit>(sql`
    WITH hit AS (
      SELECT 'unit' AS kind, id FROM return_unit WHERE id IN ${list(texts)}
      UNION SELECT 'unit', id FROM return_unit WHERE parent_id IN ${list(texts)}
      UNION SELECT 'rma', id FROM return_unit WHERE rma_id IN ${list(texts)}
      UNION SELECT 'tracking', id FROM return_unit WHERE tracking IN ${list(texts)} AND tracking <> ''
      UNION SELECT 'serial', id FROM return_unit WHERE serial IN ${list(serials)} AND serial <> ''
      UNION SELECT 'serial', u.id FROM order_line l JOIN return_unit u ON u.order_line_id = l.id
        WHERE l.serials && ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(serials)}::jsonb))
      UNION SELECT 'order', u.id FROM rma r JOIN return_unit u ON u.rma_id = r.id WHERE r.order_id IN ${list(texts)}
    )
    SELECT h.kind, h.id FROM hit h JOIN return_unit ON return_unit.id = h.id
    WHERE return_unit.quantity > 0 AND return_unit.split_at IS NULL AND ${scopeOf(actor, UNIT_SCOPE)}
    ORDER BY h.id LIMIT ${MOST}`)
  return rows
}

/** A code that names goods and not one thing; or one that nobody knows. */
async function asItem(gtin: string | null, text: string) {
  const none = { rmaId: null, units: [], named: [] } as const
  const [bySku] = await db()
    .select()
    .from(product)
    .where(inArray(product.sku, [text, text.toUpperCase()]))
    .limit(1)
  const [byGtin] =
    gtin && !bySku
      ? await db()
          .select()
          .from(product)
          .where(inArray(product.gtin, gtinForms(gtin)))
          .limit(1)
      : []
  const found = bySku ?? byGtin
  return found
    ? { ...none, kind: 'item' as const, item: { sku: found.sku, name: found.name || found.sku } }
    : { ...none, kind: 'unknown' as const, item: null }
}
