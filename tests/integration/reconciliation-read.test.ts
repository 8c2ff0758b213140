import { beforeAll, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { differenceDetail, reconciliation } from '../../lib/workflow/read/reconciliation'
import { importPayments, importReceipts } from '../../lib/workflow/reconciliation/import'
import { count } from '../../lib/workflow/stock/count'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const nadia = somebody('nadia', ['accountant'])
const lena = somebody('lena', ['inventory_controller'])
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

/** One difference of each way, made by what a company really does: a missing piece, a refund by hand, a short parcel, an entry. */
beforeAll(async () => {
  await openFacility()
  const { unit } = await onItsWay({ id: 'A', sku: 'SKU-1', quantity: 2, net: '100', unitCost: '20' })
  await tell([
    {
      ...{ specversion: '1.0', id: 'a', source: '/shop/test', type: 'unit.received.v1', time: ago(2), subject: unit },
      data: { unit_id: unit, facility: 'venlo', quantity: 1, location: 'dock' },
    },
  ])
  await execute(lena, count, { facility: 'venlo', location: 'dock', sku: 'SKU-1', status: 'received', counted: 1 })
  await execute(nadia, importPayments, {
    ...{ provider: 'stripe', name: 'x.csv' },
    csv: `id,amount,currency,created\nre_1,12.50,EUR,${ago(1)}`,
  })
  await execute(lena, importReceipts, {
    facility: 'venlo',
    name: 'y.csv',
    csv: `day,sku,quantity\n${ago(2).slice(0, 10)},SKU-9,4`,
  })
  await pool().query(`BEGIN; INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'person', 'x', 'x', 'x', 'x', '{}');
    INSERT INTO journal_entry (id, cause_id, template, entity, period, currency, occurred_at, origin, prepared_by, approved_by, memo)
      VALUES ('JE-hand', 'by hand', 'manual', 'acme-eu', '2020-01', 'EUR', now(), 'manual', 'x', 'y', 'typed in');
    INSERT INTO journal_line (entry_id, line, account, debit, credit) VALUES ('JE-hand', 1, 'inventory.hold', 50000, 0), ('JE-hand', 2, 'suspense', 0, 50000); COMMIT`)
})

it.each([
  ['stock', ['stock:count:venlo/dock/SKU-1/received'], ['R-A-1', 'received', 'in transit']],
  ['payments', ['payments:report:stripe/re_1'], ['stripe re_1', 'x.csv', '12.5000 EUR']],
  ['ledger', ['ledger:acme-eu:EUR:inventory.hold'], ['JE-hand', 'typed in', '5.0000']],
  ['receipts', [`receipts:summary:venlo/${ago(2).slice(0, 10)}/SKU-9`, 'receipts:unit:R-A-1'], ['y.csv', '4', 'R-A-1']],
] as const)('opens every difference of %s to its rows', async (way, keys, expected) => {
  const view = await reconciliation(nadia, way)
  for (const key of keys) expect(view.differences.map((line) => line.key)).toContain(key)
  const cells: string[] = []
  for (const key of keys) {
    const { line, behind } = await differenceDetail(nadia, key)
    expect(Number(line.ours) - Number(line.theirs)).toBe(Number(line.difference))
    for (const list of behind) {
      for (const row of list.rows) {
        expect(row.length).toBe(list.columns.length)
        cells.push(...row.map((cell) => (typeof cell === 'string' ? cell : cell.text)))
      }
    }
  }
  expect(cells).toEqual(expect.arrayContaining([...expected]))
  expect(cells.filter((cell) => /^\d{4}-\d{2}-\d{2} /.test(cell))).toEqual([])
})

it('shows to each their own rows, and nothing to who may not read the books', async () => {
  await expect(reconciliation(somebody('jo', ['receiver']), 'ledger')).rejects.toMatchObject({ code: 'forbidden' })
  const us = somebody('us', ['accountant'], { entities: ['acme-us'], facilities: null, channels: null })
  for (const way of ['stock', 'payments', 'ledger', 'receipts'] as const)
    expect((await reconciliation(us, way)).count).toBe(0)
  await expect(differenceDetail(us, 'ledger:acme-eu:EUR:inventory.hold')).rejects.toMatchObject({ code: 'not_found' })
})
