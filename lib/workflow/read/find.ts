import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { scopeOf } from '../scope'
import type { Place, PlaceKind } from './find-types'

/** As it was typed, and as ids are written: people and scanners change the case. */
const spellings = (text: string): string[] => [...new Set([text.trim(), text.trim().toUpperCase()])]

/** As a list of values and not as a subquery: only so does each column's own index answer. */
const called = (text: string): SQL =>
  sql`IN (${sql.join(
    spellings(text).map((each) => sql`${each}`),
    sql`, `,
  )})`

/** Of a SKU, the latest so many units. */
const MOST_OF_SKU = 2000
/** Fewer letters than this are no beginning of an id. */
const SHORTEST_BEGINNING = 4

const beginning = (text: string): SQL => {
  const [first = '', second = first] = spellings(text)
  if (first.length < SHORTEST_BEGINNING) return sql`false`
  const from = (start: string) => sql`(r.id >= ${start} AND r.id < ${`${start}\u{10ffff}`})`
  return sql`(${from(first)} OR ${from(second)})`
}

/** The ids of the cases that something pasted means, as a subquery. */
export const casesCalled = (text: string): SQL => sql`
  SELECT r.id FROM rma r WHERE r.id ${called(text)} OR r.order_id ${called(text)} OR r.customer_id ${called(text)} OR ${beginning(text)}
  UNION SELECT rma_id FROM return_unit WHERE rma_id IS NOT NULL
    AND (id ${called(text)} OR tracking ${called(text)} OR serial ${called(text)} OR order_line_id ${called(text)})
  UNION SELECT rma_id FROM (
    SELECT rma_id FROM return_unit WHERE sku ${called(text)} AND rma_id IS NOT NULL ORDER BY status_at DESC LIMIT ${MOST_OF_SKU}) s
  UNION SELECT rma_id FROM settlement WHERE id ${called(text)}
  UNION SELECT rma_id FROM replacement WHERE reference ${called(text)} AND rma_id <> ''
  UNION SELECT u.rma_id FROM supplier_claim c JOIN return_unit u ON u.id = c.unit_id WHERE c.id ${called(text)} AND u.rma_id IS NOT NULL
  UNION SELECT rma_id FROM case_exception WHERE id ${called(text)} AND rma_id <> ''`

interface Row extends Record<string, unknown> {
  kind: PlaceKind
  id: string
  rma: string
  unit: string
  status: string
}

/** Kinds in the order in which they are offered: the narrowest first. */
const KINDS: readonly PlaceKind[] = [
  'return',
  'unit',
  'serial',
  'tracking',
  'settlement',
  'claim',
  'exception',
  'order',
  'customer',
  'sku',
  'sale',
]

/**
 * Where something pasted leads, the narrowest first: each id to the one case that it means, or to the list of those that it means. Only what
 * the actor may see; a text that is no id gives nothing.
 */
export async function whereIs(actor: Actor, text: string): Promise<Place[]> {
  authorize(actor, 'cases:read')
  if (text.trim() === '') return []
  const is = called(text)
  // A unit belongs where its case belongs; one without a case where it lies.
  const scope = scopeOf(actor, {
    entity: sql`coalesce(r.entity, u.entity)`,
    facility: sql`coalesce(r.facility, u.facility)`,
    channel: sql`coalesce(r.channel, u.channel)`,
  })
  const own = scopeOf(actor, { entity: sql`r.entity`, facility: sql`r.facility`, channel: sql`r.channel` })
  const sold = scopeOf(actor, { entity: sql`l.entity`, channel: sql`l.channel` })
  const ofUnit = (kind: PlaceKind, id: SQL, from: SQL, where: SQL) => sql`
    (SELECT ${kind}::text, ${id}, coalesce(u.rma_id, ''), u.id, u.status FROM ${from} LEFT JOIN rma r ON r.id = u.rma_id
      WHERE ${where} AND ${scope} LIMIT 50)`
  const ofCase = (kind: PlaceKind, id: SQL, where: SQL) =>
    sql`(SELECT ${kind}::text AS kind, ${id} AS id, r.id AS rma, ''::text AS unit, r.overall AS status FROM rma r WHERE ${where} AND ${own} ORDER BY r.last_at DESC LIMIT 50)`
  const unit = sql`return_unit u`
  const parts = [
    ofCase('return', sql`r.id`, sql`r.id ${is}`),
    ofCase('order', sql`r.order_id`, sql`r.order_id ${is}`),
    ofCase('customer', sql`r.customer_id`, sql`r.customer_id ${is}`),
    ofUnit('unit', sql`u.id`, unit, sql`u.id ${is}`),
    ofUnit('serial', sql`u.serial`, unit, sql`u.serial ${is}`),
    ofUnit('tracking', sql`u.tracking`, unit, sql`u.tracking ${is}`),
    ofUnit('sku', sql`u.sku`, unit, sql`u.sku ${is}`),
    ofUnit('settlement', sql`s.id`, sql`settlement s JOIN return_unit u ON u.id = s.unit_id`, sql`s.id ${is}`),
    ofUnit('exception', sql`x.id`, sql`case_exception x JOIN return_unit u ON u.id = x.unit_id`, sql`x.id ${is}`),
    ...(can(actor, 'claims:read')
      ? [ofUnit('claim', sql`c.id`, sql`supplier_claim c JOIN return_unit u ON u.id = c.unit_id`, sql`c.id ${is}`)]
      : []),
    // Bought, and nothing of it asked back: the place where a return of it begins.
    sql`(SELECT 'sale'::text, l.order_id, '', '', '' FROM order_line l WHERE l.order_id ${is} AND ${sold}
      AND NOT EXISTS (SELECT FROM rma r WHERE r.order_id = l.order_id) LIMIT 1)`,
  ]
  const { rows } = await db().execute<Row>(sql.join(parts, sql` UNION ALL `))
  const exact = KINDS.flatMap((kind) => placesOf(kind, rows))
  return exact.length > 0 ? exact : beginnings(actor, text)
}

function placesOf(kind: PlaceKind, rows: readonly Row[]): Place[] {
  const own = rows.filter((row) => row.kind === kind)
  const ids = [...new Set(own.map(({ id }) => id))]
  return ids.flatMap((id): Place[] => {
    const meant = own.filter((row) => row.id === id)
    const [first] = meant
    if (!first) return []
    const place = { kind, id, exact: true }
    if (kind === 'sale') return [{ ...place, status: '', cases: 0, rmaId: '', unitId: '' }]
    const cases = new Set(meant.map(({ rma, unit }) => rma || unit)).size
    return [{ ...place, status: cases === 1 ? first.status : '', cases, rmaId: first.rma, unitId: first.unit }]
  })
}

async function beginnings(actor: Actor, text: string): Promise<Place[]> {
  const own = scopeOf(actor, { entity: sql`r.entity`, facility: sql`r.facility`, channel: sql`r.channel` })
  const { rows } = await db().execute<{ id: string; overall: string }>(
    sql`SELECT r.id, r.overall FROM rma r WHERE ${beginning(text)} AND ${own} ORDER BY r.id LIMIT 6`,
  )
  return rows.map(({ id, overall }) => ({
    kind: 'return',
    id,
    exact: false,
    status: overall,
    cases: 1,
    rmaId: id,
    unitId: '',
  }))
}
