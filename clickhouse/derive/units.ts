import { FINAL_STATUSES } from '../../lib/returns/codes'
import { convert, halfEven, NEVER, rate, share } from './expressions'
import { withLeaks } from './leakage'
import { claims, costs, PAID, settlements } from './money-facts'
import { DESCRIPTIVE, saleFacts } from './sales'
import { movements, STAGE_TIMES, stageEvents } from './stage-events'

const FINAL = `(${FINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`
const isSet = (time: string) => `toUnixTimestamp64Milli(${time}) > 0`
const STAGE_COLUMNS = Object.keys(STAGE_TIMES)
const CODES = [
  'reason',
  'condition',
  'finding',
  'disposition',
  'shift',
  'carrier',
  'policy_row',
  'rma_id',
  'order_id',
] as const

/**
 * First step: everything known of each unit in `publish_queue` of one generation side by side, still unjudged. Its result is put down in a
 * table between the steps: planning time grows with the depth of a statement, and this halves what a small publish takes.
 */
export const gatherUnits = `
WITH queue AS (SELECT ref AS unit_id FROM publish_queue WHERE generation = {generation:UInt64} AND kind = 'unit'),
  lineage AS (SELECT unit_id, ancestor_id, cutoff FROM publish_lineage WHERE generation = {generation:UInt64})
SELECT {generation:UInt64} AS generation, q.unit_id AS unit_id, p.ancestor_id AS parent_id, if(p.ancestor_id = '', ${NEVER}, p.cutoff) AS born_at, p.quantity AS child_quantity,
  a.requests AS requests, ${STAGE_COLUMNS.map((name) => `a.${name} AS ${name}`).join(', ')}, a.expected_at AS expected_at,
  if(a.splits > 0, a.split_time, ${NEVER}) AS split_at, a.requested_quantity AS requested_quantity, a.received_quantity AS received_quantity,
  a.decision AS decision, ${CODES.map((name) => `a.${name} AS ${name}`).join(', ')}, a.order_line_id AS order_line_id,
  if(a.requests > 0 AND a.return_type = '', 'refund', a.return_type) AS return_type, if(a.unit_id = '', -1, a.serial_match) AS serial_match,
  if(m.last_facility > a.last_facility, m.last_facility, a.last_facility).5 AS facility,
  a.request AS request, f.order_line_id != '' AS has_sale, f.sold_at AS sale_sold_at, f.quantity AS sale_quantity, f.net AS sale_net,
  f.unit_cost AS sale_unit_cost, f.currency AS sale_currency,
  ${DESCRIPTIVE.map((name) => `if(f.${name} != '', toString(f.${name}), toString(a.${name})) AS ${name}`).join(', ')},
  a.log AS stage_log, m.log AS move_log, s.paid AS paid, s.refunded_at AS refunded_at, c.costs AS costs, k.claims AS claims,
  arrayMin(arrayFilter(t -> ${isSet('t')}, [a.first_seen, m.first_seen, s.first_seen, c.first_seen, k.first_seen, p.cutoff])) AS first_seen
FROM queue AS q
LEFT JOIN (SELECT * FROM publish_lineage WHERE generation = {generation:UInt64} AND depth = 1) AS p ON p.unit_id = q.unit_id
LEFT JOIN (${stageEvents}) AS a ON a.unit_id = q.unit_id
LEFT JOIN (${movements}) AS m ON m.unit_id = q.unit_id
LEFT JOIN (${settlements}) AS s ON s.unit_id = q.unit_id
LEFT JOIN (${costs}) AS c ON c.unit_id = q.unit_id
LEFT JOIN (${claims}) AS k ON k.unit_id = q.unit_id
LEFT JOIN (${saleFacts("SELECT ref FROM unit_refs WHERE kind = 'line' AND unit_id IN (SELECT ancestor_id FROM lineage)")}) AS f ON f.order_line_id = a.order_line_id AND a.order_line_id != ''
WHERE a.unit_id != '' OR m.unit_id != '' OR s.unit_id != '' OR c.unit_id != '' OR k.unit_id != '' OR p.unit_id != ''`

