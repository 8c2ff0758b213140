import { sql } from 'drizzle-orm'
import { type Difference, isStatusOnBooks, RETURN_ZONES, type Tie } from '../../returns/reconciliation'
import { texts } from '../record/books'
import type { Reader, Side, Visible } from './side'

/** Every sub-ledger as the balances that its control accounts must have: `sub` (entity, currency, account, value), debit above zero. */
export const SUB_LEDGERS = sql`
  sub AS (
    SELECT entity, currency, account, sum(value) AS value FROM (
      SELECT entity, currency, 'inventory.' || status AS account, value FROM stock_balance WHERE status IN ${texts([...RETURN_ZONES, 'restocked'].filter(isStatusOnBooks))}
      UNION ALL
      SELECT entity, currency, CASE WHEN kind = 'store_credit' THEN 'store_credit_liability' ELSE 'refunds_payable' END, -amount
      FROM settlement WHERE state NOT IN ('proposed', 'rejected', 'paid')
      UNION ALL
      SELECT entity, currency, 'store_credit_liability', owed - balance FROM store_credit
      UNION ALL
      SELECT entity, currency, 'vendor_claims_receivable', greatest(accepted, recovered) - recovered - written_off FROM supplier_claim
    ) each GROUP BY 1, 2, 3
  )`

interface Row extends Record<string, unknown> {
  entity: string
  currency: string
  account: string
  name: string
  control: string
  sub: string
  books: string
}

const CONTROLS: Readonly<Record<string, string>> = {
  inventory: 'Inventory',
  refunds_payable: 'Refunds payable',
  store_credit: 'Store credit',
  claims_receivable: 'Claims receivable',
}

/** Sub-ledgers against the control accounts of the journal, by entity, currency and account. */
export async function ledgerSide(tx: Reader, visible: Visible): Promise<Side> {
  const { rows } = await tx.execute<Row>(sql`
    WITH ${SUB_LEDGERS}, books AS (
      SELECT e.entity, e.currency, l.account, sum(l.debit - l.credit) AS value
      FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN ledger_account a ON a.id = l.account
      WHERE a.control IS NOT NULL AND a.control <> 'cash' GROUP BY 1, 2, 3
    )
    SELECT entity, currency, account, a.name, a.control, coalesce(sub.value, 0)::text AS sub, coalesce(books.value, 0)::text AS books
    FROM sub FULL JOIN books USING (entity, currency, account) JOIN ledger_account a ON a.id = account
    WHERE (coalesce(sub.value, 0) <> 0 OR coalesce(books.value, 0) <> 0) AND ${visible({ entity: sql`entity` })}
    ORDER BY entity, currency, account`)
  const ties = new Map<string, Tie>()
  for (const { control, currency, sub, books } of rows) {
    const key = `${control}/${currency}`
    const known = ties.get(key) ?? { label: CONTROLS[control] ?? control, ours: 0n, theirs: 0n, currency }
    ties.set(key, { ...known, ours: known.ours + BigInt(sub), theirs: known.theirs + BigInt(books) })
  }
  return {
    ties: [...ties.values()],
    differences: rows.filter(({ sub, books }) => sub !== books).map(ofAccount),
    notes: [
      'Debits stand above zero, credits below. Each account is compared by entity and currency, not only in total.',
    ],
  }
}

const ofAccount = (row: Row): Difference => ({
  key: `ledger:${row.entity}:${row.currency}:${row.account}`,
  kind: 'control_differs',
  title: row.name,
  ours: BigInt(row.sub),
  theirs: BigInt(row.books),
  currency: row.currency,
  entity: row.entity,
  facility: '',
  since: null,
  refs: { account: row.account },
})
