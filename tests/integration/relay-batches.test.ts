import { afterAll, describe, expect, test, vi } from 'vitest'
import { sendBatch } from '../../ingest/relay/deliver'
import { rebuild } from '../../ingest/relay/rebuild'
import { seal } from '../../ingest/relay/seal'
import { recall } from '../../ingest/relay/state'
import { sweep } from '../../ingest/relay/sweep'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())

let counter = 0
const cost = (more: Record<string, unknown> = {}) => {
  const id = `c${++counter}`
  return JSON.stringify({
    ...{ specversion: '1.0', id, source: '/batches', type: 'cost.incurred.v1', time: '2026-01-01T00:00:00Z' },
    data: { cost_id: id, unit_id: 'u', kind: 'labor', amount: '1.00', currency: 'EUR', ...more },
  })
}
const costs = async () => {
  const query = 'SELECT toUInt32(count()) AS n FROM cost_events FINAL'
  const result = await pipeline.client.query({ query, format: 'JSONEachRow' })
  return (await result.json<{ n: number }>())[0]?.n
}

describe('a batch', () => {
  test('holds sixteen mebibytes at most, so that events of any size arrive', async () => {
    const large = Array.from({ length: 700 }, () => cost({ comment: 'ä'.repeat(14_000) }))
    await pipeline.accept(large)
    const sealed: number[] = []
    for (let rows = await seal(pipeline.pool); rows > 0; rows = await seal(pipeline.pool)) sealed.push(rows)
    expect(sealed.length).toBe(2)
    const { rows } = await pipeline.pool.query<{ bytes: number; rows: number; claimed: number }>(
      `SELECT b.rows, count(*)::int4 AS claimed, sum(octet_length(body))::int4 AS bytes
       FROM batch b JOIN event_log e ON e.batch_id = b.id GROUP BY b.id ORDER BY b.id`,
    )
    expect(rows.map(({ claimed }) => claimed)).toEqual(sealed)
    for (const { rows: noted, claimed, bytes } of rows) {
      expect(noted).toBe(claimed)
      expect(bytes).toBeLessThanOrEqual(16 * 1024 * 1024)
    }
    await pipeline.drain()
    expect(await costs()).toBe(large.length)
  })

  test('of one event that is larger than that is sealed and arrives', async () => {
    const before = (await costs()) ?? 0
    await pipeline.accept([cost(), cost({ comment: 'x'.repeat(17 * 1024 * 1024) }), cost()])
    expect([await seal(pipeline.pool), await seal(pipeline.pool), await seal(pipeline.pool)]).toEqual([1, 1, 1])
    await pipeline.drain()
    expect(await costs()).toBe(before + 3)
  })

  test('with events that ClickHouse cannot read arrives without them, however often it is sent; they wait in quarantine once', async () => {
    const before = (await costs()) ?? 0
    // What the log may hold although the door would have refused it: half a character, a name twice, a thousand levels.
    const unreadable = [
      cost({ comment: '\ud800' }),
      cost().replace('"unit_id"', '"cost_id":"twice","unit_id"'),
      cost({ comment: 0 }).replace('"comment":0', `"comment":${'['.repeat(6_000)}${']'.repeat(6_000)}`),
    ]
    const [first = '', ...others] = unreadable
    await pipeline.deliver([[cost(), first, cost(), cost(), ...others, cost()]])
    const quarantined = async () => {
      const { rows } = await pipeline.pool.query<{ raw: Buffer }>(
        "SELECT raw FROM quarantine WHERE source = '/batches' AND reason = 'sink_poison' ORDER BY id",
      )
      return rows.map(({ raw }) => raw.toString())
    }
    expect(await costs()).toBe(before + 4)
    expect(await quarantined()).toEqual(unreadable)

    const { rows } = await pipeline.pool.query<{ id: bigint }>('SELECT max(id) AS id FROM batch')
    await sendBatch(pipeline.pool, pipeline.client, rows[0]?.id ?? 0n)
    const again: number[] = []
    for (let round = 0; round < 2; round += 1) {
      await sweep(pipeline.pool, pipeline.client)
      again.push((await recall(pipeline.pool, 'sweep', { again: -1 })).again)
      await pipeline.drain()
    }
    expect(again).toEqual([1, 0])
    await rebuild(pipeline.pool, pipeline.client, databases.clickhouseUrl)
    expect(await costs()).toBe(before + 4)
    expect(await quarantined()).toEqual(unreadable)
  })

  test('with a correction of an event that ClickHouse cannot read arrives', async () => {
    const broken = cost({ comment: '\ud800' })
    const { id } = JSON.parse(broken)
    await pipeline.deliver([[broken]])
    const mended = cost({ cost_id: 'elsewhere' }).replace(/"id":"[^"]+"/, `"id":"${id}","revision":1`)
    await pipeline.deliver([[mended]])
    const query = `SELECT cost_id, voided FROM cost_events FINAL WHERE id = '${id}'`
    const found = await pipeline.client.query({ query, format: 'JSONEachRow' })
    expect(await found.json()).toEqual([{ cost_id: 'elsewhere', voided: 0 }])
  })

  test('of few events is not sent by itself when ClickHouse is built anew: many go with one insert', async () => {
    const before = (await costs()) ?? 0
    const first = JSON.parse(cost())
    const corrected = { ...first, revision: 1, data: { ...first.data, cost_id: 'moved' } }
    for (const event of [
      ...Array.from({ length: 40 }, () => cost()),
      JSON.stringify(first),
      JSON.stringify(corrected),
    ]) {
      await pipeline.accept([event])
      expect(await seal(pipeline.pool)).toBe(1)
    }
    const sent = vi.spyOn(pipeline.client, 'exec')
    await rebuild(pipeline.pool, pipeline.client, databases.clickhouseUrl)
    const inserts = sent.mock.calls.filter(([{ query }]) => query.startsWith('INSERT INTO event_input')).length
    sent.mockRestore()
    // Most of them are for what the tests above have left: bodies that need an insert of their own, lines that cannot be read.
    expect(inserts).toBeLessThan(40)
    const query = `SELECT cost_id, voided FROM cost_events FINAL WHERE id = '${first.id}' ORDER BY cost_id`
    const places = await pipeline.client.query({ query, format: 'JSONEachRow' })
    expect(await places.json()).toEqual([
      { cost_id: first.data.cost_id, voided: 1 },
      { cost_id: 'moved', voided: 0 },
    ])
    expect(await costs()).toBe(before + 42)
  })
})
