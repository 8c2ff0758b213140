import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { MARGIN_COMPONENTS } from '../../lib/metrics/definitions/margin'
import { runQuery, runRows } from '../../lib/metrics/run'
import type { QuerySpec } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

/** The worked examples of the design, from events through the product's own path to the numbers. */
const databases = await freshDatabases()
const pipeline = await openPipeline(databases, { suppliers: [{ id: 'sup', coverage: '0.6000', windowDays: 60 }] })
const client = readClient(databases.clickhouseReadUrl)
afterAll(() => pipeline.close())

const reader: Actor = {
  kind: 'person',
  userId: 'reader',
  name: 'Reader',
  email: 'reader@example.com',
  roles: ['controller'],
  permissions: new Set(['metrics:read', 'rows:read']),
  scope: EVERYTHING,
}
const NOW = new Date('2026-07-01T00:00:00Z')
const ask = (spec: Partial<QuerySpec> & { metrics: string[] }, actor = reader) =>
  runQuery(
    actor,
    { by: [], from: '2026-01-01', to: '2026-07-01', tz: 'UTC', filters: [], ...spec },
    { client, now: NOW },
  )
const one = async (metric: string, spec: Partial<QuerySpec> = {}) =>
  (await ask({ ...spec, metrics: [metric] })).totals[metric]
const only = (dimension: string, value: string) => ({ filters: [{ dimension, op: 'eq' as const, values: [value] }] })

let counter = 0
const event = (type: string, time: string, data: Record<string, unknown>) =>
  JSON.stringify({ specversion: '1.0', id: `e${++counter}`, source: '/test', type: `${type}.v1`, time, data })

const sale = (line: string, time: string, more: Record<string, unknown>) =>
  event('sale.shipped', time, {
    order_id: `o-${line}`,
    order_line_id: line,
    sku: `sku-${line}`,
    quantity: 1,
    net_amount: '100',
    unit_cost: '40',
    currency: 'EUR',
    channel: 'web',
    ...more,
  })
const request = (unit: string, line: string, time: string, more: Record<string, unknown> = {}) =>
  event('return.requested', time, {
    unit_id: unit,
    rma_id: `m-${unit}`,
    order_line_id: line,
    sku: `sku-${line}`,
    quantity: 1,
    reason_code: 'defective',
    ...more,
  })
const received = (unit: string, time: string, quantity = 1) =>
  event('unit.received', time, { unit_id: unit, facility: 'ber', quantity, condition_code: 'B' })
const moved = (unit: string, time: string, to: string, more: Record<string, unknown> = {}) =>
  event('unit.moved', time, {
    movement_id: `mv-${++counter}`,
    unit_id: unit,
    from_status: 'received',
    to_status: to,
    quantity: 1,
    facility: 'ber',
    ...more,
  })
const cost = (unit: string, time: string, kind: string, amount: string) =>
  event('cost.incurred', time, { cost_id: `c-${++counter}`, unit_id: unit, kind, amount, currency: 'EUR' })
const refund = (unit: string, time: string, amount: string, more: Record<string, unknown> = {}) =>
  event('settlement.paid', time, {
    settlement_id: `s-${unit}`,
    unit_id: unit,
    kind: 'refund',
    amount,
    currency: 'EUR',
    ...more,
  })

