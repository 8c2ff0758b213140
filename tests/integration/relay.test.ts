import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { checkSlice } from '../../clickhouse/derive/audit'
import { compact } from '../../clickhouse/derive/compact'
import { auditSlice } from '../../ingest/relay/audit'
import { rollUp } from '../../ingest/relay/behind'
import { derivationOf, withPublisher } from '../../ingest/relay/publisher'
import { rebuild } from '../../ingest/relay/rebuild'
import { recall } from '../../ingest/relay/state'
import { sweep } from '../../ingest/relay/sweep'
import { verify } from '../../ingest/relay/verify'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

const databases = await freshDatabases()
const pipeline = await openPipeline(databases, {
  rates: [{ currency: 'GBP', day: '2026-01-01', rate: '1.1500000000' }],
  suppliers: [{ id: 'sup-1', coverage: '0.7500', windowDays: 30 }],
})
afterAll(() => pipeline.close())

let counter = 0
const event = (type: string, time: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  JSON.stringify({ specversion: '1.0', id: `e${++counter}`, source: '/test', type, time, data, ...more })

const unit = async (id: string): Promise<Record<string, unknown> | undefined> => {
  const result = await pipeline.client.query({
    query: 'SELECT * FROM units FINAL WHERE unit_id = {id:String}',
    query_params: { id },
    format: 'JSONEachRow',
  })
  return (await result.json<Record<string, unknown>>())[0]
}

const sale = (line: string, more: Record<string, unknown> = {}) =>
  event('sale.shipped.v1', '2026-01-02T10:00:00Z', {
    order_id: `o-${line}`,
    order_line_id: line,
    sku: 'sku-1',
    quantity: 2,
    net_amount: '200.00',
    unit_cost: '40.00',
    currency: 'EUR',
    channel: 'web',
    supplier_id: 'sup-1',
    ...more,
  })
const request = (
  id: string,
  line: string,
  more: Record<string, unknown> = {},
  attributes: Record<string, unknown> = {},
) =>
  event(
    'return.requested.v1',
    '2026-01-05T10:00:00Z',
    {
      unit_id: id,
      rma_id: `m-${id}`,
      order_line_id: line,
      sku: 'sku-1',
      quantity: 1,
      reason_code: 'defective',
      ...more,
    },
    attributes,
  )

const paid = (id: string, of: string) =>
  event('settlement.paid.v1', '2026-01-10T10:00:00Z', {
    ...{ settlement_id: id, unit_id: of, kind: 'refund', amount: '10', currency: 'EUR' },
  })

describe('from events to served rows', () => {
  test('a return is served with its sale, its money and its claim', async () => {
    await pipeline.deliver([
      [
        sale('l1'),
        request('u1', 'l1'),
        event('unit.received.v1', '2026-01-08T10:00:00Z', {
          unit_id: 'u1',
          facility: 'venlo',
          quantity: 1,
          condition_code: 'D',
        }),
        event('unit.inspected.v1', '2026-01-09T10:00:00Z', {
          unit_id: 'u1',
          condition_code: 'D',
          finding_code: 'confirmed_defect',
        }),
        event('settlement.paid.v1', '2026-01-10T10:00:00Z', {
          settlement_id: 's1',
          unit_id: 'u1',
          kind: 'refund',
          amount: '90',
          fee_amount: '10',
          currency: 'GBP',
        }),
        event('cost.incurred.v1', '2026-01-10T11:00:00Z', {
          cost_id: 'c1',
          unit_id: 'u1',
          kind: 'labor',
          amount: 3.5,
          currency: 'EUR',
        }),
      ],
    ])
    expect(await unit('u1')).toMatchObject({
      has_sale: 1,
      returned: 1,
      quantity: 1,
      cost_value: 400000,
      sale_value: 1000000,
      claimable: 300000,
      claim_until: '2026-02-07 10:00:00.000',
      facility: 'venlo',
      status: 'received',
      'money.component': ['refund', 'fee_income', 'labor'],
      'money.amount': [-1150000, 115000, -35000],
    })
  })

  test('a sale that arrives after its return changes the unit', async () => {
    await pipeline.deliver([[request('u2', 'l2')]])
    expect(await unit('u2')).toMatchObject({ has_sale: 0, cohort_day: '2026-01-05' })
    await pipeline.deliver([[sale('l2')]])
    expect(await unit('u2')).toMatchObject({ has_sale: 1, cohort_day: '2026-01-02', cost_value: 400000 })
  })

  test('a correction that moves an event to another unit leaves nothing behind', async () => {
    const id = `moving-${counter}`
    await pipeline.deliver([[request('u3', 'l3', {}, { id })], [request('u4', 'l3', {}, { id, revision: 1 })]])
    expect(await unit('u3')).toBeUndefined()
    expect(await unit('u4')).toMatchObject({ requested_at: '2026-01-05 10:00:00.000' })
    // The other way round: the correction arrives first.
    const late = `moving-${counter}-late`
    await pipeline.deliver([
      [request('u6', 'l3', {}, { id: late, revision: 1 })],
      [request('u5', 'l3', {}, { id: late })],
    ])
    expect(await unit('u5')).toBeUndefined()
    expect(await unit('u6')).toMatchObject({ returned: 1 })
  })

  test('children of a split share the past and divide the quantity', async () => {
    await pipeline.deliver([
      [
        sale('l7', { quantity: 10, net_amount: 1000 }),
        request('u7', 'l7', { quantity: 6 }),
        event('unit.received.v1', '2026-01-08T10:00:00Z', { unit_id: 'u7', facility: 'venlo', quantity: 6 }),
        event('unit.split.v1', '2026-01-09T10:00:00Z', {
          unit_id: 'u7',
          into: [
            { unit_id: 'u7a', quantity: 2 },
            { unit_id: 'u7b', quantity: 4 },
          ],
        }),
      ],
      [event('unit.received.v1', '2026-01-07T10:00:00Z', { unit_id: 'u7', facility: 'lodz', quantity: 6 })],
    ])
    expect(await unit('u7')).toMatchObject({ quantity: 0, full_quantity: 6, split_at: '2026-01-09 10:00:00.000' })
    expect(await unit('u7b')).toMatchObject({
      quantity: 4,
      parent_id: 'u7',
      received_at: '2026-01-07 10:00:00.000',
      facility: 'venlo',
    })
  })

  test('the same events in any order, number and division into batches are served the same', async () => {
    const before = await contents()
    const { rows } = await pipeline.pool.query<{ body: string }>('SELECT body FROM event_log ORDER BY random()')
    const bodies = rows.map((row) => row.body)
    const outcomes = await pipeline.deliver([bodies, ...bodies.map((body) => [body])])
    expect(new Set(outcomes.flat())).toEqual(new Set(['duplicate']))
    await rebuild(pipeline.pool, pipeline.client, databases.clickhouseUrl)
    expect(await contents()).toEqual(before)
  })

  test('the sweep has what a power cut took delivered again, and nothing else more than once', async () => {
    const again = async () => {
      await sweep(pipeline.pool, pipeline.client)
      const { again } = await recall(pipeline.pool, 'sweep', { again: -1 })
      await pipeline.drain()
      return again
    }
    const erase = (table: string, where: string) =>
      pipeline.client.command({
        query: `ALTER TABLE ${table} DELETE WHERE ${where}`,
        clickhouse_settings: { mutations_sync: '2' },
      })
    const startAnew = () =>
      pipeline.pool.query(`UPDATE installation SET value = value || '{"started": 1}' WHERE key = 'sweep'`)
    // What the corrections above have replaced is gone when the pieces of the table are put together, whenever that may be.
    const merge = () => pipeline.client.command({ query: 'OPTIMIZE TABLE unit_events FINAL' })
    for (let round = 0; round < 2; round += 1) {
      await merge()
      await again()
    }
    await pipeline.deliver([
      [request('u20', 'l20')],
      [request('u21', 'l21'), request('u22', 'l22')],
      [paid('s20', 'u20')],
    ])
    expect(await again()).toBe(0)

    await erase('unit_events', "unit_id = 'u21'")
    expect(await again()).toBe(1)
    expect(await again()).toBe(0)
    expect(await verify(pipeline.pool, pipeline.client)).toMatchObject({ differences: [], served: { stale: 0 } })

    // Without its link a settlement is found by no derivation, though it is there.
    for (const table of ['unit_refs', 'ref_units']) {
      await erase(table, "ref = 's20'")
      await startAnew()
      expect(await again()).toBe(1)
    }
    expect(await unit('u20')).toMatchObject({ 'money.component': ['refund'] })

    // A row that a correction has replaced is not lost; of what is left then, a power cut may take some.
    const id = `corrected-${counter}`
    await pipeline.deliver([[request('u23', 'l23', {}, { id }), request('u24', 'l24')]])
    await pipeline.deliver([[request('u23', 'l23', { quantity: 2 }, { id, revision: 1 })]])
    await merge()
    expect(await again()).toBeGreaterThan(0)
    await merge()
    expect(await again()).toBe(0)
    await startAnew()
    expect(await again()).toBe(0)
    await erase('unit_events', "unit_id = 'u24'")
    expect(await again()).toBe(0)
    await startAnew()
    expect(await again()).toBe(1)
    expect(await verify(pipeline.pool, pipeline.client)).toMatchObject({ differences: [], served: { stale: 0 } })
  })

  test('a delivery keeps the publisher’s lock until it is marked: nobody sees it in ClickHouse and not in PostgreSQL', async () => {
    await pipeline.accept([request('u30', 'l30')])
    const marking = await pipeline.pool.connect()
    await marking.query('SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0')
    await marking.query("BEGIN; SELECT FROM lease WHERE name = 'relay' FOR UPDATE")
    const delivering = pipeline.drain()
    try {
      await expect.poll(() => unit('u30'), { timeout: 30_000 }).toBeDefined()
      const looking = withPublisher(pipeline.pool, pipeline.client, async () => {
        const { rows } = await pipeline.pool.query("SELECT count(*)::int AS n FROM batch WHERE state = 'sealed'")
        return rows[0].n
      })
      await Promise.race([looking, setTimeout(500)])
      await marking.query('COMMIT')
      expect(await looking).toBe(0)
    } finally {
      marking.release(true)
      await delivering
    }
  })

  test('an audit that mends an order line has its month’s rollup built anew, whatever happens after it', async () => {
    await pipeline.deliver([[sale('l40')]])
    await rollUp(pipeline.pool, pipeline.client)
    expect(await recall(pipeline.pool, 'rollups_behind', undefined)).toEqual([])
    await pipeline.client.command({
      query: "ALTER TABLE sales UPDATE content = 0, net = 0 WHERE order_line_id = 'l40' SETTINGS mutations_sync = 1",
    })
    await auditSlice(pipeline.pool, pipeline.client, 0, 1)
    expect(await recall(pipeline.pool, 'rollups_behind', undefined)).toEqual([202601])
    await rollUp(pipeline.pool, pipeline.client)
    expect(await recall(pipeline.pool, 'rollups_behind', undefined)).toEqual([])
  })

  test('putting the pieces of served rows together changes nothing that is read', async () => {
    const contents = async () => {
      const result = await pipeline.client.query({
        query:
          'SELECT unit_id, toString(content) AS c FROM units FINAL ORDER BY unit_id SETTINGS do_not_merge_across_partitions_select_final = 1',
        format: 'JSONEachRow',
      })
      return result.json()
    }
    const before = await contents()
    const derivation = derivationOf(pipeline.pool, pipeline.client)
    expect(await compact(derivation)).toBeGreaterThan(0)
    expect(await compact(derivation)).toBe(0)
    expect(await contents()).toEqual(before)
  })

  test('verify finds nothing, then finds a row that was taken out of ClickHouse, and the audit a row that is served wrongly', async () => {
    const clean = await verify(pipeline.pool, pipeline.client)
    expect(clean).toMatchObject({ differences: [], rollups: [], served: { stale: 0 }, pending: 0 })
    expect(clean.events).toBeGreaterThan(10n)
    await pipeline.client.command({
      query: "ALTER TABLE units UPDATE content = content + 1 WHERE unit_id = 'u1' SETTINGS mutations_sync = 1",
    })
    const { stale } = await checkSlice(derivationOf(pipeline.pool, pipeline.client), 0, 1)
    expect(stale).toEqual({ units: ['u1'], lines: [] })
    await pipeline.client.command({
      query: "ALTER TABLE cost_events DELETE WHERE cost_id = 'c1' SETTINGS mutations_sync = 1",
    })
    const found = await verify(pipeline.pool, pipeline.client)
    expect(found.differences.map(({ cell }) => cell)).toEqual(['cost.incurred.v1 /test 2026-01-10'])
  })
})

async function contents() {
  const result = await pipeline.client.query({
    query: `SELECT unit_id, toString(content) AS content FROM units FINAL ORDER BY unit_id
      UNION ALL SELECT order_line_id, toString(content) FROM sales FINAL ORDER BY order_line_id
      UNION ALL SELECT toString(slot), toString(sum(quantity * 1000003 + net)) FROM sales_slot GROUP BY slot ORDER BY slot`,
    format: 'JSONEachRow',
  })
  return (await result.json<{ unit_id: string; content: string }>()).sort((a, b) => a.unit_id.localeCompare(b.unit_id))
}
