import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectOnce } from '../../ingest/projector/projector'
import { REACTIONS } from '../../ingest/projector/reactions/reactions'
import { lookOnce } from '../../ingest/projector/watch'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { openPipeline, type Pipeline } from '../setup/pipeline'

const databases = await freshDatabases()
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await openPipeline(databases)
})
afterAll(() => pipeline.close())

let n = 0
const event = (type: string, time: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) => {
  n += 1
  return JSON.stringify({
    specversion: '1.0',
    id: `e${n}`,
    source: '/wms/test',
    type,
    time,
    subject: 's',
    data,
    ...more,
  })
}
const sale = (line: string, more: Record<string, unknown> = {}) =>
  event('sale.shipped.v1', '2026-05-01T08:00:00Z', {
    order_id: `O-${line}`,
    order_line_id: line,
    sku: 'SKU-1',
    quantity: 2,
    net_amount: '100.00',
    tax_amount: '19.00',
    unit_cost: '20.00',
    currency: 'EUR',
    channel: 'web',
    category: 'apparel',
    entity: 'eu',
    customer_id: 'C1',
    ...more,
  })
const requested = (unit: string, line: string, more: Record<string, unknown> = {}) =>
  event('return.requested.v1', '2026-05-05T08:00:00Z', {
    unit_id: unit,
    rma_id: `R-${unit}`,
    order_line_id: line,
    sku: 'SKU-1',
    quantity: 2,
    reason_code: 'too_small',
    ...more,
  })

/** Tells events and lets the projector apply them, with everything that follows. */
async function tell(...raws: string[]): Promise<void> {
  await pipeline.accept(raws)
  await pipeline.drain()
  while ((await projectOnce(REACTIONS)) > 0);
}

const exceptionsOf = async (unit: string) =>
  (
    await pool().query<{ kind: string; state: string; value: bigint; resolution: string | null }>(
      'SELECT kind, state, value, resolution FROM case_exception WHERE unit_id = $1 ORDER BY kind, subject',
      [unit],
    )
  ).rows

it('a short receipt, a foreign serial and missing accessories become exceptions, once', async () => {
  await tell(sale('l1', { serials: ['A1', 'A2'] }), requested('u1', 'l1'))
  const received = event('unit.received.v1', '2026-05-08T08:00:00Z', {
    unit_id: 'u1',
    rma_id: 'R-u1',
    facility: 'venlo',
    quantity: 1,
    serial: 'B9',
  })
  await tell(received)
  await tell(
    received,
    event('unit.inspected.v1', '2026-05-09T08:00:00Z', {
      unit_id: 'u1',
      condition_code: 'B',
      finding_code: 'used',
      accessories_complete: false,
      serial_match: false,
    }),
  )
  expect(await exceptionsOf('u1')).toMatchObject([
    { kind: 'missing_accessory', state: 'open' },
    { kind: 'serial_conflict', state: 'open' },
    // One of two pieces of 59.50 each.
    { kind: 'short_receipt', state: 'open', value: 595_000n },
  ])
})

it('an inspection before its receipt waits with an alarm, which ends when the receipt comes, and the order of arrival does not matter', async () => {
  await tell(sale('l2'), requested('u2', 'l2'))
  await tell(
    event('unit.inspected.v1', '2026-05-10T08:00:00Z', { unit_id: 'u2', condition_code: 'B', finding_code: 'as_new' }),
  )
  expect(await exceptionsOf('u2')).toMatchObject([{ kind: 'waiting_predecessor', state: 'open' }])
  await tell(
    event('unit.received.v1', '2026-05-08T08:00:00Z', {
      unit_id: 'u2',
      rma_id: 'R-u2',
      facility: 'venlo',
      quantity: 2,
    }),
  )
  expect(await exceptionsOf('u2')).toMatchObject([
    { kind: 'waiting_predecessor', state: 'resolved', resolution: 'arrived' },
  ])
  const { rows } = await pool().query(
    'SELECT status, received_at < inspected_at AS ordered FROM return_unit WHERE id = $1',
    ['u2'],
  )
  expect(rows).toEqual([{ status: 'received', ordered: true }])
})

it('a blind receipt is unmatched, never silently in stock', async () => {
  await tell(
    event('unit.received.v1', '2026-05-08T08:00:00Z', { unit_id: 'u3', facility: 'venlo', quantity: 1, sku: 'SKU-9' }),
  )
  expect(await exceptionsOf('u3')).toMatchObject([{ kind: 'unmatched_receipt', state: 'open' }])
})

