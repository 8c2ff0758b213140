import { sql } from 'drizzle-orm'
import { db } from '../../../lib/db/client'
import { supplier } from '../../../lib/db/schema'
import { UserError } from '../../../lib/errors'
import type { OpenedAll } from '../../../lib/workflow/claims/open'
import { policyVersion } from '../../../lib/workflow/read/settings'
import type { KeptCount } from '../../../lib/workflow/stock/keep-count'
import { act } from './case'
import type { Staff } from './staff'

const HOUR = 3_600_000

/** Venlo's return zones are counted; two places are a piece short or over, and of one of them an adjustment is asked for. */
export async function countZones(staff: Staff, databaseUrl: string, now: number): Promise<void> {
  const { rows } = await db(databaseUrl).execute<{ location: string; sku: string; status: string; n: number }>(sql`
    SELECT location, sku, status, sum(quantity)::int AS n FROM return_unit
    WHERE facility = 'venlo' AND status IN ('hold', 'quarantine', 'refurbish', 'liquidation', 'received') AND quantity > 0 AND split_at IS NULL
      AND received_at < now() - interval '1 day' AND location <> ''
    GROUP BY 1, 2, 3 ORDER BY md5(sku || status) LIMIT 12`)
  for (const [index, { location, sku, status, n }] of rows.entries()) {
    const odd = index === 3 ? -1 : index === 8 ? 1 : 0
    const counted = await act<KeptCount>(
      staff.stock,
      'stock.count',
      { facility: 'venlo', location, sku, status, counted: Math.max(0, n + odd) },
      new Date(now - 2 * HOUR + index * 60_000),
    )
    if (odd > 0 && counted.difference !== 0)
      await act(
        staff.stock,
        'stock.adjust',
        { countId: counted.countId, reason: 'Found behind the rack, label unreadable.' },
        new Date(now - HOUR),
      )
  }
}

/** The accountant has prepared the month's accrual of return freight: a controller has to say yes. */
export const accrueFreight = (staff: Staff, now: number): Promise<unknown> =>
  act(
    staff.accountant,
    'journal.prepare',
    {
      ...{ entity: 'acme-eu', currency: 'EUR', memo: 'Return freight of the week that the carrier has not billed yet' },
      lines: [
        { account: 'return_costs.return_freight', debit: '412.50' },
        { account: 'accrued_costs', credit: '412.50' },
      ],
    },
    new Date(now - HOUR),
  )

/** Compliance has drafted a dearer fee for what comes late, and sent it for approval by two others. */
export async function raiseLateFee(staff: Staff, now: number): Promise<void> {
  const at = new Date(now - 4 * HOUR)
  const { version } = await act<{ version: number }>(staff.compliance, 'policy.draft', { kind: 'returns' }, at)
  const { rows, hash } = await policyVersion(staff.compliance, 'returns', { version }, at)
  const changed = rows.map((row) => (row.id === 'late' ? { ...row, gives: { ...row.gives, fee_percent: '15' } } : row))
  await act(staff.compliance, 'policy.edit', { kind: 'returns', version, seen: hash, rows: changed }, at)
  await act(
    staff.compliance,
    'policy.submit',
    { kind: 'returns', version, note: 'Late returns cost us more than a tenth: 15 per cent from now on.' },
    at,
  )
}

/** Vendor recovery opens what may be claimed of the first suppliers that reach their minimum, and has sent the first of it. */
export async function claimFromSuppliers(staff: Staff, databaseUrl: string, now: number): Promise<void> {
  const suppliers = await db(databaseUrl).select({ id: supplier.id }).from(supplier).orderBy(supplier.id)
  let opened = 0
  for (const { id } of suppliers) {
    if (opened === 2) return
    const made = await act<OpenedAll>(
      staff.recovery,
      'claim.open_eligible',
      { supplierId: id },
      new Date(now - HOUR),
    ).catch((error: unknown) => {
      // Nothing of this supplier can be claimed, or not enough: the next one.
      if (error instanceof UserError) return undefined
      throw error
    })
    if (!made) continue
    opened += 1
    if (opened === 1)
      await act(
        staff.recovery,
        'claim.submit',
        { claimIds: made.claims.map(({ claimId }) => claimId), reference: `ACME-${id}` },
        new Date(now - HOUR / 2),
      )
  }
}