/** Second step: quantities, dates, the entries of the status log. Each step is a sub-query of its own, so that nothing is computed twice. */
const dated = `
SELECT *, if(parent_id != '', child_quantity, if(requests > 0, requested_quantity, received_quantity)) AS full_quantity,
  requests > 0 AND decision NOT IN ('rejected', 'cancelled') AS returned,
  if(has_sale, sale_sold_at, tupleElement(request, 4)) AS sold_at,
  isNotNull(sale_unit_cost) AND has_sale AS cost_of_sale,
  if(empty(move_log), ${NEVER}, arrayMin(e -> tupleElement(e, 1), move_log)) AS first_move
FROM {gathered:Identifier} WHERE generation = {generation:UInt64}`

const logged = `
SELECT *, if(${isSet('split_at')}, 0, full_quantity) AS quantity,
  toDate(multiIf(${isSet('sold_at')}, sold_at, ${isSet('requested_at')}, requested_at, first_seen)) AS cohort_day,
  arraySort(arrayConcat(move_log, if(empty(move_log), stage_log, arrayFilter(e -> tupleElement(e, 1) < first_move, stage_log)))) AS entries,
  if(cost_of_sale, toString(sale_currency), toString(tupleElement(request, 3))) AS cost_currency,
  if(cost_of_sale, ifNull(sale_unit_cost, 0), ifNull(tupleElement(request, 2), 0)) AS unit_cost,
  if(cost_of_sale, sale_sold_at, requested_at) AS cost_at
FROM (${dated})`

const kept = `
SELECT *, arrayFilter((e, i) -> i = length(entries) OR tupleElement(entries[i + 1], 1) != tupleElement(e, 1), entries, arrayEnumerate(entries)) AS kept,
  ${rate('cost_currency', 'cost_at')} AS cost_rate
FROM (${logged})`

const stated = `
SELECT *, if(empty(kept), '', tupleElement(kept[-1], 6)) AS status, if(empty(kept), (0, 0, ''), (tupleElement(kept[-1], 7), tupleElement(kept[-1], 8), tupleElement(kept[-1], 9))) AS last_move,
  ${convert('toInt128(quantity) * unit_cost', 'cost_rate')} AS cost_value, ${convert('toInt128(full_quantity) * unit_cost', 'cost_rate')} AS full_cost_value,
  if(has_sale, ${halfEven('(toInt128(sale_net) * quantity)', 'greatest(sale_quantity, 1)')},
    ${convert('toInt128(quantity) * ifNull(tupleElement(request, 1), 0)', rate('tupleElement(request, 3)', 'requested_at'))}) AS sale_value
FROM (${kept})`

const judged = `
SELECT *, if(empty(kept), ${NEVER}, kept[arrayLastIndex(e -> tupleElement(e, 6) != status, kept) + 1].1) AS status_at, if(status IN ${FINAL}, status, 'open') AS outcome,
  if(tupleElement(last_move, 3) = '', cost_currency, tupleElement(last_move, 3)) AS value_currency
FROM (${stated})`

const finished = `
SELECT *, if(outcome = 'open', ${NEVER}, status_at) AS final_at FROM (${judged})`

/** Third step: money. */
const priced = `
SELECT u.*, ${convert('toInt128(quantity) * tupleElement(last_move, 2)', rate('value_currency', 'final_at'))} AS moved_value, sup.coverage_units AS coverage, sup.window_days AS window_days,
  finding = 'confirmed_defect' AND (${isSet('received_at')} OR ${isSet('inspected_at')}) AND quantity > 0 AND sup.coverage_units > 0 AS is_claimable
FROM (${finished}) AS u LEFT JOIN supplier_ref AS sup ON sup.id = u.supplier_id`

const map = (expression: string, over: string) => `arrayMap(x -> (${expression}), ${over})`
const paid = (name: keyof typeof PAID) => `tupleElement(x, ${PAID[name]})`
const CREDITS = map(
  `if(${paid('kind')} IN ('goodwill', 'chargeback'), ${paid('kind')}, 'refund'), ${paid('paid_at')}, -${paid('refund')}`,
  'paid',
)
const GOODS = `if(outcome = 'liquidated', 'liquidation_proceeds', 'restocked_value'), final_at, multiIf(outcome = 'restocked' AND tupleElement(last_move, 1) = 0, cost_value,
  outcome = 'restocked', least(moved_value, cost_value), outcome = 'liquidated', moved_value, 0)`