it('what a provider paid twice, or above what was due, or after a refund charged back, is raised and shown as over the captured amount', async () => {
  const money = (id: string, kind: string, amount: string, time: string, more: Record<string, unknown> = {}) =>
    event(
      'settlement.paid.v1',
      time,
      { settlement_id: id, unit_id: 'u4', kind, amount, currency: 'EUR', entitled_amount: '119.00', ...more },
      { source: '/psp/test' },
    )
  await tell(sale('l4'), requested('u4', 'l4'))
  await tell(money('s1', 'refund', '119.00', '2026-05-10T08:00:00Z'))
  expect(await exceptionsOf('u4')).toEqual([])
  await tell(
    money('s2', 'refund', '119.00', '2026-05-11T08:00:00Z'),
    money('s3', 'chargeback', '119.00', '2026-05-12T08:00:00Z'),
  )
  expect((await exceptionsOf('u4')).map(({ kind }) => kind)).toEqual(['duplicate_credit', 'duplicate_credit'])
  const { rows } = await pool().query(
    'SELECT captured, refunded, charged_back, over FROM payment WHERE order_id = $1',
    ['O-l4'],
  )
  expect(rows).toEqual([{ captured: 1_190_000n, refunded: 1_190_000n, charged_back: 0n, over: 2_380_000n }])
  await tell(sale('l5'), requested('u5', 'l5'))
  await tell(
    event('settlement.paid.v1', '2026-05-10T08:00:00Z', {
      settlement_id: 's5',
      unit_id: 'u5',
      kind: 'refund',
      amount: '100.00',
      currency: 'EUR',
      entitled_amount: '90.00',
    }),
  )
  expect(await exceptionsOf('u5')).toMatchObject([{ kind: 'over_credit', value: 100_000n }])
})

it('what is within somebody else’s idea of what was due, and above what was captured, is raised once', async () => {
  await tell(sale('L-CAP'), requested('U-CAP', 'L-CAP'))
  const paid = event('settlement.paid.v1', '2026-05-09T08:00:00Z', {
    ...{ settlement_id: 'S-CAP', unit_id: 'U-CAP', kind: 'refund', amount: '125.90', currency: 'EUR' },
    entitled_amount: '125.90',
  })
  await tell(paid)
  await tell(paid)
  expect(await exceptionsOf('U-CAP')).toEqual([
    { kind: 'over_credit', state: 'open', value: 69_000n, resolution: null },
  ])
})

it('outside facts stand, also where the rules for the goods say no: they are raised', async () => {
  await pool().query("INSERT INTO category_class VALUES ('beauty', 'cosmetic_hygiene')")
  await tell(sale('l6', { category: 'beauty', sku: 'BE-1' }), requested('u6', 'l6', { sku: 'BE-1' }))
  await tell(
    event('unit.received.v1', '2026-05-08T08:00:00Z', {
      unit_id: 'u6',
      rma_id: 'R-u6',
      facility: 'venlo',
      quantity: 2,
    }),
    event('unit.inspected.v1', '2026-05-09T08:00:00Z', { unit_id: 'u6', condition_code: 'B', finding_code: 'used' }),
    event('unit.dispositioned.v1', '2026-05-09T09:00:00Z', { unit_id: 'u6', disposition: 'restock' }),
  )
  expect((await exceptionsOf('u6')).map(({ kind }) => kind)).toEqual(['forbidden_disposition'])
})

it('a shop that leaves the decision to us gets it from the policy, with the row that decided', async () => {
  const now = Date.now()
  const ours = (unit: string, line: string) =>
    requested(unit, line, {})
      .replace('"source":"/wms/test"', '"source":"/shop/nordwind"')
      .replace('2026-05-05T08:00:00Z', new Date(now - 60_000).toISOString())
  const recent = (line: string, days: number) =>
    sale(line).replace('2026-05-01T08:00:00Z', new Date(now - days * 86_400_000).toISOString())
  await tell(recent('m1', 10), ours('um1', 'm1'))
  await tell(recent('m2', 40), ours('um2', 'm2'))
  await tell(recent('m3', 10), requested('um3', 'm3'))
  const { rows } = await pool().query(
    "SELECT id, decision, policy_row, policy_decision IS NOT NULL AS judged FROM rma WHERE id IN ('R-um1', 'R-um2', 'R-um3') ORDER BY id",
  )
  expect(rows).toEqual([
    { id: 'R-um1', decision: 'authorized', policy_row: 'standard', judged: true },
    { id: 'R-um2', decision: null, policy_row: 'late', judged: true },
    { id: 'R-um3', decision: null, policy_row: '', judged: false },
  ])
  const { rows: did } = await pool().query(
    "SELECT count(*) FROM audit_entry WHERE action = 'automation.did' AND object_id = 'policy_approval'",
  )
  expect(did).toEqual([{ count: 1n }])
})

it('a parcel that does not come is late', async () => {
  await tell(
    sale('l7'),
    requested('u7', 'l7'),
    event('shipment.in_transit.v1', '2026-05-06T08:00:00Z', {
      unit_id: 'u7',
      carrier: 'nordpost',
      tracking_number: 'T7',
      expected_at: '2026-05-09T08:00:00Z',
    }),
  )
  await lookOnce(new Date('2026-05-10T08:00:00Z'))
  expect(await exceptionsOf('u7')).toEqual([])
  await lookOnce(new Date('2026-05-20T08:00:00Z'))
  await lookOnce(new Date('2026-05-21T08:00:00Z'))
  expect(await exceptionsOf('u7')).toMatchObject([{ kind: 'late_shipment', state: 'open' }])
})

it('every change has its audit entry, and every entry balances', async () => {
  const { rows } = await pool().query(
    `SELECT (SELECT count(*) FROM journal_entry e WHERE (SELECT sum(debit - credit) FROM journal_line l WHERE l.entry_id = e.id) <> 0) AS unbalanced,
       (SELECT count(*) FROM stock_balance WHERE quantity < 0) AS below,
       (SELECT count(*) FROM return_unit u WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE a.object_type = 'unit' AND a.object_id = u.id)) AS unaudited`,
  )
  expect(rows).toEqual([{ unbalanced: 0n, below: 0n, unaudited: 0n }])
})
