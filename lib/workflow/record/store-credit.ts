import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { forEach, insertRows, selectRows } from '../../db/rows'
import { settlement, storeCreditMovement } from '../../db/schema'
import { type CreditShare, creditDifference } from '../../returns/store-credit'
import { texts } from './books'
import type { Recorded, SettlementRow, UnitRow } from './types'

const isIssued = (row: SettlementRow | undefined): row is SettlementRow =>
  row !== undefined && row.kind === 'store_credit' && row.state === 'paid' && row.amount > 0n

/**
 * Moves the ledger of store credit to what the settlements say: what is paid in store credit is held by the unit's customer, and a correction or
 * a customer who is named later moves the difference. Doing it twice moves nothing.
 */
export async function issueStoreCredit(
  tx: Transaction,
  recorded: Pick<Recorded, 'settlements' | 'units'>,
  unitOf: (id: string) => UnitRow | undefined,
  about: { readonly who: string; readonly at: Date },
): Promise<void> {
  const rows = new Map<string, SettlementRow>()
  for (const [id, { before, after }] of recorded.settlements)
    if (isIssued(before) || isIssued(after)) rows.set(id, after)
  const renamed = [...recorded.units.values()].flatMap(({ before, after }) =>
    before && before.customerId !== after.customerId ? [after.id] : [],
  )
  for (const row of await issuedTo(tx, renamed)) if (!rows.has(row.id)) rows.set(row.id, row)
  if (rows.size === 0) return
  const have = await issuedBy(tx, [...rows.keys()])
  const movements = [...rows.values()].flatMap((row) => {
    const unit = unitOf(row.unitId)
    const account = { customerId: unit?.customerId ?? '', entity: row.entity, currency: row.currency }
    const want = isIssued(row) ? { ...account, amount: row.amount } : undefined
    return creditDifference(have.get(row.id) ?? [], want).map((share, index) => ({
      ...share,
      id: `SC-${row.id}#${row.version}.${unit?.version ?? 0}/${index + 1}`,
      kind: 'issued' as const,
      settlementId: row.id,
      actor: about.who,
      at: row.paidAt ?? about.at,
    }))
  })
  // One order for everybody: movements of the same accounts wait for each other and never in a circle.
  movements.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  await insertRows(tx, storeCreditMovement, movements)
}

const orderOf = (each: CreditShare & { id: string }): string =>
  `${each.customerId}\0${each.entity}\0${each.currency}\0${each.id}`

const ISSUED = forEach('settlement', `unit_id = wanted.key AND kind = 'store_credit' AND state = 'paid'`)

/** Settlements that are held as store credit by the customers of these units. */
async function issuedTo(tx: Transaction, units: readonly string[]): Promise<SettlementRow[]> {
  if (units.length === 0) return []
  return (await selectRows(tx, settlement, ISSUED, [[...units].sort()])).filter(isIssued)
}

async function issuedBy(tx: Transaction, ids: readonly string[]): Promise<Map<string, CreditShare[]>> {
  const { rows } = await tx.execute<{ id: string; customer_id: string; entity: string; currency: string; sum: string }>(
    sql`SELECT settlement_id AS id, customer_id, entity, currency, sum(amount)::text AS sum FROM store_credit_movement
        WHERE settlement_id IN ${texts(ids)} GROUP BY 1, 2, 3, 4`,
  )
  const shares = new Map<string, CreditShare[]>()
  for (const { id, customer_id, entity, currency, sum } of rows)
    shares.set(id, [...(shares.get(id) ?? []), { customerId: customer_id, entity, currency, amount: BigInt(sum) }])
  return shares
}
