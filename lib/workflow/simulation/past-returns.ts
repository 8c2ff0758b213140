import type pg from 'pg'
import { divideHalfEven } from '../../money'
import { pieceOf, requestFacts } from '../../returns/request-facts'
import { type PastReturn, returnOutcomes } from '../../returns/simulate-returns'
import { routeOutcome } from '../../returns/simulate-routing'
import { fetched, type Past, type PastPage, parameters, type Span, type Subject, within } from './past'
import { dayOf, type RateOn, readRates, reporting, reportingSum } from './rates'
import { broughtInBy, type ShareOf, shareByCondition } from './recovery'

interface Row extends pg.QueryResultRow {
  id: string
  rma_id: string | null
  reason: string
  return_type: string
  channel: string
  category: string
  segment: string
  country: string
  goods_class: string
  final_sale: boolean
  shipped_from: string
  sold_at: Date
  returns_90d: number
  quantity: number
  status: string
  received_condition: string
  condition: string
  currency: string
  net: bigint
  tax: bigint
  line_quantity: number
  before: number
  unit_cost: bigint
  unit_value: bigint
  claims: Record<string, string> | null
  costs: Record<string, string> | null
  requested_at: Date
  rejected_at: Date | null
  in_transit_at: Date | null
  delivered_at: Date | null
  received_at: Date | null
  inspected_at: Date | null
  final_at: Date | null
}

const SCOPED = within('u.requested_at', { entity: 'u.entity', facility: 'u.facility', channel: 'u.channel' })
/** Parts of a split stand for the whole; what the customer took back was never judged to its end. */
const JUDGED = `${SCOPED} AND u.split_at IS NULL AND u.quantity > 0 AND u.cancelled_at IS NULL`

/** What hangs on a unit by currency: its own, and with the first part of a split what was the whole's. */
const byCurrency = (table: string, column: string) => `(SELECT jsonb_object_agg(f.currency, f.total) FROM (
    SELECT f.currency, sum(f.${column})::text AS total FROM ${table} f WHERE f.unit_id = u.id
      OR (f.unit_id = u.parent_id AND u.id = (SELECT min(part.id) FROM return_unit part WHERE part.parent_id = u.parent_id)) GROUP BY 1) f)`

/** Whole cases one after the other. Counting the customer's others and the pieces before is as lib/workflow/request/judge.ts and settlements/propose.ts do it. */
const RETURNS = `
  SELECT u.id, u.rma_id, u.reason, u.return_type, l.channel, l.category, l.segment, l.country, coalesce(p.goods_class, 'none') AS goods_class, l.final_sale,
    l.facility AS shipped_from, l.sold_at, u.quantity, u.status, u.condition, l.currency, l.net, l.tax, l.quantity AS line_quantity, u.unit_cost, u.unit_value,
    u.requested_at, u.rejected_at, u.in_transit_at, u.delivered_at, u.received_at, u.inspected_at, u.final_at,
    CASE WHEN u.received_at IS NULL THEN '' ELSE coalesce((SELECT e.data ->> 'condition_code' FROM case_event e WHERE e.unit_id IN (u.id, u.parent_id)
      AND e.type = 'unit.received.v1' AND NOT e.voided AND e.data ->> 'condition_code' <> '' ORDER BY e.time DESC LIMIT 1), '') END AS received_condition,
    (SELECT coalesce(sum(o.quantity), 0)::int FROM return_unit o WHERE o.order_line_id = l.id AND o.split_at IS NULL AND o.cancelled_at IS NULL
      AND o.rejected_at IS NULL AND (o.requested_at, o.id) < (u.requested_at, u.id)) AS before,
    CASE WHEN l.customer_id = '' THEN 0 ELSE (SELECT count(DISTINCT o.rma_id)::int FROM return_unit o WHERE o.customer_id = l.customer_id
      AND o.requested_at >= u.requested_at - interval '90 days' AND o.requested_at <= u.requested_at AND o.rma_id <> coalesce(u.rma_id, '')
      AND (o.status <> 'cancelled' OR o.status_at > u.requested_at)) END AS returns_90d,
    ${byCurrency('supplier_claim', 'recovered')} AS claims, ${byCurrency('return_cost', 'amount')} AS costs
  FROM return_unit u JOIN order_line l ON l.id = u.order_line_id LEFT JOIN product p ON p.sku = l.sku
  WHERE ${JUDGED} ORDER BY u.rma_id, u.id`

const COUNT = `SELECT count(l.id)::int AS total, (count(*) - count(l.id))::int AS unknown FROM return_unit u LEFT JOIN order_line l ON l.id = u.order_line_id
  WHERE ${JUDGED}`

/** The returns of a span, for the tables that judge requests; each case whole, since its lines are decided together. */
async function* cases(client: pg.ClientBase, span: Span): AsyncGenerator<{ rows: Row[]; read: number }> {
  let open: Row[] = []
  for await (const page of fetched<Row>(client, RETURNS, parameters(span))) {
    const last = page.at(-1)?.rma_id
    const all = [...open, ...page]
    // The last case may go on in the next page.
    const from = last === null ? all.length : all.findIndex(({ rma_id }) => rma_id === last)
    open = all.slice(from)
    yield { rows: all.slice(0, from), read: page.length }
  }
  yield { rows: open, read: 0 }
}

