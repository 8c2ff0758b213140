import { convert, FAR, halfEven } from './expressions'
import { PAID, THIRTY_DAYS } from './money-facts'

/** The ordered, exclusive categories L1 to L13 (docs/facts.md, section 5). */
export const LEAKAGE = [
  'duplicate',
  'refund_and_chargeback',
  'never_received',
  'quantity',
  'wrong_item',
  'over_credit',
  'fee_waived',
  'condition_not_applied',
  'out_of_policy',
  'price_arbitrage',
  'shipping_or_tax',
  'goodwill',
  'currency',
] as const

const x = (name: keyof typeof PAID) => `tupleElement(x, ${PAID[name]})`
const excess = (due: string, taken: string) => `if(${x('has_exception')} = 0, greatest(${due} - ${taken}, 0), 0)`

/** What each category would take from a settlement `x` with earlier credits `p`, without regard to the others; L3 apart. */
const GIVES = [
  `if(${x('crediting')} = 1 AND ${x('has_entitled')} = 1 AND p > 0 AND p >= ${x('entitled')}, ${x('amount')}, 0)`,
  `if(${x('kind')} = 'chargeback' AND p > 0, ${x('amount')}, 0)`,
  'toInt64(0)',
  `if(${x('crediting')} = 1 AND received_quantity > 0 AND received_quantity < full_quantity, ${halfEven(`(toInt128(${x('amount')}) * (full_quantity - received_quantity))`, 'full_quantity')}, 0)`,
  `if(${x('crediting')} = 1 AND (finding IN ('wrong_item_returned', 'empty_box', 'counterfeit') OR serial_match = 0), ${x('amount')}, 0)`,
  `if(${x('crediting')} = 1 AND ${x('has_entitled')} = 1, greatest(${x('amount')} + ${x('fee')} - ${x('entitled')}, 0), 0)`,
  excess(x('fee_due'), x('fee')),
  excess(x('deduction_due'), x('deduction')),
  `if(${x('in_policy')} = 0 AND ${x('has_exception')} = 0, ${x('amount')}, 0)`,
  x('clawback'),
  x('discrepancy'),
  `if(${x('kind')} = 'goodwill', ${x('amount')}, 0)`,
  x('currency_difference'),
].map((gives) => `toInt128(${gives})`)

const NAMES = `[${LEAKAGE.map((name) => `'${name}'`).join(', ')}]`
const late = `(${x('paid_at')} + ${THIRTY_DAYS})`

/** A settlement was paid for goods that never came. */
const NEVER_RECEIVED = `(${x('crediting')} = 1 AND requests > 0 AND toUnixTimestamp64Milli(received_at) = 0 AND return_type != 'refused')`

/**
 * `leaks`: array of (settlement id, category, at, until, reporting amount) for the rows of `from`, which must have `paid` and the unit's
 * codes. Each category takes what the earlier ones left, which is the step of the running sum of what they give, cut at the settlement's
 * amount. One sub-query a step: nested lambdas are planned many times over.
 */
export const withLeaks = (from: string): string => `
SELECT * EXCEPT (taken, late), arrayFilter(l -> tupleElement(l, 5) != 0, arrayConcat(arrayFlatten(taken), late)) AS leaks
FROM (SELECT * EXCEPT (prior, gives, sums),
  arrayMap((x, c) -> arrayMap((category, k, upper, lower) -> (
      ${x('id')}, category, ${x('paid_at')}, if(k > 3 AND ${NEVER_RECEIVED}, ${late}, ${FAR}),
      ${convert(`(least(toInt128(${x('amount')}), upper) - least(toInt128(${x('amount')}), lower))`, x('rate'))}),
    ${NAMES}, range(1, 14), c, arrayPopBack(arrayPushFront(c, toInt128(0)))), paid, sums) AS taken,
  arrayMap((x, c) -> (${x('id')}, 'never_received', ${late}, ${FAR},
    if(${NEVER_RECEIVED}, ${convert(`(toInt128(${x('amount')}) - least(toInt128(${x('amount')}), c[2]))`, x('late_rate'))}, 0)), paid, sums) AS late
FROM (SELECT *, arrayMap(g -> arrayCumSum(g), gives) AS sums
FROM (SELECT *, arrayMap((x, p) -> [${GIVES.join(', ')}], paid, prior) AS gives
FROM (SELECT *, arrayMap((c, y) -> c - tupleElement(y, ${PAID.amount}) * tupleElement(y, ${PAID.crediting}), arrayCumSum(y -> tupleElement(y, ${PAID.amount}) * tupleElement(y, ${PAID.crediting}), paid), paid) AS prior
FROM (${from})))))`
