import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyEvent } from '../../ingest/contract/event'
import type { Actor } from '../../lib/auth/actor'
import { db, pool, withTransaction } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import { sizeOf, type Way } from '../../lib/returns/reconciliation'
import { approvalCommands } from '../../lib/workflow/approvals'
import { execute } from '../../lib/workflow/execute'
import { reconciliationCommands } from '../../lib/workflow/reconciliation/commands'
import { compare } from '../../lib/workflow/reconciliation/compare'
import { fetchPayments } from '../../lib/workflow/reconciliation/fetch-payments'
import { reconcile } from '../../lib/workflow/reconciliation/reconcile'
import { everything } from '../../lib/workflow/reconciliation/side'
import { dealtWith } from '../../lib/workflow/reconciliation/states'
import type { AnyCommand } from '../../lib/workflow/registry'
import { stockCommands } from '../../lib/workflow/stock/commands'
import { startFakeProvider } from '../../scripts/demo/payment-provider'
import { onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const nadia = somebody('nadia', ['accountant'])
const farah = somebody('farah', ['controller'])
const lena = somebody('lena', ['inventory_controller'])
const DAY = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()

const run = async <T>(actor: Actor, name: string, input: unknown): Promise<T> => {
  const commands: readonly AnyCommand[] = [...reconciliationCommands, ...stockCommands, ...approvalCommands]
  const command = commands.find((each) => each.name === name)
  if (!command) throw new Error(`no command ${name}`)
  return (await execute(actor, command, input)).result as T
}
const refused = (actor: Actor, name: string, input: unknown) =>
  run(actor, name, input).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )
const differences = async (way: Way) => (await compare(db(), way, everything, new Date())).differences
const states = async (way: Way) => {
  const list = await differences(way)
  const dealt = await dealtWith(db(), list, new Date())
  return Object.fromEntries(list.map((each) => [each.key, dealt(each).state]))
}
const exceptions = async () => {
  const { rows } = await pool().query<{ subject: string; state: string; resolution: string | null; message: string }>(
    "SELECT subject, state, resolution, message FROM case_exception WHERE kind = 'reconciliation_difference' ORDER BY raised_at, subject",
  )
  return rows
}
const CONTROLLED = [
  'stock_movement',
  'stock_balance',
  'return_unit',
  'payment',
  'journal_entry',
  'journal_line',
  'settlement',
  'supplier_claim',
]

