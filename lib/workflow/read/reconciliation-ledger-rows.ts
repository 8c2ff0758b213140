import { sql } from 'drizzle-orm'
import type { Difference } from '../../returns/reconciliation'
import type { RowsBehind } from './reconciliation-types'
import { listOf, money, text, unitLink } from './rows-behind'

const MOST = 60
/**
 * Where a control account and its sub-ledger part: things whose own postings since the opening do not add up to what they did, rows that no
 * event stands behind, and entries that did not come from a thing. Opening balances were taken over as totals and have no rows of their own.
 */
export function ledgerRows(difference: Difference): Promise<RowsBehind[]> {
  const account = difference.refs.account ?? ''
  const entries = listOf(
    sql`SELECT e.id, e.occurred_at, e.template, e.cause_id, e.prepared_by, e.approved_by, e.memo, l.debit - l.credit AS amount
        FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE l.account = ${account} AND e.entity = ${difference.entity} AND e.currency = ${difference.currency}
          AND e.cause_id !~ '^(unit|settlement|claim|cost|opening|adjustment|reversal|store_credit):' ORDER BY e.posted_at DESC LIMIT ${MOST}`,
    'Entries that came from no thing',
    'Every entry on this account came from a unit, a settlement, a claim, store credit, an adjustment or the opening.',
    [{ label: 'Entry' }, { label: 'Occurred' }, { label: 'For' }, { label: 'By' }, { label: 'Amount', right: true }],
    (row) => [
      text(row.id),
      text(row.occurred_at),
      text(row.memo) || text(row.cause_id),
      text(row.prepared_by),
      money(row.amount),
    ],
  )
  if (account.startsWith('inventory.'))
    return Promise.all([inventoryRows(difference, account.slice('inventory.'.length)), entries])
  if (account === 'store_credit_liability')
    return Promise.all([settlementRows(difference, account), creditRows(difference), entries])
  return Promise.all([
    account === 'vendor_claims_receivable' ? claimRows(difference) : settlementRows(difference, account),
    entries,
  ])
}

const PARTED = [
  { label: 'What' },
  { label: 'Here' },
  { label: 'Sub-ledger', right: true },
  { label: 'Journal', right: true },
]

/** Units and adjustments, by what the stock ledger moved in this status and what the journal posted for them, both since the opening. */
function inventoryRows({ entity, currency, refs }: Difference, status: string): Promise<RowsBehind> {
  return listOf(
    sql`
    WITH moved AS (
      SELECT CASE WHEN m.unit_id = '' THEN m.id ELSE 'unit:' || m.unit_id END AS thing, m.unit_id, sum(s.sign * m.quantity * s.value) AS value
      FROM stock_movement m CROSS JOIN LATERAL (VALUES (m.from_status, -1, m.from_value), (m.to_status, 1, m.to_value)) AS s (status, sign, value)
      WHERE s.status = ${status} AND m.entity = ${entity} AND m.currency = ${currency} AND m.cause <> 'opening' GROUP BY 1, 2
    ), posted AS (
      SELECT CASE WHEN e.unit_id <> '' THEN 'unit:' || e.unit_id ELSE e.cause_id END AS thing, sum(l.debit - l.credit) AS value
      FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
      WHERE l.account = ${refs.account ?? ''} AND e.entity = ${entity} AND e.currency = ${currency} AND e.origin = 'automatic' GROUP BY 1
    )
    SELECT regexp_replace(thing, '^unit:', '') AS thing, u.rma_id, u.status, coalesce(m.value, 0) AS sub, coalesce(p.value, 0) AS books
    FROM moved m FULL JOIN posted p USING (thing) LEFT JOIN return_unit u ON 'unit:' || u.id = thing
    WHERE coalesce(m.value, 0) <> coalesce(p.value, 0) ORDER BY abs(coalesce(m.value, 0) - coalesce(p.value, 0)) DESC, 1 LIMIT ${MOST}`,
    'Units and adjustments that part',
    'Every movement since the opening has its posting: look at the balances in the stock ledger.',
    PARTED,
    (row) => [unitLink(row.thing, row.rma_id), text(row.status).replaceAll('_', ' '), money(row.sub), money(row.books)],
  )
}

