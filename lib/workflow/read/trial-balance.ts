import { sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { formatUnits } from '../../money'
import { requireEntity } from '../books/entities'
import type { TrialLine } from './journal-types'

/** Every account of an entity that has a balance or moved in a period, by currency: opening + debits − credits = closing. */
export async function trialBalance(actor: Actor, entity: string, period: string): Promise<TrialLine[]> {
  authorize(actor, 'journal:read')
  await requireEntity({ tx: db(), actor }, entity)
  const { rows } = await db().execute<{
    account: string
    name: string
    kind: string
    currency: string
    opening: string
    debit: string
    credit: string
  }>(sql`
    SELECT l.account, a.name, a.kind, e.currency,
      coalesce(sum(l.debit - l.credit) FILTER (WHERE e.period < ${period}), 0)::text AS opening,
      coalesce(sum(l.debit) FILTER (WHERE e.period = ${period}), 0)::text AS debit,
      coalesce(sum(l.credit) FILTER (WHERE e.period = ${period}), 0)::text AS credit
    FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account
    WHERE e.entity = ${entity} AND e.period <= ${period}
    GROUP BY 1, 2, 3, 4
    HAVING sum(l.debit - l.credit) <> 0 OR bool_or(e.period = ${period})
    ORDER BY e.currency, CASE a.kind WHEN 'asset' THEN 1 WHEN 'liability' THEN 2 WHEN 'income' THEN 3 ELSE 4 END, a.name`)
  return rows.map(({ opening, debit, credit, ...row }) => ({
    ...row,
    opening: formatUnits(BigInt(opening)),
    debit: formatUnits(BigInt(debit)),
    credit: formatUnits(BigInt(credit)),
    closing: formatUnits(BigInt(opening) + BigInt(debit) - BigInt(credit)),
  }))
}