describe('net margin impact (design, 4.7)', () => {
  beforeAll(async () => {
    await pipeline.deliver([
      [
        // Price 100, cost 40: refunded 100 less a fee of 10, label 7, work 3.50, repair 4, back in stock at 30.
        sale('n1', '2026-03-01T10:00:00Z', { category: 'nmi1' }),
        request('n1', 'n1', '2026-03-05T10:00:00Z'),
        received('n1', '2026-03-08T10:00:00Z'),
        cost('n1', '2026-03-08T11:00:00Z', 'return_freight', '7'),
        cost('n1', '2026-03-09T11:00:00Z', 'labor', '3.50'),
        cost('n1', '2026-03-10T11:00:00Z', 'refurbishment', '4'),
        refund('n1', '2026-03-10T12:00:00Z', '90', { fee_amount: '10' }),
        moved('n1', '2026-03-12T10:00:00Z', 'restocked', { unit_value: '30', currency: 'EUR' }),
        // The same without a fee, returned to the vendor, who pays 60 % of the cost.
        sale('n2', '2026-03-01T10:00:00Z', { category: 'nmi2', supplier_id: 'sup' }),
        request('n2', 'n2', '2026-03-05T10:00:00Z'),
        received('n2', '2026-03-08T10:00:00Z'),
        event('unit.inspected', '2026-03-09T10:00:00Z', {
          unit_id: 'n2',
          condition_code: 'D',
          finding_code: 'confirmed_defect',
        }),
        cost('n2', '2026-03-08T11:00:00Z', 'return_freight', '7'),
        cost('n2', '2026-03-09T11:00:00Z', 'labor', '3.50'),
        refund('n2', '2026-03-10T12:00:00Z', '100'),
        moved('n2', '2026-03-12T10:00:00Z', 'returned_to_vendor'),
        event('claim.opened', '2026-03-12T10:00:00Z', {
          claim_id: 'k2',
          unit_id: 'n2',
          supplier_id: 'sup',
          amount: '24',
          currency: 'EUR',
        }),
        event('claim.recovered', '2026-04-12T10:00:00Z', {
          claim_id: 'k2',
          unit_id: 'n2',
          supplier_id: 'sup',
          amount: '24',
          currency: 'EUR',
        }),
        // Exchanged for a piece at 80: the difference is money, the replacement is told with nothing to pay. Label 7, sent for 6, back at cost.
        sale('n3', '2026-03-01T10:00:00Z', { category: 'nmi3' }),
        request('n3', 'n3', '2026-03-05T10:00:00Z', { return_type: 'exchange' }),
        received('n3', '2026-03-08T10:00:00Z'),
        cost('n3', '2026-03-08T11:00:00Z', 'return_freight', '7'),
        cost('n3', '2026-03-09T11:00:00Z', 'outbound_freight', '6'),
        refund('n3', '2026-03-10T12:00:00Z', '20', { kind: 'exchange', entitled_amount: '100' }),
        moved('n3', '2026-03-12T10:00:00Z', 'restocked', { unit_value: '40', currency: 'EUR' }),
        sale('n3x', '2026-03-10T10:00:00Z', { category: 'nmi3', net_amount: '0', exchange_ref: 'XO-m-n3-1' }),
        // Exchanged for a piece at 130: nothing goes back, and the 30 on top are sold.
        sale('n4', '2026-03-01T10:00:00Z', { category: 'nmi4' }),
        request('n4', 'n4', '2026-03-05T10:00:00Z', { return_type: 'exchange' }),
        received('n4', '2026-03-08T10:00:00Z'),
        cost('n4', '2026-03-08T11:00:00Z', 'return_freight', '7'),
        cost('n4', '2026-03-09T11:00:00Z', 'outbound_freight', '6'),
        refund('n4', '2026-03-10T12:00:00Z', '0', { kind: 'exchange', entitled_amount: '100' }),
        moved('n4', '2026-03-12T10:00:00Z', 'restocked', { unit_value: '40', currency: 'EUR' }),
        sale('n4x', '2026-03-10T10:00:00Z', { category: 'nmi4', net_amount: '30', exchange_ref: 'XO-m-n4-1' }),
      ],
    ])
  })

  test.each([
    ['nmi3', '100.0000', '7.0000'],
    ['nmi4', '130.0000', '27.0000'],
  ])('%s: an exchange counts its price difference, not two sales and a refund', async (category, sold, impact) => {
    expect(await one('net_sales', only('category', category))).toBe(sold)
    expect(await one('net_margin_impact', only('category', category))).toBe(impact)
    expect(await one('leakage_value', only('category', category))).toBe('0.0000')
  })

  test.each([
    ['nmi1', '-74.5000'],
    ['nmi2', '-86.5000'],
    ['nmi3', '7.0000'],
    ['nmi4', '27.0000'],
  ])('%s is %s, on either basis, and its components and rows add up to it', async (category, expected) => {
    const components = MARGIN_COMPONENTS.map(({ id }) => id)
    for (const basis of ['activity', 'cohort'] as const) {
      const { totals } = await ask({
        metrics: ['net_margin_impact', ...components],
        basis,
        ...only('category', category),
      })
      expect(totals.net_margin_impact).toBe(expected)
      const sum = components.reduce((all, id) => all + Math.round(Number(totals[id]) * 10_000), 0)
      expect(sum / 10_000).toBe(Number(expected))
    }
    const spec = { metrics: [], by: [], from: '2026-01-01', to: '2026-07-01', tz: 'UTC', ...only('category', category) }
    const rows = await runRows(reader, spec, 'net_margin_impact', {}, { client, now: NOW })
    expect(rows.sum).toBe(expected)
    expect(rows.rows.reduce((sum, row) => sum + Number(row.contribution), 0)).toBeCloseTo(Number(expected), 9)
  })

  test('by date of event the return rate is what was received over what was sold', async () => {
    const metrics = ['return_rate_units', 'received_units', 'sold_units', 'requested_units']
    const { rows } = await ask({ metrics, by: ['day'], basis: 'activity' })
    expect(rows.some((row) => row.received_units !== row.requested_units)).toBe(true)
    for (const { return_rate_units, received_units, sold_units } of rows)
      expect(return_rate_units).toBe(sold_units === 0 ? null : Number(received_units) / Number(sold_units))
  })

  test('what the supplier owes, was asked for and paid', async () => {
    const spec = { basis: 'cohort', ...only('category', 'nmi2') } as const
    const funnel = [
      'claimable_value',
      'claimed_value',
      'recovered_value',
      'supplier_recovery_rate',
      'missed_claim_value',
    ]
    expect((await ask({ metrics: funnel, ...spec })).totals).toEqual({
      claimable_value: '24.0000',
      claimed_value: '24.0000',
      recovered_value: '24.0000',
      supplier_recovery_rate: 1,
      missed_claim_value: '0.0000',
    })
    // Before the money came, and long after with no claim at all.
    expect(await one('recovered_value', { ...spec, asOf: '2026-04-12T09:59:59.999Z' })).toBe('0.0000')
  })
})

