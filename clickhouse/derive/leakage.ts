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

const x = (name: keyof typeof PAID) => `x.${PAID[name]}`
const excess = (due: string, taken: string) => `if(${x('has_exception')} = 0, greatest(${due} - ${taken}, 0), 0)`

/** What each category would take from a settlement `x` with earlier credits `p`, without regard to the others; L3 apart. */
const GIVES = [
  `if(${x('crediting')} = 1 AND ${x('has_entitled')} = 1 AND p > 0 AND p >= ${x('entitled')}, ${x('amount')}, 0)`,
  `if(${x('kind')} = 'chargeback' AND p > 0, ${x('amount')}, 0)`,
  'toInt64(0)',
  `if(${x('crediting')} = 1 AND received_quantity > 0 AND received_quantity < full_quantity, ${halfEven(`toInt128(${x('amount')}) * (full_quantity - received_quantity)`, 'greatest(full_quantity, 1)')}, 0)`,
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
 * Array of (settlement id, category, at, until, reporting amount). `paid` and the unit's codes must be in scope. Each category takes what the
 * earlier ones left, which is the step of the running sum of what they give, cut at the settlement's amount.
 */
export const leakage = `arrayFilter(l -> l.5 != 0, arrayFlatten(arrayMap((x, p) -> (
  arrayConcat(
    arrayMap((category, k, until_sum, before_sum) -> (
        ${x('id')}, category, ${x('paid_at')}, if(${NEVER_RECEIVED} AND k > 3, ${late}, ${FAR}),
        ${convert(`(least(${x('amount')}, until_sum) - least(${x('amount')}, before_sum))`, x('rate'))}),
      ${NAMES}, arrayEnumerate(${NAMES}), arrayCumSum([${GIVES.join(', ')}]), arrayPopBack(arrayPushFront(arrayCumSum([${GIVES.join(', ')}]), toInt128(0)))),
    if(${NEVER_RECEIVED}, [(${x('id')}, 'never_received', ${late}, ${FAR},
      ${convert(`(${x('amount')} - least(${x('amount')}, ${GIVES[0]} + ${GIVES[1]}))`, x('late_rate'))})], []))),
  paid, arrayMap((c, y) -> c - y.${PAID.amount} * y.${PAID.crediting}, arrayCumSum(y -> y.${PAID.amount} * y.${PAID.crediting}, paid), paid))))`
