import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { formatUnits } from '../../money'
import { OVERALL } from '../../returns/case-status'
import { scopeOf } from '../scope'
import type { CaseList } from './cases-types'

const PAGE = 50

export interface AskedCases {
  /** Anything: RMA, order, unit, SKU, serial, tracking number, customer, settlement or claim. */
  readonly q?: string
  readonly status?: string
  readonly facility?: string
  readonly channel?: string
  /** The page after this one: what `next` was. */
  readonly after?: string
}

const columns = { entity: sql`r.entity`, facility: sql`r.facility`, channel: sql`r.channel` }

/** Cases, latest change first, that the reader may see. A search finds by whole ids, and by the beginning of an RMA's. */
export async function searchCases(actor: Actor, asked: AskedCases): Promise<CaseList> {
  authorize(actor, 'cases:read')
  const conditions: SQL[] = [scopeOf(actor, columns)]
  if (asked.q) conditions.push(sql`r.id IN (${found(asked.q.trim())})`)
  if (asked.status && OVERALL.some((known) => known === asked.status)) conditions.push(sql`r.overall = ${asked.status}`)
  else if (!asked.q) conditions.push(sql`r.closed_at IS NULL`)
  if (asked.facility) conditions.push(sql`r.facility = ${asked.facility}`)
  if (asked.channel) conditions.push(sql`r.channel = ${asked.channel}`)
  const [at, id] = asked.after?.split('~') ?? []
  if (at && id) conditions.push(sql`(r.last_at, r.id) < (${at}::timestamptz, ${id})`)
  const { rows } = await db().execute<Row>(sql`
    WITH page AS (
      SELECT r.* FROM rma r WHERE ${sql.join(conditions, sql` AND `)} ORDER BY r.last_at DESC, r.id DESC LIMIT ${PAGE + 1}
    )
    SELECT p.id, p.order_id, p.customer_id, p.channel, p.facility, p.overall, p.goods, p.money, p.requested_at, p.last_at, p.currency,
      coalesce(u.pieces, 0)::int AS pieces, coalesce(u.value, 0)::text AS value, coalesce(e.n, 0)::int AS exceptions
    FROM page p
    LEFT JOIN LATERAL (SELECT sum(quantity) AS pieces, sum(unit_price * quantity) AS value FROM return_unit WHERE rma_id = p.id AND split_at IS NULL) u ON true
    LEFT JOIN LATERAL (SELECT count(*) AS n FROM case_exception WHERE rma_id = p.id AND state = 'open') e ON true
    ORDER BY p.last_at DESC, p.id DESC`)
  const lines = rows.slice(0, PAGE).map((row) => ({
    id: row.id,
    orderId: row.order_id,
    customerId: row.customer_id,
    channel: row.channel,
    facility: row.facility,
    overall: row.overall,
    goods: row.goods,
    money: row.money,
    requestedAt: row.requested_at ? new Date(row.requested_at).toISOString() : null,
    lastAt: new Date(row.last_at).toISOString(),
    pieces: row.pieces,
    value: formatUnits(BigInt(row.value), 2),
    currency: row.currency,
    exceptions: row.exceptions,
  }))
  const last = lines.at(-1)
  return {
    lines,
    counts: await openCounts(actor),
    next: rows.length > PAGE && last ? `${last.lastAt}~${last.id}` : null,
  }
}

interface Row extends Record<string, unknown> {
  id: string
  order_id: string
  customer_id: string
  channel: string
  facility: string
  overall: string
  goods: string
  money: string
  requested_at: Date | null
  last_at: Date
  currency: string
  pieces: number
  value: string
  exceptions: number
}

/** The RMAs that something pasted means. */
const found = (q: string): SQL => sql`
  SELECT id FROM rma WHERE id = ${q} OR order_id = ${q} OR customer_id = ${q} OR (length(${q}) >= 4 AND id >= ${q} AND id < ${`${q}\u{10ffff}`})
  UNION SELECT rma_id FROM return_unit WHERE rma_id IS NOT NULL AND (id = ${q} OR tracking = ${q} OR serial = ${q} OR order_line_id = ${q})
  UNION SELECT rma_id FROM (SELECT rma_id FROM return_unit WHERE sku = ${q} AND rma_id IS NOT NULL ORDER BY status_at DESC LIMIT 2000) s
  UNION SELECT rma_id FROM settlement WHERE id = ${q}
  UNION SELECT u.rma_id FROM supplier_claim c JOIN return_unit u ON u.id = c.unit_id WHERE c.id = ${q}`

async function openCounts(actor: Actor): Promise<CaseList['counts']> {
  const { rows } = await db().execute<{ overall: string; n: number }>(
    sql`SELECT r.overall, count(*)::int AS n FROM rma r WHERE r.closed_at IS NULL AND ${scopeOf(actor, columns)} GROUP BY r.overall`,
  )
  return OVERALL.flatMap((status) => rows.filter((row) => row.overall === status).map((row) => ({ status, n: row.n })))
}