describe('refund liability: IFRS 15, Example 22', () => {
  beforeAll(async () => {
    // A hundred sold long ago, three came back five days later and went back into stock; a hundred sold this minute.
    const old = Array.from({ length: 100 }, (_, i) =>
      sale(`i${i}`, '2025-06-01T10:00:00Z', { category: 'ifrs', net_amount: '100', unit_cost: '60' }),
    )
    const back = [0, 1, 2].flatMap((i) => [
      request(`i${i}`, `i${i}`, '2025-06-06T10:00:00Z'),
      received(`i${i}`, '2025-06-10T10:00:00Z'),
      moved(`i${i}`, '2025-07-10T10:00:00Z', 'restocked'),
    ])
    const fresh = Array.from({ length: 100 }, (_, i) =>
      sale(`j${i}`, '2025-12-31T23:59:00Z', { category: 'ifrs', net_amount: '100', unit_cost: '60' }),
    )
    await pipeline.deliver([[...old, ...back, ...fresh]])
  })

  test('97 of 100 are expected to stay: liability 300, asset 180', async () => {
    const spec = { asOf: '2026-01-01T00:00:00Z', ...only('category', 'ifrs') }
    const metrics = ['reserve_refund_liability', 'right_of_return_asset']
    expect((await ask({ metrics, ...spec })).totals).toEqual({
      reserve_refund_liability: '300.0000',
      right_of_return_asset: '180.0000',
    })
    const byDay = await ask({
      metrics,
      by: ['day'],
      from: '2025-12-30',
      to: '2026-01-02',
      ...only('category', 'ifrs'),
      asOf: '2026-01-01T00:00:00Z',
    })
    expect(byDay.rows).toEqual(
      [
        { day: '2025-12-30', reserve_refund_liability: '0.0000', right_of_return_asset: '0.0000' },
        { day: '2025-12-31', reserve_refund_liability: '300.0000', right_of_return_asset: '180.0000' },
      ].slice(1),
    )
    const rows = await runRows(
      reader,
      { metrics: [], by: [], from: '2025-01-01', to: '2026-01-01', tz: 'UTC', ...spec },
      'reserve_refund_liability',
      {},
      { client, now: NOW },
    )
    expect([rows.count, rows.sum]).toEqual([100, '300.0000'])
  })
})

