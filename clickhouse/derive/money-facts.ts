import { convert, NEVER, ORDER, rate } from './expressions'

/** Live events of the facts of one kind that were ever named with a unit of the queue. */
const named = (kind: string, table: string, key: string) =>
  `(SELECT * FROM ${table} FINAL WHERE ${key} IN (SELECT ref FROM unit_refs WHERE kind = '${kind}' AND unit_id IN (SELECT unit_id FROM queue)) AND voided = 0)`

const CREDITING = "('refund', 'exchange', 'store_credit', 'partial_credit')"
export const THIRTY_DAYS = 'toIntervalDay(30)'

const SETTLEMENT = [
  'unit_id',
  'type',
  'kind',
  'currency',
  'amount',
  'tax_amount',
  'fee_amount',
  'entitled_amount',
  'fee_due_amount',
  'deduction_amount',
  'deduction_due_amount',
  'clawback_due_amount',
  'discrepancy_amount',
  'currency_difference_amount',
  'in_policy',
  'exception_id',
] as const
const s = (name: (typeof SETTLEMENT)[number]) => `latest.${SETTLEMENT.indexOf(name) + 1}`

/** Fields of one paid settlement, by their place in the tuples of `paid`. */
export const PAID = {
  paid_at: 1,
  id: 2,
  kind: 3,
  amount: 4,
  fee: 5,
  has_entitled: 6,
  entitled: 7,
  fee_due: 8,
  deduction: 9,
  deduction_due: 10,
  clawback: 11,
  discrepancy: 12,
  currency_difference: 13,
  in_policy: 14,
  has_exception: 15,
  rate: 16,
  late_rate: 17,
  crediting: 18,
  refund: 19,
  fee_income: 20,
  credit: 21,
} as const

/** One row per unit: its paid settlements in order of (paid_at, id), and when any settlement of it was first seen. */
export const settlements = `
SELECT unit_id, min(first_seen) AS first_seen, arraySort(groupArrayIf(settlement, is_paid)) AS paid,
  minIf(paid_at, is_paid AND kind IN ${CREDITING}) AS refunded_at
FROM
(
  SELECT ${s('unit_id')} AS unit_id, first_seen, paid_at, toString(${s('kind')}) AS kind, ${s('type')} = 'settlement.paid.v1' AS is_paid,
    ${rate(s('currency'), 'paid_at')} AS r,
    (paid_at, settlement_id, kind, ${s('amount')}, ${s('fee_amount')}, toUInt8(isNotNull(${s('entitled_amount')})), ifNull(${s('entitled_amount')}, 0),
      ${s('fee_due_amount')}, ${s('deduction_amount')}, ${s('deduction_due_amount')}, ${s('clawback_due_amount')}, ${s('discrepancy_amount')},
      ${s('currency_difference_amount')}, ${s('in_policy')}, toUInt8(${s('exception_id')} != ''), r, ${rate(s('currency'), `paid_at + ${THIRTY_DAYS}`)},
      toUInt8(kind IN ${CREDITING}), ${convert(`${s('amount')} - ${s('tax_amount')} + ${s('fee_amount')}`, 'r')}, ${convert(s('fee_amount'), 'r')}, ${convert(s('amount'), 'r')}) AS settlement
  FROM
  (
    SELECT settlement_id, argMax((${SETTLEMENT.join(', ')}), ${ORDER}) AS latest, min(time) AS first_seen, minIf(time, type = 'settlement.paid.v1') AS paid_at
    FROM ${named('settlement', 'settlement_events', 'settlement_id')}
    GROUP BY settlement_id
  )
)
WHERE unit_id IN (SELECT unit_id FROM queue)
GROUP BY unit_id`

/** One row per unit: its costs as (kind, time, reporting amount), sorted: the same facts give the same row, or the audit sees a difference. */
export const costs = `
SELECT unit_id, min(time) AS first_seen, arraySort(groupArray((kind, time, value))) AS costs
FROM
(
  SELECT latest.1 AS unit_id, toString(latest.2) AS kind, latest.5 AS time, ${convert('latest.3', rate('latest.4', 'latest.5'))} AS value
  FROM (SELECT cost_id, argMax((unit_id, kind, amount, currency, time), ${ORDER}) AS latest FROM ${named('cost', 'cost_events', 'cost_id')} GROUP BY cost_id)
)
WHERE unit_id IN (SELECT unit_id FROM queue)
GROUP BY unit_id`

const CLAIMED = "type IN ('claim.opened.v1', 'claim.submitted.v1')"
const ACCEPTED = "type = 'claim.accepted.v1'"
const RECOVERED = "type = 'claim.recovered.v1'"
const stage = (name: string, condition: string) =>
  `minIf(time, ${condition}) AS ${name}_at, argMaxIf((amount, toString(currency)), ${ORDER}, ${condition}) AS ${name}_value, countIf(${condition}) > 0 AS ${name}_seen`
const value = (name: string) => convert(`${name}_value.1`, rate(`${name}_value.2`, `${name}_at`))

/** One row per unit: its claims as (id, claimed_at, claimed, accepted_at, accepted, recovered_at, recovered). */
export const claims = `
SELECT unit_id, min(first_seen) AS first_seen,
  arraySort(groupArray((claim_id, claimed_at, claimed, accepted_at, accepted, recovered_at, recovered))) AS claims
FROM
(
  SELECT claim_id, latest.1 AS unit_id, first_seen, claimed_at, if(claimed_seen, ${value('claimed')}, 0) AS claimed,
    if(latest.2 = 'claim.rejected.v1', ${NEVER}, accepted_at) AS accepted_at,
    if(accepted_seen AND latest.2 != 'claim.rejected.v1', ${value('accepted')}, 0) AS accepted,
    recovered_at, if(recovered_seen, ${value('recovered')}, 0) AS recovered
  FROM
  (
    SELECT claim_id, argMax((unit_id, type), ${ORDER}) AS latest, min(time) AS first_seen,
      ${stage('claimed', CLAIMED)}, ${stage('accepted', ACCEPTED)}, ${stage('recovered', RECOVERED)}
    FROM ${named('claim', 'claim_events', 'claim_id')}
    GROUP BY claim_id
  )
)
WHERE unit_id IN (SELECT unit_id FROM queue)
GROUP BY unit_id`
