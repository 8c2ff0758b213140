import type pg from 'pg'
import { divideHalfEven } from '../../money'
import { dayOf, type RateOn, reporting } from './rates'

/** Shares are in 1/1,000,000. */
const WHOLE = 1_000_000n

export type ShareOf = (key: string) => bigint

interface Row extends pg.QueryResultRow {
  key: string
  status: string
  currency: string
  ended: Date
  cost: bigint
  value: bigint
}

/** What a unit that has ended brought in: what it was put back or sold for; never above its cost when it was put back. */
export const broughtInBy = ({ status, cost, value }: Pick<Row, 'status' | 'cost' | 'value'>): bigint =>
  status === 'restocked' ? (value < cost ? value : cost) : status === 'liquidated' ? value : 0n

/**
 * What goods brought in again as a share of their cost, over the units of the whole company that ended in the last 365 days, by `key` (docs/metrics.md,
 * open exposure). A key without any has the share of all; without any at all it is nothing.
 */
async function shares(client: pg.ClientBase, rateOn: RateOn, query: string, claims = ''): Promise<ShareOf> {
  const { rows } = await client.query<Row>(query)
  // Of a claim only what came counts: it has no cost of its own.
  if (claims) rows.push(...(await client.query<Row>(claims)).rows)
  const sums = new Map<string, { got: bigint; cost: bigint }>()
  const all = { got: 0n, cost: 0n }
  for (const row of rows) {
    const day = dayOf(row.ended)
    const got = reporting(rateOn, broughtInBy(row), row.currency, day) ?? 0n
    const cost = reporting(rateOn, row.cost, row.currency, day) ?? 0n
    const own = sums.get(row.key) ?? { got: 0n, cost: 0n }
    sums.set(row.key, { got: own.got + got, cost: own.cost + cost })
    all.got += got
    all.cost += cost
  }
  const share = ({ got, cost }: { got: bigint; cost: bigint }): bigint =>
    cost === 0n ? 0n : divideHalfEven(got * WHOLE, cost)
  const overall = share(all)
  return (key) => {
    const own = sums.get(key)
    return own && own.cost > 0n ? share(own) : overall
  }
}

/** Grouped by day and currency before they leave the database: a few thousand rows, however many units. */
const ENDED = `u.final_at >= now() - interval '365 days' AND u.status IN ('restocked', 'liquidated', 'scrapped', 'donated', 'returned_to_vendor')
  AND u.quantity > 0 AND u.split_at IS NULL`
const SUMS = `u.status, u.currency, date_trunc('day', u.final_at, 'UTC') AS ended,
  sum(u.unit_cost * u.quantity)::bigint AS cost, sum(CASE WHEN u.status = 'restocked' THEN least(u.unit_value, u.unit_cost) ELSE u.unit_value END * u.quantity)::bigint AS value`

export const shareByCondition = (client: pg.ClientBase, rateOn: RateOn): Promise<ShareOf> =>
  shares(client, rateOn, `SELECT u.condition AS key, ${SUMS} FROM return_unit u WHERE ${ENDED} GROUP BY 1, 2, 3, 4`)

const HAD = `(SELECT DISTINCT e.unit_id, e.data ->> 'disposition' AS key FROM case_event e WHERE e.type = 'unit.dispositioned.v1' AND NOT e.voided)`

/** By every disposition that a unit ever had, with what its supplier paid: refurbishing is worth what its goods brought in at their end. */
export const shareByDisposition = (client: pg.ClientBase, rateOn: RateOn): Promise<ShareOf> =>
  shares(
    client,
    rateOn,
    `SELECT d.key, ${SUMS} FROM return_unit u JOIN ${HAD} d ON d.unit_id = u.id WHERE ${ENDED} GROUP BY 1, 2, 3, 4`,
    `SELECT d.key, 'liquidated' AS status, c.currency, date_trunc('day', u.final_at, 'UTC') AS ended, 0::bigint AS cost, sum(c.recovered)::bigint AS value
       FROM return_unit u JOIN ${HAD} d ON d.unit_id = u.id JOIN supplier_claim c ON c.unit_id = u.id WHERE ${ENDED} GROUP BY 1, 3, 4`,
  )
