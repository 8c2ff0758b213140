import { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { expect } from 'vitest'
import { pool } from '../../../lib/db/client'
import { periodHash } from '../../../lib/workflow/books/period-hash'
import type { FakeProvider } from '../../../scripts/demo/payment-provider'

/** The hash of a period as its close computes it. */
const HASH = new PgDialect().sqlToQuery(periodHash(sql.raw('p.entity'), sql.raw('p.period'))).sql

/** I1 to I13 as far as they are of one order ($1) and its item ($2), each as rows that break it; I8 is looked at where the provider's list is. */
const INVARIANTS: Record<string, string> = {
  'I1 every entry balances': `SELECT l.entry_id FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
     WHERE u.order_id = $1 GROUP BY 1 HAVING sum(debit) <> sum(credit)`,
  'I2 never above what was captured, but for what banks took back': `SELECT p.order_id FROM payment p WHERE p.order_id = $1 AND
     (reserved + refunded + charged_back + credited > captured OR over > (SELECT coalesce(sum(amount), 0) FROM settlement s WHERE s.order_id = $1 AND s.kind = 'chargeback'))`,
  'I3 never more back than sold': `SELECT l.id FROM order_line l JOIN return_unit u ON u.order_line_id = l.id
     WHERE l.order_id = $1 AND u.split_at IS NULL AND u.status NOT IN ('cancelled', 'lost') GROUP BY l.id HAVING sum(u.quantity) > min(l.quantity)`,
  'I4 the stock ledger is where the units are': `SELECT * FROM (SELECT facility, status, sum(quantity)::int AS n FROM stock_balance WHERE quantity > 0 AND sku = $2 GROUP BY 1, 2) s
     FULL JOIN (SELECT facility, status, sum(quantity)::int AS n FROM return_unit WHERE split_at IS NULL AND quantity > 0 AND sku = $2 GROUP BY 1, 2) u
       USING (facility, status) WHERE s.n IS DISTINCT FROM u.n AND $1 <> ''`,
  'I4 the stock ledger is the sum of its movements': `SELECT * FROM (SELECT status, sum(quantity)::int AS n FROM stock_balance WHERE quantity > 0 AND sku = $2 GROUP BY 1) s
     FULL JOIN (SELECT status, sum(n)::int AS n FROM (SELECT to_status AS status, quantity AS n FROM stock_movement WHERE sku = $2
       UNION ALL SELECT from_status, -quantity FROM stock_movement WHERE sku = $2) m WHERE status <> 'outside' GROUP BY 1 HAVING sum(n) <> 0) m
       USING (status) WHERE s.n IS DISTINCT FROM m.n AND $1 <> ''`,
  'I5 sellable only after inspection and disposition': `SELECT id FROM return_unit WHERE order_id = $1 AND status IN ('sellable', 'restocked') AND (inspected_at IS NULL OR dispositioned_at IS NULL)`,
  'I6 stock at value is the control accounts': `SELECT * FROM (SELECT 'inventory.' || status AS account, sum(value) AS v FROM stock_balance WHERE value <> 0 AND sku = $2 GROUP BY 1) s
     FULL JOIN (SELECT account, sum(debit - credit) AS v FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
       WHERE u.order_id = $1 AND account LIKE 'inventory.%' GROUP BY 1 HAVING sum(debit - credit) <> 0) j
       USING (account) WHERE s.v IS DISTINCT FROM j.v`,
  'I7 refunds payable is what is owed': `SELECT 1 WHERE (SELECT coalesce(sum(credit - debit), 0) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id
       WHERE u.order_id = $1 AND account = 'refunds_payable') <>
     (SELECT coalesce(sum(amount), 0) FROM settlement WHERE order_id = $1 AND kind <> 'store_credit' AND state IN ('approved', 'reserved', 'submitting', 'unknown', 'failed'))`,
  'I7 the store credit liability is what was promised, and what customers hold and have spent': `SELECT 1 WHERE (SELECT coalesce(sum(credit - debit), 0) FROM journal_line l
       JOIN journal_entry e ON e.id = l.entry_id JOIN return_unit u ON u.id = e.unit_id WHERE u.order_id = $1 AND account = 'store_credit_liability') <>
     (SELECT coalesce(sum(amount), 0) FROM settlement WHERE order_id = $1 AND kind = 'store_credit' AND state IN ('approved', 'failed')) +
     (SELECT coalesce(sum(amount), 0) FROM store_credit_movement WHERE customer_id = replace($1, 'O-', 'C-') AND kind = 'issued')`,
  'I7 a balance is the sum of its movements': `SELECT c.customer_id FROM store_credit c WHERE c.customer_id = replace($1, 'O-', 'C-') AND
     (c.balance < 0 OR c.balance - c.owed <> (SELECT sum(amount) FROM store_credit_movement m WHERE m.customer_id = c.customer_id))`,
  'I9 one fact, one entry': `SELECT cause_id FROM journal_entry e JOIN return_unit u ON u.id = e.unit_id WHERE u.order_id = $1 GROUP BY 1 HAVING count(*) > 1`,
  'I10 what is closed stays as it was': `SELECT p.period FROM period p WHERE p.state = 'closed' AND p.hash IS DISTINCT FROM ${HASH}`,
  'I11 what is given, kept and withheld is what was due': `SELECT id FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id WHERE order_id = $1 AND NOT external
     AND amount + coalesce(r.applied, 0) + fee + deduction + (breakdown ->> 'withheld')::bigint <> entitled`,
  'I12 a unit is in one open claim': `SELECT c.unit_id FROM supplier_claim c JOIN return_unit u ON u.id = c.unit_id WHERE u.order_id = $1 AND c.state <> 'rejected' GROUP BY 1 HAVING count(*) > 1`,
  'I13 every change has its audit entry, in its own transaction': `SELECT u.id FROM return_unit u WHERE u.order_id = $1 AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.tx = u.xmin::text)
     UNION SELECT s.id FROM settlement s WHERE s.order_id = $1 AND NOT EXISTS (SELECT FROM audit_entry a WHERE a.tx = s.xmin::text)`,
}

/** All of them as one statement, which Postgres plans once. */
const STATEMENT = Object.entries(INVARIANTS)
  .map(([name, text]) => `SELECT '${name}' AS name, to_jsonb(x)::text AS row FROM (${text}) x`)
  .join(' UNION ALL ')

/** Throws when an invariant is broken for an order and its item. */
export async function hold(order: string, sku: string, after: string): Promise<void> {
  const { rows } = await pool().query({ name: 'hold', text: STATEMENT, values: [order, sku] })
  expect(rows, after).toEqual([])
}

/** I8: what is paid here was paid once at the provider, of just that amount, and what was paid there is paid here or asked about. */
export async function holdPayments(order: string, provider: FakeProvider, after: string): Promise<void> {
  const { rows } = await pool().query<{ id: string; state: string; cents: number }>({
    name: 'payments',
    text: "SELECT id, state, (amount / 100)::int AS cents FROM settlement WHERE order_id = $1 AND NOT external AND kind = 'refund'",
    values: [order],
  })
  const there = provider.refunds.filter(({ payment_intent }) => payment_intent === order)
  const here = rows.filter(({ state }) => state === 'paid')
  for (const { id, cents } of here)
    expect(
      there.filter(({ metadata }) => metadata.settlement_id === id).map(({ amount }) => amount),
      `I8 ${id} ${after}`,
    ).toEqual([cents])
  for (const { metadata } of there)
    expect(['paid', 'submitting', 'unknown'], `I8 ${metadata.settlement_id} ${after}`).toContain(
      rows.find(({ id }) => id === metadata.settlement_id)?.state,
    )
}
