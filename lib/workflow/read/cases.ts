import { type SQL, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { formatUnits } from '../../money'
import { OVERALL } from '../../returns/case-status'
import { scopeOf } from '../scope'
import {
  type AskedCases,
  CASE_FACETS,
  type CaseFacet,
  type CaseLine,
  type CaseList,
  type CaseSort,
} from './cases-types'
import { casesCalled } from './find'

const PAGE = 50
/** Facets are counted over this many of the latest cases, so that a list of millions opens as fast as one of thousands. */
const COUNTED = 20_000

const columns = { entity: sql`r.entity`, facility: sql`r.facility`, channel: sql`r.channel` }

const oneOf = (values: readonly string[]): SQL =>
  sql`IN (${sql.join(
    values.map((each) => sql`${each}`),
    sql`, `,
  )})`

/** Keeps a case when one of its facets is of these values; the name of the case is `r`. */
const facetCondition = (facet: CaseFacet, values: readonly string[]): SQL =>
  facet === 'reason'
    ? sql`EXISTS (SELECT FROM return_unit u WHERE u.rma_id = r.id AND u.quantity > 0 AND u.reason ${oneOf(values)})`
    : sql`${columns[facet]} ${oneOf(values)}`

const chosen = (asked: AskedCases, without?: CaseFacet): SQL[] =>
  CASE_FACETS.flatMap((facet) => {
    const values = asked.facets?.[facet] ?? []
    return facet === without || values.length === 0 ? [] : [facetCondition(facet, values)]
  })

const and = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` AND `)

/** What is searched or else open, before any status or facet. */
const reach = (actor: Actor, asked: AskedCases): SQL[] => [
  scopeOf(actor, columns),
  ...(asked.q ? [sql`r.id IN (${casesCalled(asked.q)})`] : []),
]

function statusCondition(asked: AskedCases): SQL[] {
  if (asked.status && OVERALL.some((known) => known === asked.status)) return [sql`r.overall = ${asked.status}`]
  return asked.q || asked.status === 'any' ? [] : [sql`r.closed_at IS NULL`]
}

const VALUE = sql`(SELECT coalesce(sum(u.unit_price * u.quantity), 0) FROM return_unit u WHERE u.rma_id = r.id AND u.split_at IS NULL)`
const SORTS: Readonly<Record<CaseSort, { by: SQL; type: SQL }>> = {
  changed: { by: sql`r.last_at`, type: sql`timestamptz` },
  asked: { by: sql`coalesce(r.requested_at, r.last_at)`, type: sql`timestamptz` },
  value: { by: VALUE, type: sql`numeric` },
  id: { by: sql`r.id`, type: sql`text` },
}

interface Row extends Record<string, unknown> {
  id: string
  order_id: string
  customer_id: string
  channel: string
  entity: string
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
  key: string
}

/** Cases that the reader may see, with what they can be narrowed to. A search finds by whole ids, and by the beginning of an RMA's. */
export async function searchCases(actor: Actor, asked: AskedCases): Promise<CaseList> {
  authorize(actor, 'cases:read')
  const [{ lines, next }, counts, facets] = await Promise.all([
    casePage(actor, asked),
    statusCounts(actor, asked),
    facetCounts(actor, asked),
  ])
  return { lines, next, counts, facets }
}

/** One page of the list alone; `size` rows of it. */
export async function casePage(
  actor: Actor,
  asked: AskedCases,
  size = PAGE,
): Promise<{ lines: CaseLine[]; next: string | null }> {
  authorize(actor, 'cases:read')
  const { by, type } = SORTS[asked.sort ?? 'changed']
  const descending = asked.descending ?? true
  const direction = descending ? sql`DESC` : sql`ASC`
  const conditions = [...reach(actor, asked), ...statusCondition(asked), ...chosen(asked)]
  const [, key, id] = /^(.+)~([^~]+)$/.exec(asked.after ?? '') ?? []
  if (key !== undefined && id !== undefined)
    conditions.push(sql`(${by}, r.id) ${descending ? sql`<` : sql`>`} (${key}::${type}, ${id})`)
  const { rows } = await db().execute<Row>(sql`
    WITH page AS (
      SELECT r.*, (${by})::text AS key FROM rma r WHERE ${and(conditions)}
      ORDER BY ${by} ${direction}, r.id ${direction} LIMIT ${size + 1}
    )
    SELECT p.id, p.order_id, p.customer_id, p.channel, p.entity, p.facility, p.overall, p.goods, p.money, p.requested_at, p.last_at,
      p.currency, p.key, coalesce(u.pieces, 0)::int AS pieces, coalesce(u.value, 0)::text AS value, coalesce(e.n, 0)::int AS exceptions
    FROM page p
    LEFT JOIN LATERAL (SELECT sum(quantity) AS pieces, sum(unit_price * quantity) AS value FROM return_unit WHERE rma_id = p.id AND split_at IS NULL) u ON true
    LEFT JOIN LATERAL (SELECT count(*) AS n FROM case_exception WHERE rma_id = p.id AND state = 'open') e ON true
    ORDER BY (p.key)::${type} ${direction}, p.id ${direction}`)
  const last = rows[size - 1]
  return { lines: rows.slice(0, size).map(lineOf), next: rows.length > size && last ? `${last.key}~${last.id}` : null }
}

const lineOf = (row: Row): CaseLine => ({
  id: row.id,
  orderId: row.order_id,
  customerId: row.customer_id,
  channel: row.channel,
  entity: row.entity,
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
})

async function statusCounts(actor: Actor, asked: AskedCases): Promise<CaseList['counts']> {
  const conditions = [...reach(actor, asked), ...chosen(asked), ...(asked.q ? [] : [sql`r.closed_at IS NULL`])]
  const { rows } = await db().execute<{ overall: string; n: number }>(
    sql`SELECT r.overall, count(*)::int AS n FROM rma r WHERE ${and(conditions)} GROUP BY r.overall`,
  )
  return OVERALL.flatMap((status) => rows.filter((row) => row.overall === status).map(({ n }) => ({ status, n })))
}

async function facetCounts(actor: Actor, asked: AskedCases): Promise<CaseList['facets']> {
  const pool = and([...reach(actor, asked), ...statusCondition(asked)])
  const each = CASE_FACETS.map((facet) => {
    const others = and(chosen(asked, facet))
    return facet === 'reason'
      ? sql`SELECT 'reason' AS facet, w.reason AS value, count(*)::int AS n
          FROM (SELECT DISTINCT r.id, u.reason FROM pool r JOIN return_unit u ON u.rma_id = r.id AND u.quantity > 0 WHERE ${others}) w GROUP BY w.reason`
      : sql`SELECT ${facet}::text AS facet, ${columns[facet]} AS value, count(*)::int AS n FROM pool r WHERE ${others} GROUP BY 2`
  })
  const { rows } = await db().execute<{ facet: string; value: string; n: number }>(sql`
    WITH pool AS MATERIALIZED (
      SELECT r.id, r.facility, r.channel, r.entity FROM rma r WHERE ${pool} ORDER BY r.last_at DESC LIMIT ${COUNTED}
    )
    ${sql.join(each, sql` UNION ALL `)}`)
  const of = (facet: CaseFacet) =>
    rows
      .filter((row) => row.facet === facet && row.value !== '')
      .map(({ value, n }) => ({ value, n }))
      .sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  return { facility: of('facility'), channel: of('channel'), entity: of('entity'), reason: of('reason') }
}