const booked = `
SELECT * EXCEPT (credits, fees, spent, goods, regained), arrayFilter(m -> tupleElement(m, 3) != 0, arrayConcat(credits, fees, spent, goods, regained)) AS monies
FROM (SELECT *, ${CREDITS} AS credits, ${map(`'fee_income', ${paid('paid_at')}, ${paid('fee_income')}`, 'paid')} AS fees,
  ${map('tupleElement(x, 1), tupleElement(x, 2), -tupleElement(x, 3)', 'costs')} AS spent, [(${GOODS})] AS goods, ${map("'claim_recovery', tupleElement(x, 6), tupleElement(x, 7)", 'claims')} AS regained FROM (${priced}))`
const valued = withLeaks(booked)

const nested = (name: string, fields: readonly string[], from: string) =>
  fields.map((field, i) => ({ column: `${name}.${field}`, value: map(`tupleElement(x, ${i + 1})`, from) }))

/** Every served column but `version` and `content`, with the expression that gives it. */
const SERVED: readonly { column: string; value: string }[] = [
  ...[
    'cohort_day',
    'unit_id',
    'parent_id',
    'born_at',
    'split_at',
    'quantity',
    'full_quantity',
    'received_quantity',
    'rma_id',
    'order_id',
    'order_line_id',
  ],
  ...[
    'has_sale',
    'returned',
    'decision',
    'sold_at',
    ...STAGE_COLUMNS,
    'expected_at',
    'refunded_at',
    'final_at',
    'status_at',
  ],
  ...[
    'reason',
    'return_type',
    'condition',
    'finding',
    'serial_match',
    'disposition',
    'shift',
    'carrier',
    'facility',
    'policy_row',
    'status',
    'outcome',
  ],
  ...[...DESCRIPTIVE, 'cost_value', 'full_cost_value', 'sale_value'],
]
  .map((column) => ({ column, value: column }))
  .concat(
    [
      { column: 'claimable', value: `if(is_claimable, ${share('cost_value', 'coverage')}, 0)` },
      { column: 'claimable_at', value: `if(is_claimable, inspected_at, ${NEVER})` },
      {
        column: 'claim_until',
        value: `if(is_claimable, if(${isSet('received_at')}, received_at, inspected_at) + toIntervalDay(window_days), ${NEVER})`,
      },
    ],
    nested('log', ['status', 'at'], map('tupleElement(x, 6), tupleElement(x, 1)', 'kept')),
    nested('money', ['component', 'at', 'amount'], 'monies'),
    nested(
      'credit',
      ['id', 'kind', 'at', 'amount'],
      map(`${paid('id')}, ${paid('kind')}, ${paid('paid_at')}, ${paid('credit')}`, 'paid'),
    ),
    nested('leak', ['id', 'category', 'at', 'until', 'amount'], 'leaks'),
    nested('claim', ['id', 'claimed_at', 'claimed', 'accepted_at', 'accepted', 'recovered_at', 'recovered'], 'claims'),
  )

/** Columns that a publish of units writes, in order; `version` comes after them. */
export const UNIT_COLUMNS = [...SERVED.map(({ column }) => column), 'content'] as const

/**
 * The pure function of layer 3: the served rows of the units of one generation, from what `gatherUnits` put into the table `gathered`.
 * Parameters of both: `generation`, `reporting`, `fx_from`, `fx_to`. The publisher, the rebuild and the audit all run these two statements.
 */
export const deriveUnits = `
SELECT *, cityHash64(${SERVED.map(({ column }) => `\`${column}\``).join(', ')}) AS content
FROM (SELECT ${SERVED.map(({ column, value }) => `${value} AS \`${column}\``).join(',\n  ')} FROM (${valued}))`

/**
 * Settings that the derivations need: a name in an expression means the column, not an alias of the same SELECT. The others are about
 * planning, which is most of the time of a small publish: the comparison-chain optimiser alone took 500 of 800 ms for these statements, and
 * compiling expressions does not pay for a few hundred rows.
 */
export const DERIVE_SETTINGS = {
  prefer_column_name_to_alias: 1,
  join_use_nulls: 0,
  max_execution_time: 600,
  optimize_and_compare_chain: 0,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
} as const