/** A row past every control, as somebody with the rights of the tables' owner could write it. */
async function plant(sql: string): Promise<void> {
  const client = await pool().connect()
  const triggers = (what: string) => CONTROLLED.map((table) => `ALTER TABLE ${table} ${what} TRIGGER USER`).join(';')
  try {
    await client.query(`BEGIN; ${triggers('DISABLE')}; ${sql}; ${triggers('ENABLE')}; COMMIT`)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

let n = 0
const event = (type: string, unit: string, time: string, data: Record<string, unknown>): AnyEvent => {
  n += 1
  return {
    ...{ specversion: '1.0', id: `r${n}`, source: '/shop/test', type, time, subject: unit },
    data: { unit_id: unit, ...data },
  } as AnyEvent
}

/** A unit that has come back, and its settlement. */
async function returned(
  line: string,
  own: { received?: number; paid?: string | null; ref?: string; sku?: string } = {},
) {
  const { unit } = await onItsWay({ id: line, sku: own.sku ?? 'SKU-1', quantity: 2, net: '100', unitCost: '20' })
  await tell([
    event('unit.received.v1', unit, ago(2), { facility: 'venlo', quantity: own.received ?? 2, location: 'dock' }),
    ...(own.paid === null
      ? []
      : [
          event('settlement.paid.v1', unit, ago(1), {
            ...{ settlement_id: `ST-${line}`, kind: 'refund', amount: own.paid ?? '40', currency: 'EUR' },
            external_ref: own.ref ?? `re_${line}`,
          }),
        ]),
  ])
  return unit
}

beforeAll(async () => {
  await openFacility()
  for (const line of ['A', 'B', 'C', 'D']) await returned(line)
})

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

describe('a provider’s report', () => {
  const until = new Date(Date.now() + DAY).toISOString().slice(0, 10)
  const head = 'id,status,amount,currency,created (utc)'
  const csv = [
    head,
    `re_A,succeeded,40.00,eur,${ago(1)}`,
    `re_B,succeeded,39.50,eur,${ago(1)}`,
    `re_unknown,succeeded,12.00,eur,${ago(1)}`,
    `re_D,failed,40.00,eur,${ago(1)}`,
  ].join('\n')
  const input = { provider: 'shop-pay', name: 'may.csv', csv, from: ago(5).slice(0, 10), until, channels: ['dtc'] }

  it('is taken in whole or not at all, and once', async () => {
    expect(
      await refused(nadia, 'reconciliation.import_payments', {
        ...input,
        csv: `${csv}\nre_9,succeeded,many,eur,${ago(1)}`,
      }),
    ).toBe('report_row')
    expect(await refused(nadia, 'reconciliation.import_payments', { ...input, csv: 'a,b\n1,2' })).toBe('report_columns')
    expect(await refused(lena, 'reconciliation.import_payments', input)).toBe('forbidden')
    expect(await run(nadia, 'reconciliation.import_payments', input)).toMatchObject({ rows: 4 })
    expect(await refused(nadia, 'reconciliation.import_payments', input)).toBe('report_known')
  })

  it('is matched to the cent, and every difference has a name', async () => {
    const list = await differences('payments')
    expect(list.map(({ key, kind, ...each }) => [key, kind, sizeOf(each)])).toEqual([
      ['payments:report:shop-pay/re_unknown', 'not_known', -120_000n],
      ['payments:settlement:ST-B', 'amount_differs', 5_000n],
      ['payments:settlement:ST-C', 'not_reported', 400_000n],
      ['payments:settlement:ST-D', 'failed_there', 400_000n],
    ])
    const { ties } = await compare(db(), 'payments', everything, new Date())
    const [tie] = ties
    expect(tie && tie.ours - tie.theirs).toBe(list.reduce((sum, each) => sum + sizeOf(each), 0n))
  })

  it('becomes exceptions, each once', async () => {
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 4, ended: 0 })
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 0, ended: 0 })
    expect((await exceptions()).map(({ message }) => message)).toContain(
      'Paid at the provider, unknown here: shop-pay re_unknown, 0.00 EUR against 12.00 EUR.',
    )
  })

  it('can wait until a day, for just this size', async () => {
    const key = 'payments:settlement:ST-C'
    const day = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10)
    expect(await refused(nadia, 'reconciliation.wait', { key, until: ago(1).slice(0, 10), note: 'tomorrow' })).toBe(
      'wait_until',
    )
    expect(
      await refused(nadia, 'reconciliation.wait', {
        key: 'payments:settlement:ST-A',
        until: day,
        note: 'in the next file',
      }),
    ).toBe('not_found')
    await run(nadia, 'reconciliation.wait', { key, until: day, note: 'in the next file' })
    expect((await states('payments'))[key]).toBe('waiting')
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_C,succeeded,38.00,eur,${ago(1)}`,
      name: 'more.csv',
    })
    expect((await states('payments'))[key]).toBe('open')
  })

  it('is settled by an entry that somebody else has approved, and by nothing else', async () => {
    const key = 'payments:report:shop-pay/re_unknown'
    const note = 'refunded by hand in the dashboard'
    const ask = { key, account: 'returns_and_allowances', entity: 'acme-eu', note }
    expect(await refused(nadia, 'reconciliation.settle', { ...ask, account: 'inventory.received' })).toBe(
      'invalid_input',
    )
    expect(await refused(nadia, 'reconciliation.settle', { ...ask, entity: undefined })).toBe('entity_required')
    expect(await refused(lena, 'reconciliation.settle', ask)).toBe('forbidden')
    const { approvalId } = await run<{ approvalId: string }>(nadia, 'reconciliation.settle', ask)
    expect((await states('payments'))[key]).toBe('proposed')
    expect(await refused(nadia, 'reconciliation.settle', ask)).toBe('already_dealt_with')
    const both = {
      ...nadia,
      roles: ['accountant', 'controller'] as const,
      permissions: new Set([...nadia.permissions, ...farah.permissions]),
    }
    expect(await refused(both, 'approval.approve', { ids: [approvalId] })).toMatch(
      /self_approval|segregation_of_duties/,
    )
    const before = await pool().query("SELECT count(*)::int AS n FROM journal_entry WHERE origin = 'manual'")
    expect(before.rows[0].n).toBe(0)
    await run(farah, 'approval.approve', { ids: [approvalId] })
    const { rows } = await pool().query(
      `SELECT l.account, (l.debit - l.credit)::text AS amount, e.prepared_by, e.approved_by FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
       WHERE e.origin = 'manual' ORDER BY 1`,
    )
    expect(rows).toEqual([
      { account: 'cash_clearing', amount: '-120000', prepared_by: nadia.userId, approved_by: farah.userId },
      { account: 'returns_and_allowances', amount: '120000', prepared_by: nadia.userId, approved_by: farah.userId },
    ])
    expect((await states('payments'))[key]).toBe('settled')
    expect((await exceptions()).find(({ subject }) => subject === key)).toMatchObject({
      state: 'resolved',
      resolution: 'settled_by_entry',
    })
    expect(await withTransaction((tx) => reconcile(tx))).toMatchObject({ raised: 0 })
    expect(await differences('ledger')).toEqual([])
  })

  it('is not settled when the difference has changed since it was asked for', async () => {
    const key = 'payments:settlement:ST-D'
    const { approvalId } = await run<{ approvalId: string }>(nadia, 'reconciliation.settle', {
      ...{ key, account: 'suspense', note: 'the bank sent it back to us' },
    })
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_D,succeeded,1.00,eur,${ago(1)}`,
      name: 'late.csv',
    })
    expect(await refused(farah, 'approval.approve', { ids: [approvalId] })).toBe('approval_stale')
    await run(farah, 'approval.reject', { ids: [approvalId], reason: 'it came after all' })
    expect((await states('payments'))[key]).toBe('open')
  })

  it('ends its exceptions when both sides agree again', async () => {
    await run(nadia, 'reconciliation.import_payments', {
      ...input,
      csv: `${head}\nre_B,succeeded,40.00,eur,${ago(1)}\nre_C,succeeded,40.00,eur,${ago(1)}\nre_D,succeeded,40.00,eur,${ago(1)}`,
      name: 'right.csv',
    })
    expect(Object.values(await states('payments'))).toEqual(['settled'])
    expect(await withTransaction((tx) => reconcile(tx))).toEqual({ raised: 0, ended: 3 })
    expect((await exceptions()).every(({ state }) => state === 'resolved')).toBe(true)
  })

  it('is fetched from the provider itself', async () => {
    const provider = await startFakeProvider()
    try {
      Object.assign(process.env, { STRIPE_SECRET_KEY: 'sk_test', STRIPE_API_URL: provider.url })
      rereadEnv()
      await returned('S', { ref: 're_ours' })
      await plant(
        "UPDATE settlement SET provider = 'stripe', provider_ref = '', external = false, approved_by = 'x', approved_at = paid_at WHERE id = 'ST-S'",
      )
      const refund = (id: string, amount: string) =>
        fetch(`${provider.url}/v1/refunds`, {
          method: 'POST',
          headers: { 'idempotency-key': id },
          body: new URLSearchParams({ payment_intent: 'p', amount, 'metadata[settlement_id]': id }),
        })
      await refund('ST-S', '4000')
      await refund('ST-nobody', '700')
      expect(await fetchPayments(nadia, new Date(Date.now() + 10 * 60_000))).toMatchObject({ rows: 2 })
      expect(Object.entries(await states('payments')).filter(([key]) => key.includes('stripe'))).toHaveLength(1)
      await expect(fetchPayments(lena)).rejects.toMatchObject({ code: 'forbidden' })
    } finally {
      await provider.close()
    }
    await expect(fetchPayments(nadia, new Date(Date.now() + 60 * 60_000))).rejects.toMatchObject({
      code: 'provider_unreachable',
    })
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
  expect(await withTransaction((tx) => reconcile(tx))).toMatchObject({ raised: 2 })
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

it('keeps sub-ledgers and books the same through 4,000 random movements', { timeout: 300_000 }, async () => {
  let seed = 42
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const STATUSES = [
    'received',
    'hold',
    'quarantine',
    'refurbish',
    'vendor',
    'sellable',
    'liquidation',
    'scrap',
    'restocked',
    'liquidated',
    'scrapped',
    'donated',
    'returned_to_vendor',
    'lost',
  ]
  const units: string[] = []
  for (let i = 0; i < 200; i += 1) {
    const line = `X${i}`
    const { unit } = await onItsWay({
      id: line,
      sku: `SKU-${i % 7}`,
      quantity: 1 + (i % 4),
      net: '100',
      unitCost: `${1 + (i % 40)}.${i % 10}`,
    })
    await tell([
      event('unit.received.v1', unit, ago(2.5), { facility: 'venlo', quantity: 1 + (i % 4), location: 'dock' }),
    ])
    units.push(unit)
  }
  for (let round = 0; round < 20; round += 1)
    await tell(
      units.map((unit, index) => {
        const to = STATUSES[random(STATUSES.length)] ?? 'hold'
        // Some are told too late: they change what came after them, or nothing.
        const time = Date.now() - 2 * DAY + round * 60_000 + random(90_000)
        return event('unit.moved.v1', unit, new Date(time).toISOString(), {
          ...{ movement_id: `mv${round}-${index}`, from_status: 'received', to_status: to, quantity: 1 },
          ...{ facility: random(5) === 0 ? 'lodz' : 'venlo', location: 'dock' },
          ...(random(3) === 0 ? { unit_value: `${random(30)}.${random(100)}`, currency: 'EUR' } : {}),
        })
      }),
    )
  const { rows } = await pool().query('SELECT count(*)::int AS n FROM stock_movement')
  expect(rows[0].n).toBeGreaterThan(2_000)
  expect(await differences('ledger')).toEqual([])
  expect((await differences('stock')).filter(({ kind }) => !kind.startsWith('counted'))).toEqual([])
})
