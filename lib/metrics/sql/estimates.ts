import { codes } from '../definitions/expressions'
import type { Params } from './params'
import { salesOf } from './sales'
import { within } from './windows'
import { DAY_MS, reached } from './words'

/** Days after which all returns of a sale are in. */
export const HORIZON = 120
/** Fewer returned units than this make no curve of their own. */
const ENOUGH = 200

/**
 * The estimates of docs/metrics.md at given instants: delay curve, return rate by value, recovery shares. Each is a scalar
 * sub-query in front of the statement, reckoned once however often it is used. They are the whole company's: no filter and
 * no scope narrows them.
 */
export class Estimates {
  readonly #scalars = new Map<string, string>()
  constructor(readonly params: Params) {}

  /** `WITH …` for the statement, or nothing. */
  clause(): string {
    const scalars = [...this.#scalars].map(([query, name]) => `(${query}) AS ${name}`)
    return scalars.length > 0 ? `WITH ${scalars.join(',\n')}\n` : ''
  }

  #scalar(prefix: string, query: string): string {
    const name = this.#scalars.get(query) ?? `${prefix}_${this.#scalars.size}`
    this.#scalars.set(query, name)
    return name
  }

  /** F(category, channel, age): SQL over columns `k1`, `k2` (texts) and `age` (whole days). */
  visible(instant: number): string {
    const curve = this.#scalar('curve', curveSql(instant, this.params))
    const place = (level: number, k1: string, k2: string) => `indexOf(${curve}.1, (toUInt8(${level}), ${k1}, ${k2}))`
    const cell = `if(${place(2, 'k1', 'k2')} > 0, ${place(2, 'k1', 'k2')}, if(${place(1, 'k1', "''")} > 0, ${place(1, 'k1', "''")}, ${place(0, "''", "''")}))`
    return `multiIf(age >= ${HORIZON}, 1., ${cell} = 0, least(1., (age + 1) / ${HORIZON + 1}), ${curve}.2[${cell}][age + 1])`
  }

  /** Returned value ÷ net sales of older sales of the cell: SQL over `k1`, `k2`. */
  returnShare(instant: number): string {
    const rates = this.#scalar('rates', ratesSql(instant, this.params))
    const place = (level: number, k1: string, k2: string) => `indexOf(${rates}.1, (toUInt8(${level}), ${k1}, ${k2}))`
    return `${rates}.2[if(${place(1, 'k1', 'k2')} > 0, ${place(1, 'k1', 'k2')}, ${place(0, "''", "''")})]`
  }

  /** What of its cost a unit brings, by `condition`; over all without one. */
  recoveryShare(instant: number, condition?: string): string {
    const shares = this.#scalar('shares', sharesSql(instant, this.params))
    if (!condition) return `${shares}.3`
    const place = `indexOf(${shares}.1, toString(${condition}))`
    return `if(${place} = 0, ${shares}.3, ${shares}.2[${place}])`
  }
}

const olderSales = (instant: number) => ({ start: instant - 540 * DAY_MS, end: instant - HORIZON * DAY_MS })

function soldAndReturned(instant: number, params: Params): string {
  const span = olderSales(instant)
  return `has_sale AND returned AND ${reached('requested_at', params.instant(instant))} AND ${within('sold_at', span, params)}
    AND cohort_day BETWEEN ${params.day(span.start)} AND ${params.day(span.end)}`
}

const LAG = `greatest(0, least(${HORIZON}, intDiv(toUnixTimestamp64Milli(requested_at) - toUnixTimestamp64Milli(sold_at), ${DAY_MS})))`

/** (keys, curves): key (2, category, channel), (1, category, ''), (0, '', '') where there is enough; curve of 121 shares. */
const curveSql = (instant: number, params: Params) => `
SELECT (groupArray(k), groupArray(shares)) FROM (
  SELECT k, arrayMap(n -> n / total, arrayCumSum(arrayMap(d -> sums.2[indexOf(sums.1, d)], range(${HORIZON + 1})))) AS shares
  FROM (
    SELECT k, sum(q) AS total, sumMap([lag], [q]) AS sums FROM (
      SELECT toString(category) AS k1, toString(channel) AS k2, toUInt8(${LAG}) AS lag, sum(quantity) AS q
      FROM units FINAL WHERE ${soldAndReturned(instant, params)} GROUP BY k1, k2, lag
    ) ARRAY JOIN [(toUInt8(2), k1, k2), (toUInt8(1), k1, ''), (toUInt8(0), '', '')] AS k
    GROUP BY k
  ) WHERE total >= if(k.1 = 0, 1, ${ENOUGH}))`

/** (keys, shares): key (1, category, channel), (0, '', ''). */
const ratesSql = (instant: number, params: Params) => `
SELECT (groupArray(k), groupArray(share)) FROM (
  SELECT k, sum(back) / sum(sold) AS share FROM (
    SELECT toString(category) AS k1, toString(channel) AS k2, sum(toInt128(sale_value)) AS back, toInt128(0) AS sold
    FROM units FINAL WHERE ${soldAndReturned(instant, params)} GROUP BY k1, k2
    UNION ALL
    SELECT k1, k2, toInt128(0) AS back, sum(toInt128(net)) AS sold
    FROM (${salesOf(olderSales(instant), ['category', 'channel'], params, 'toString(category) AS k1, toString(channel) AS k2, net')}) GROUP BY k1, k2
  ) ARRAY JOIN [(toUInt8(1), k1, k2), (toUInt8(0), '', '')] AS k
  GROUP BY k HAVING sum(sold) != 0)`

const GOODS = codes(['restocked_value', 'liquidation_proceeds'])
const ENDED = codes(['restocked', 'liquidated', 'scrapped', 'donated', 'returned_to_vendor'])

/** (conditions, shares, the share over all). */
const sharesSql = (instant: number, params: Params) => `
SELECT (groupArrayIf(k, cost != 0), groupArrayIf(back / cost, cost != 0), if(sum(cost) = 0, 0., sum(back) / sum(cost))) FROM (
  SELECT toString(condition) AS k, sum(toInt128(cost_value)) AS cost,
    sum(toInt128(arraySum((c, a) -> if(c IN ${GOODS}, a, 0), money.component, money.amount))) AS back
  FROM units FINAL WHERE ${within('final_at', { start: instant - 365 * DAY_MS, end: instant }, params)} AND outcome IN ${ENDED}
  GROUP BY k)`
