import { beforeAll, describe, expect, it } from 'vitest'
import { db, pool, withTransaction } from '../../lib/db/client'
import { reconcile } from '../../lib/workflow/reconciliation/reconcile'
import { dealtWith } from '../../lib/workflow/reconciliation/states'
import { onItsWay, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { ago, differences, event, fourReturns, lena, nadia, plant, run } from '../setup/differences'

await freshDatabases()
beforeAll(fourReturns)

it('ties everywhere to begin with', async () => {
  for (const way of ['stock', 'payments', 'ledger', 'receipts'] as const)
    expect([way, await differences(way)]).toEqual([way, []])
  expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 0, ended: 0 })
})

describe('one row planted past the controls is found', () => {
  it('in stock: a movement, a balance, a unit', async () => {
    await plant(`INSERT INTO stock_movement (id, sku, entity, facility, from_status, to_status, quantity, from_value, to_value, currency, cause, actor, at)
      VALUES ('planted', 'SKU-1', 'acme-eu', 'venlo', 'outside', 'received', 1, 0, 200000, 'EUR', 'adjustment', 'x', now())`)
    const [found, ...more] = await differences('stock')
    expect(found).toMatchObject({ kind: 'balance_broken', ours: 8n, theirs: 9n, facility: 'venlo' })
    expect(more).toEqual([])
    await plant("DELETE FROM stock_movement WHERE id = 'planted'")
    await plant("UPDATE stock_balance SET value = value + 1 WHERE status = 'received'")
    expect(await differences('stock')).toMatchObject([{ kind: 'balance_broken', currency: 'EUR' }])
    await plant("UPDATE stock_balance SET value = value - 1 WHERE status = 'received'")
    await plant("UPDATE return_unit SET quantity = 3 WHERE id = 'R-A-1'")
    expect(await differences('stock')).toMatchObject([{ kind: 'units_differ', ours: 8n, theirs: 9n }])
    await plant("UPDATE return_unit SET quantity = 2 WHERE id = 'R-A-1'")
    expect(await differences('stock')).toEqual([])
  })

  it('in payments: a payment that is not the sum of its settlements', async () => {
    await plant("UPDATE payment SET refunded = refunded + 10000 WHERE order_id = 'O-B'")
    expect(await differences('payments')).toMatchObject([
      { key: 'payments:payment:O-B', kind: 'payment_differs', ours: 400_000n, theirs: 410_000n },
    ])
    await plant("UPDATE payment SET refunded = refunded - 10000 WHERE order_id = 'O-B'")
  })

  it('in the ledgers: an entry on a control account, a settlement, a claim', async () => {
    await plant(`INSERT INTO journal_entry (id, cause_id, template, entity, period, currency, occurred_at, origin, prepared_by, approved_by)
        VALUES ('JE-x', 'planted', 'x', 'acme-eu', '2026-01', 'EUR', now(), 'manual', 'x', 'y');
      INSERT INTO journal_line (entry_id, line, account, debit) VALUES ('JE-x', 1, 'inventory.received', 1)`)
    expect(await differences('ledger')).toMatchObject([
      { key: 'ledger:acme-eu:EUR:inventory.received', ours: 1_600_000n, theirs: 1_600_001n },
    ])
    await plant("DELETE FROM journal_line WHERE entry_id = 'JE-x'; DELETE FROM journal_entry WHERE id = 'JE-x'")
    await plant(`INSERT INTO settlement (id, unit_id, entity, kind, state, currency, amount) VALUES ('ST-x', 'none', 'acme-eu', 'refund', 'approved', 'EUR', 70000);
      INSERT INTO supplier_claim (id, unit_id, supplier_id, entity, state, currency, claimed, accepted, opened_at) VALUES ('CL-x', 'none', 's', 'acme-eu', 'accepted', 'USD', 9, 9, now())`)
    expect(await differences('ledger')).toMatchObject([
      { key: 'ledger:acme-eu:EUR:refunds_payable', ours: -70_000n, theirs: 0n },
      { key: 'ledger:acme-eu:USD:vendor_claims_receivable', ours: 9n, theirs: 0n },
    ])
    await plant("DELETE FROM settlement WHERE id = 'ST-x'; DELETE FROM supplier_claim WHERE id = 'CL-x'")
  })

  it('in receipts: a unit that was received otherwise than it was announced', async () => {
    await plant("UPDATE return_unit SET received_quantity = 1 WHERE id = 'R-C-1'")
    expect(await differences('receipts')).toMatchObject([
      { key: 'receipts:unit:R-C-1', kind: 'received_short', ours: 2n, theirs: 1n },
    ])
    await plant("UPDATE return_unit SET received_quantity = 2 WHERE id = 'R-C-1'")
  })
})

it('holds the summaries of a 3PL against the lines, and assigns what differs', async () => {
  const day = ago(2).slice(0, 10)
  const csv = `day,sku,quantity\n${day},SKU-1,9\n${day},SKU-9,1`
  const zone = await pool().query(
    "SELECT coalesce(sum(received_quantity), 0)::int AS n FROM return_unit WHERE (received_at AT TIME ZONE 'Europe/Amsterdam')::date = $1",
    [day],
  )
  expect(await run(lena, 'reconciliation.import_receipts', { facility: 'venlo', name: 'day.csv', csv })).toMatchObject({
    rows: 2,
  })
  const found = await differences('receipts')
  expect(found.map(({ key, ours, theirs }) => [key, ours, theirs])).toEqual([
    [`receipts:summary:venlo/${day}/SKU-1`, BigInt(zone.rows[0].n), 9n],
    [`receipts:summary:venlo/${day}/SKU-9`, 0n, 1n],
  ])
  const { exceptionId } = await run<{ exceptionId: string }>(nadia, 'reconciliation.assign', {
    key: found[0]?.key,
    assignee: null,
  })
  expect((await dealtWith(db(), found, new Date()))(found[0] as never)).toMatchObject({ exceptionId, state: 'open' })
  // The other one has an exception already: it was assigned.
  expect(await withTransaction((tx) => reconcile(tx))).toMatchObject({ raised: 1 })
})

it('forgives a count that what was told later explains', async () => {
  const unit = await onItsWay({ id: 'LATE', sku: 'SKU-LATE', quantity: 1, net: '10', unitCost: '5' })
  const place = { facility: 'venlo', location: 'dock', sku: 'SKU-LATE', status: 'received' }
  const before = new Date(Date.now() - 1000).toISOString()
  await run(lena, 'stock.count', { ...place, counted: 1 })
  expect((await differences('stock')).map(({ kind }) => kind)).toEqual(['counted_over'])
  await tell([event('unit.received.v1', unit.unit, before, { facility: 'venlo', quantity: 1, location: 'dock' })])
  await withTransaction((tx) => reconcile(tx))
  expect(await differences('stock')).toEqual([])
})