/** Settlements whose row is not what their events say, or that no event stands behind. */
function settlementRows({ entity, currency }: Difference, account: string): Promise<RowsBehind> {
  const kind = account === 'store_credit_liability' ? sql`s.kind = 'store_credit'` : sql`s.kind <> 'store_credit'`
  return listOf(
    sql`
    SELECT s.id, s.rma_id, s.state, -s.amount AS sub, (
        SELECT sum(l.debit - l.credit) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE e.unit_id = s.unit_id AND e.cause_id LIKE 'settlement:' || s.id || '#%' AND l.account = ${account}) AS books
    FROM settlement s
    LEFT JOIN LATERAL (
      SELECT c.data ->> 'amount' AS amount, c.type FROM case_event c WHERE c.unit_id = s.unit_id AND c.data ->> 'settlement_id' = s.id AND NOT c.voided
      ORDER BY c.time DESC, c.sequence DESC, c.source DESC, c.id DESC LIMIT 1
    ) told ON true
    WHERE s.entity = ${entity} AND s.currency = ${currency} AND ${kind} AND s.state NOT IN ('proposed', 'rejected')
      AND (told.amount IS NULL OR (told.amount::numeric * 10000) <> s.amount)
    ORDER BY s.amount DESC, s.id LIMIT ${MOST}`,
    'Settlements that part from what was told of them',
    'Every settlement is what its events say: look at the entries.',
    PARTED,
    (row) => [unitLink(row.id, row.rma_id), text(row.state), money(row.sub), money(row.books)],
  )
}

/** Movements of store credit that were spent or ended and whose entry is another, and customers who hold what never moved. */
function creditRows({ entity, currency }: Difference): Promise<RowsBehind> {
  return listOf(
    sql`
    SELECT what, here, sub, books FROM (
      SELECT m.id AS what, m.kind AS here, -m.amount AS sub, coalesce((
          SELECT sum(l.debit - l.credit) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
          WHERE e.cause_id = 'store_credit:' || m.id AND l.account = 'store_credit_liability'), 0) AS books
      FROM store_credit_movement m WHERE m.entity = ${entity} AND m.currency = ${currency} AND m.kind <> 'issued'
      UNION ALL
      SELECT c.customer_id, 'held', c.owed - c.balance, -(
          SELECT coalesce(sum(m.amount), 0) FROM store_credit_movement m WHERE m.customer_id = c.customer_id AND m.entity = c.entity AND m.currency = c.currency)
      FROM store_credit c WHERE c.entity = ${entity} AND c.currency = ${currency}
    ) each WHERE sub <> books ORDER BY abs(sub - books) DESC, what LIMIT ${MOST}`,
    'Store credit that parts from its movements and entries',
    'Every customer holds what was moved, and every movement has its entry: look at the settlements.',
    PARTED,
    (row) => [text(row.what), text(row.here), money(row.sub), money(row.books)],
  )
}

/** Claims whose row is not what their events say, or that no event stands behind. */
function claimRows({ entity, currency }: Difference): Promise<RowsBehind> {
  const latest = (type: string) => sql`(
    SELECT (c.data ->> 'amount')::numeric * 10000 FROM case_event c WHERE c.unit_id = s.unit_id AND c.data ->> 'claim_id' = s.id AND NOT c.voided
      AND c.type = ${type} ORDER BY c.time DESC, c.sequence DESC, c.source DESC, c.id DESC LIMIT 1)`
  return listOf(
    sql`
    SELECT s.id, u.rma_id, s.state, greatest(s.accepted, s.recovered) - s.recovered - s.written_off AS sub, (
        SELECT sum(l.debit - l.credit) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE e.cause_id LIKE 'claim:' || s.id || '#%' AND e.unit_id = s.unit_id AND l.account = 'vendor_claims_receivable') AS books
    FROM supplier_claim s LEFT JOIN return_unit u ON u.id = s.unit_id
    WHERE s.entity = ${entity} AND s.currency = ${currency}
      AND ((s.state <> 'rejected' AND coalesce(${latest('claim.accepted.v1')}, 0) <> s.accepted) OR coalesce(${latest('claim.recovered.v1')}, 0) <> s.recovered)
    ORDER BY s.accepted DESC, s.id LIMIT ${MOST}`,
    'Claims that part from what was told of them',
    'Every claim is what its events say: look at the entries.',
    PARTED,
    (row) => [unitLink(row.id, row.rma_id), text(row.state), money(row.sub), money(row.books)],
  )
}
