import { sql } from 'drizzle-orm'
import { formatUnits } from '../../money'
import { periodHash } from '../books/period-hash'
import { compare } from '../reconciliation/compare'
import { everything } from '../reconciliation/side'
import { dealtWith } from '../reconciliation/states'
import { bySql, type Found, firstOf, type Invariant, type Reader } from './invariant'

/** Control accounts that are not what their sub-ledgers are; `only` takes some accounts of them. */
async function controlAccounts(tx: Reader, now: Date, only: (account: string) => boolean): Promise<Found> {
  const side = await compare(tx, 'ledger', everything, now)
  const { rows } = await tx.execute<{ n: string }>(
    sql`SELECT count(DISTINCT (e.entity, e.currency, l.account))::text AS n FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        JOIN ledger_account a ON a.id = l.account WHERE a.control IS NOT NULL AND a.control <> 'cash'`,
  )
  const broken = side.differences.filter(({ refs }) => only(refs.account ?? ''))
  return {
    checked: BigInt(rows[0]?.n ?? 0),
    broken: BigInt(broken.length),
    examples: firstOf(
      broken.map(
        ({ title, entity, currency, ours, theirs }) =>
          `${title} of ${entity || 'no entity'}: sub-ledger ${formatUnits(ours, 2)}, journal ${formatUnits(theirs, 2)} ${currency}`,
      ),
    ),
  }
}

const isPayable = (account: string): boolean => account === 'refunds_payable' || account === 'store_credit_liability'

/** What customers hold in store credit is what was issued to them less what they spent and what was ended. */
const heldIsMoved = bySql(
  sql`SELECT count(*) FROM store_credit`,
  sql`SELECT 'Store credit of ' || coalesce(nullif(customer_id, ''), 'nobody') || ': held ' || ((coalesce(c.held, 0)) / 10000.0)::numeric(20, 2) || ', moved '
        || (coalesce(m.moved, 0) / 10000.0)::numeric(20, 2) || ' ' || currency AS what
      FROM (SELECT customer_id, entity, currency, balance - owed AS held FROM store_credit) c
      FULL JOIN (SELECT customer_id, entity, currency, sum(amount) AS moved FROM store_credit_movement GROUP BY 1, 2, 3) m USING (customer_id, entity, currency)
      WHERE coalesce(c.held, 0) <> coalesce(m.moved, 0)`,
)

export const BOOKS: readonly Invariant[] = [
  {
    id: 'I1',
    title: 'Entries balance',
    says: 'In every entry debits equal credits, so every trial balance is zero.',
    look: bySql(
      sql`SELECT count(*) FROM journal_entry`,
      sql`SELECT 'Entry ' || e.id || ': debits less credits ' || coalesce((t.off / 10000.0)::numeric(20, 2)::text, 'without lines') AS what
          FROM journal_entry e LEFT JOIN (SELECT entry_id, sum(debit) - sum(credit) AS off FROM journal_line GROUP BY 1) t ON t.entry_id = e.id
          WHERE t.off IS DISTINCT FROM 0`,
    ),
  },
  {
    id: 'I6',
    title: 'Control accounts are their sub-ledgers',
    says: 'Inventory by status and claims receivable are, by entity and currency, what the goods and claims add up to.',
    look: (tx, now) => controlAccounts(tx, now, (account) => !isPayable(account)),
  },
  {
    id: 'I7',
    title: 'Refund liability is what is owed',
    says: 'Refunds payable is the sum of settlements that are approved and not paid; the store credit liability is what customers hold, with what is approved for them, and each balance is the sum of its movements.',
    async look(tx, now) {
      const accounts = await controlAccounts(tx, now, isPayable)
      const credit = await heldIsMoved(tx)
      return {
        checked: accounts.checked + credit.checked,
        broken: accounts.broken + credit.broken,
        examples: firstOf([...accounts.examples, ...credit.examples]),
      }
    },
  },
  {
    id: 'I8',
    title: 'Payments are explained',
    says: 'What was settled is what the providers report, or the difference is waited for, settled by an entry, or explained.',
    async look(tx, now) {
      const { differences } = await compare(tx, 'payments', everything, now)
      const dealt = await dealtWith(tx, differences, now)
      // More than was captured is looked at by I2.
      const open = differences.filter(
        (each) => each.kind !== 'over_captured' && ['open', 'proposed'].includes(dealt(each).state),
      )
      const { rows } = await tx.execute<{ n: string }>(sql`SELECT count(*)::text AS n FROM provider_refund`)
      return {
        checked: BigInt(rows[0]?.n ?? 0),
        broken: BigInt(open.length),
        examples: firstOf(
          open.map(
            ({ title, ours, theirs, currency }) =>
              `${title}: here ${formatUnits(ours, 2)}, there ${formatUnits(theirs, 2)} ${currency}`,
          ),
        ),
      }
    },
  },
  {
    id: 'I9',
    title: 'One fact, one entry',
    says: 'A version of a unit, settlement, claim or cost is posted at most once, and an entry is reversed at most once.',
    look: bySql(
      sql`SELECT count(*) FROM journal_entry`,
      sql`SELECT 'Cause ' || cause_id || ' has ' || count(*) || ' entries' AS what FROM journal_entry GROUP BY cause_id HAVING count(*) > 1
          UNION ALL SELECT 'Entry ' || reverses || ' is reversed ' || count(*) || ' times' FROM journal_entry WHERE reverses IS NOT NULL GROUP BY reverses HAVING count(*) > 1
          UNION ALL SELECT 'Entry ' || e.id || ' is for version ' || split_part(e.cause_id, '#', 2) || ' of ' || u.id || ', which is at ' || u.version
          FROM journal_entry e JOIN return_unit u ON u.id = e.unit_id
          WHERE e.cause_id LIKE 'unit:' || u.id || '#%' AND split_part(e.cause_id, '#', 2) ~ '^[0-9]{1,9}$' AND split_part(e.cause_id, '#', 2)::int > u.version`,
    ),
  },
  {
    id: 'I10',
    title: 'Closed periods stay as they were',
    says: 'The SHA-256 of everything that a closed period holds is the one that was kept at its close.',
    look: bySql(
      sql`SELECT count(*) FROM period WHERE state = 'closed'`,
      sql`SELECT 'Period ' || p.period || ' of ' || p.entity || ' is not what was closed' AS what FROM period p
          WHERE p.state = 'closed' AND p.hash IS DISTINCT FROM ${periodHash(sql`p.entity`, sql`p.period`)}`,
    ),
  },
]