const count: Past['count'] = async (client, span) => {
  const { rows } = await client.query<{ total: number; unknown: number }>(COUNT, parameters(span))
  return rows[0] ?? { total: 0, unknown: 0 }
}

const factsOf = (row: Row, rateOn: RateOn) =>
  requestFacts(
    { ...row, quantity: row.line_quantity, finalSale: row.final_sale, soldAt: row.sold_at },
    { reason: row.reason, returnType: row.return_type },
    row.requested_at,
    {
      goodsClass: row.goods_class,
      price: reporting(
        rateOn,
        pieceOf({ net: row.net, tax: row.tax, quantity: row.line_quantity }),
        row.currency,
        dayOf(row.requested_at),
      ),
      returns90d: row.returns_90d,
    },
  )

const costOf = (row: Row, rateOn: RateOn): bigint =>
  reporting(rateOn, row.unit_cost * BigInt(row.quantity), row.currency, dayOf(row.requested_at)) ?? 0n

/** What its goods brought in again, less what handling it cost; goods that have not come to their end at what their condition usually brings in. */
function broughtIn(row: Row, rateOn: RateOn, shareOf: ShareOf): bigint {
  const day = dayOf(row.requested_at)
  const quantity = BigInt(row.quantity)
  const ended = { status: row.status, cost: row.unit_cost * quantity, value: row.unit_value * quantity }
  const goods =
    row.final_at === null
      ? divideHalfEven(costOf(row, rateOn) * shareOf(row.condition), 1_000_000n)
      : (reporting(rateOn, broughtInBy(ended), row.currency, day) ?? 0n)
  return goods + reportingSum(rateOn, row.claims, day) - reportingSum(rateOn, row.costs, day)
}

const pastOf = (row: Row, rateOn: RateOn, shareOf: ShareOf): PastReturn => ({
  facts: factsOf(row, rateOn),
  ...{ quantity: row.quantity, requestedAt: row.requested_at, rejected: row.rejected_at !== null },
  open: row.final_at === null,
  ...{ receivedCondition: row.received_condition, condition: row.condition, currency: row.currency },
  rate: rateOn(row.currency, dayOf(row.requested_at)) ?? 0n,
  ...{ lineNet: row.net, lineTax: row.tax, lineQuantity: row.line_quantity, before: row.before },
  broughtIn: broughtIn(row, rateOn, shareOf),
  ...{ inTransitAt: row.in_transit_at, deliveredAt: row.delivered_at },
  ...{ receivedAt: row.received_at, inspectedAt: row.inspected_at },
})

const subjectOf = (row: Row): Subject => ({
  ...{ unitId: row.id, rmaId: row.rma_id ?? '', quantity: row.quantity },
  about: { asked: dayOf(row.requested_at), reason: row.reason, channel: row.channel, category: row.category },
})

const counted = (row: Row, span: Span): boolean => span.category === '' || row.category === span.category

const withoutRate = (rows: readonly Row[], rateOn: RateOn): number =>
  rows.filter(({ currency, requested_at }) => rateOn(currency, dayOf(requested_at)) === undefined).length

/** Cases in their rows' order; a return without a number is a case of its own. */
function together(rows: readonly Row[]): Row[][] {
  const groups: Row[][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    if (row.rma_id !== null && last?.[0]?.rma_id === row.rma_id) last.push(row)
    else groups.push([row])
  }
  return groups
}

export const pastReturns: Past = {
  count,
  async *pages(client, span): AsyncGenerator<PastPage> {
    const rateOn = await readRates(client)
    const shareOf = await shareByCondition(client, rateOn)
    for await (const { rows, read } of cases(client, span)) {
      const groups = together(rows).map((group) => group.map((row) => ({ row, past: pastOf(row, rateOn, shareOf) })))
      const shown = rows.filter((row) => counted(row, span))
      yield {
        read,
        withoutRate: withoutRate(shown, rateOn),
        unknown: 0,
        subjects: shown.map(subjectOf),
        // A line that is not counted decides with its case all the same.
        outcomes: (table) =>
          groups.flatMap((group) => {
            const outcomes = returnOutcomes(
              table,
              group.map(({ past }) => past),
            )
            return outcomes.filter((_, index) => counted((group[index] as { row: Row }).row, span))
          }),
      }
    }
  },
}

export const pastRoutes: Past = {
  count,
  async *pages(client, span): AsyncGenerator<PastPage> {
    const rateOn = await readRates(client)
    for await (const { rows, read } of cases(client, span)) {
      const shown = rows.filter((row) => counted(row, span))
      const past = shown.map((row) => ({
        facts: factsOf(row, rateOn),
        ...{ shippedFrom: row.shipped_from, cost: costOf(row, rateOn) },
      }))
      yield {
        read,
        withoutRate: withoutRate(shown, rateOn),
        unknown: 0,
        subjects: shown.map(subjectOf),
        outcomes: (table) => past.map((each) => routeOutcome(table, each)),
      }
    }
  },
}