describe('Amazon’s definition of the return rate', () => {
  beforeAll(async () => {
    await pipeline.deliver([
      [
        sale('a1', '2026-01-31T12:00:00Z', { category: 'amazon', quantity: 10 }),
        sale('a2', '2026-03-31T23:30:00Z', { category: 'amazon', quantity: 10 }),
        sale('a3', '2026-05-02T12:00:00Z', { category: 'amazon', quantity: 10 }),
        request('a1', 'a1', '2026-03-20T00:00:00Z', { quantity: 2 }),
        request('a2', 'a1', '2026-03-20T00:00:00Z', { quantity: 3 }),
        request('a3', 'a2', '2026-04-01T00:00:00Z', { quantity: 1 }),
        request('a4', 'a3', '2026-05-03T00:00:00Z', { quantity: 9 }),
        // Asked for in time, and never sent: no return to Amazon.
        request('a5', 'a1', '2026-02-01T00:00:00Z', { quantity: 1 }),
        // There by the end of March: in. On 1 April: out, though it was asked for in March.
        received('a1', '2026-03-31T23:59:59Z', 2),
        received('a2', '2026-04-01T00:00:00Z', 3),
        received('a3', '2026-04-02T00:00:00Z', 1),
        received('a4', '2026-05-09T00:00:00Z', 9),
      ],
    ])
  })

  test('counts goods that came back in the month of sale and two more, and only sales whose window has ended', async () => {
    expect(await one('return_rate_two_months', only('category', 'amazon'))).toBe(3 / 20)
    expect(await one('return_rate_units', only('category', 'amazon'))).toBe(16 / 30)
    const byMonth = await ask({ metrics: ['return_rate_two_months'], by: ['month'], ...only('category', 'amazon') })
    expect(byMonth.rows).toEqual([
      { month: '2026-01-01', return_rate_two_months: 0.2 },
      { month: '2026-03-01', return_rate_two_months: 0.1 },
    ])
  })

  test('months are those of the zone: in Berlin the last hours of March are April', async () => {
    const spec = { tz: 'Europe/Berlin', asOf: '2026-06-30T21:00:00Z', ...only('category', 'amazon') }
    expect(await one('return_rate_two_months', spec)).toBe(0 / 10)
    expect(await one('return_rate_two_months', { ...spec, asOf: '2026-06-30T22:00:00Z' })).toBe(1 / 20)
  })
})

describe('what stands where at an instant', () => {
  beforeAll(async () => {
    await pipeline.deliver([
      [
        sale('t1', '2026-02-01T10:00:00Z', { category: 'stock', quantity: 4 }),
        request('t1', 't1', '2026-02-03T10:00:00Z', { quantity: 4 }),
        received('t1', '2026-02-10T10:00:00Z', 4),
        moved('t1', '2026-02-12T10:00:00Z', 'hold'),
        moved('t1', '2026-02-20T10:00:00Z', 'hold'),
        event('unit.split', '2026-02-22T10:00:00Z', {
          unit_id: 't1',
          into: [
            { unit_id: 't1a', quantity: 1 },
            { unit_id: 't1b', quantity: 3 },
          ],
        }),
        moved('t1a', '2026-02-25T10:00:00Z', 'restocked'),
        moved('t1b', '2026-02-26T10:00:00Z', 'quarantine'),
      ],
    ])
  })

  const at = async (asOf: string) => {
    const { rows } = await ask({
      metrics: ['trapped_units', 'trapped_value'],
      by: ['status', 'age_bucket'],
      asOf,
      ...only('category', 'stock'),
    })
    return rows.map((row) => [row.status, row.age_bucket, row.trapped_units, row.trapped_value].join(' '))
  }
  test.each([
    ['2026-02-10T09:59:59.999Z', []],
    ['2026-02-10T10:00:00.000Z', ['received 0–2 4 160.0000']],
    // A second movement into the same status does not make it young again, and a split divides what is there.
    ['2026-02-21T10:00:00.000Z', ['hold 8–14 4 160.0000']],
    ['2026-02-24T10:00:00.000Z', ['hold 8–14 4 160.0000']],
    ['2026-02-25T10:00:00.000Z', ['hold 8–14 3 120.0000']],
    ['2026-03-08T10:00:00.000Z', ['quarantine 8–14 3 120.0000']],
  ])('at %s: %s', async (asOf, expected) => {
    expect(await at(asOf)).toEqual(expected)
  })

  test('by day it is what it was at the end of each day', async () => {
    const { rows } = await ask({
      metrics: ['trapped_units'],
      by: ['day'],
      from: '2026-02-09',
      to: '2026-02-28',
      ...only('category', 'stock'),
    })
    expect(rows.map((row) => row.trapped_units)).toEqual([...Array(15).fill(4), 3, 3, 3])
    expect(rows[0]).toEqual({ day: '2026-02-10', trapped_units: 4 })
  })
})
