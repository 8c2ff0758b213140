import { afterAll, expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { standingSchema } from '../../clickhouse/migrate'
import { rebuild, upgradeClickHouse } from '../../ingest/relay/rebuild'
import { verify } from '../../ingest/relay/verify'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

/** An update finds what the version before it has left in ClickHouse. */
const databases = await freshDatabases()
const url = databases.clickhouseUrl
const pipeline = await openPipeline(databases, {
  rates: [{ currency: 'GBP', day: '2026-01-01', rate: '1.15' }],
  facilities: [{ id: 'venlo', tz: 'Europe/Amsterdam' }],
})
afterAll(() => pipeline.close())

const event = (id: string, type: string, time: string, data: Record<string, unknown>) =>
  JSON.stringify({ specversion: '1.0', id, source: '/test', type, time, data })
const line = { order_line_id: 'l1', sku: 'sku-1', quantity: 2 }
await pipeline.deliver([
  [
    event('sale', 'sale.shipped.v1', '2026-01-02T10:00:00Z', {
      ...line,
      ...{ order_id: 'o1', net_amount: '200', unit_cost: '40', currency: 'GBP', channel: 'web', customer_id: 'c-77' },
    }),
    event('request', 'return.requested.v1', '2026-01-05T10:00:00Z', {
      ...{ ...line, unit_id: 'u1', rma_id: 'm1', quantity: 1, reason_code: 'defective', lot: 'LOT-1' },
    }),
  ],
  [event('receipt', 'unit.received.v1', '2026-01-08T10:00:00Z', { unit_id: 'u1', facility: 'venlo', quantity: 1 })],
])

const command = (query: string) => pipeline.client.command({ query })
const rows = async (query: string) =>
  (await pipeline.client.query({ query, format: 'JSONEachRow' })).json<Record<string, unknown>>()
const served = async () => [
  ...(await rows('SELECT * EXCEPT version FROM units FINAL ORDER BY unit_id')),
  ...(await rows('SELECT * EXCEPT version FROM sales FINAL ORDER BY order_line_id')),
  ...(await rows('SELECT slot, channel, sum(net) AS net, sum(quantity) AS n FROM sales_slot GROUP BY ALL')),
  ...(await rows('SELECT id, tz FROM facility_ref')),
]
const upgrade = (told: string[] = []) =>
  upgradeClickHouse(pipeline.pool, pipeline.client, url, { onProgress: (what) => told.push(what) })
const state = async () => (await standingSchema(url)).state

/** As the versions left it that kept no account of what they made: a column less, a view less, another view otherwise. */
async function makeOld(): Promise<void> {
  await command('DROP VIEW IF EXISTS schema_version SYNC')
  await command('DROP VIEW IF EXISTS unit_events_in SYNC')
  await command('ALTER TABLE unit_events DROP COLUMN IF EXISTS lot')
  await command('DROP VIEW IF EXISTS unit_home_in SYNC')
  await command("CREATE OR REPLACE VIEW watermark AS SELECT 'old' AS event_time")
}

const before = await served()

test('what another version made is built anew from the log, once, with equal numbers', async () => {
  expect(before).toHaveLength(4)
  await makeOld()
  expect(await state()).toBe('different')
  const told: string[] = []
  expect(await upgrade(told)).toBe('rebuilt')
  expect(new Set(told)).toEqual(new Set(['events', 'facts']))
  expect(await served()).toEqual(before)
  expect(await rows("SELECT lot FROM unit_events FINAL WHERE id = 'request'")).toEqual([{ lot: 'LOT-1' }])
  expect(await rows('SELECT toString(event_time) AS t FROM watermark')).toEqual([{ t: '2026-01-08 10:00:00.000' }])
  expect(await verify(pipeline.pool, pipeline.client)).toMatchObject({ differences: [], served: { stale: 0 } })
  expect([await state(), await upgrade()]).toEqual(['current', 'current'])
})

test('another secret counts as another version: customers are kept under it', async () => {
  const secret = process.env.BACKHAUL_SECRET
  process.env.BACKHAUL_SECRET = 'another secret of thirty-two letters'
  rereadEnv()
  expect(await state()).toBe('different')
  process.env.BACKHAUL_SECRET = secret
  rereadEnv()
  expect(await state()).toBe('current')
})

test('what was cut short is begun again by one of two that start at once, and what is not ours stays', async () => {
  await command('CREATE TABLE theirs (x UInt8) ENGINE = MergeTree ORDER BY x AS SELECT 7 AS x')
  const cut = rebuild(pipeline.pool, pipeline.client, url, () => {
    throw new Error('killed')
  })
  await expect(cut).rejects.toThrow('killed')
  expect(await standingSchema(url)).toMatchObject({ state: 'different', missing: [] })
  expect((await Promise.all([upgrade(), upgrade()])).sort()).toEqual(['current', 'rebuilt'])
  expect(await served()).toEqual(before)
  expect(await rows('SELECT x FROM theirs')).toEqual([{ x: 7 }])
})

test('nothing is dropped while a file of the archive is not at hand', async () => {
  await command('DROP VIEW ref_units_in SYNC')
  expect(await standingSchema(url)).toMatchObject({ state: 'different', missing: ['ref_units_in'] })
  await pipeline.pool.query(
    `INSERT INTO batch (kind, state, rows, path, sha256, sealed_at) VALUES ('archive', 'delivered', 1, 'import-9/9.ndjson.gz', repeat('a', 64), now())`,
  )
  await expect(upgrade()).rejects.toThrow(/1 of 1 archived files are not here .*import-9.*Nothing was changed/)
  expect(await served()).toEqual(before)
  await pipeline.pool.query("DELETE FROM batch WHERE kind = 'archive'")
})

test('an empty server beside a log that was delivered before is filled from it; beside an empty log it is only created', async () => {
  const name = `${new URL(url).pathname.slice(1)}_new`
  const elsewhere = Object.assign(new URL(url), { pathname: `/${name}` }).href
  const client = writeClient(elsewhere)
  expect((await standingSchema(elsewhere)).state).toBe('none')
  expect(await upgradeClickHouse(pipeline.pool, client, elsewhere)).toBe('rebuilt')
  const found = await client.query({ query: 'SELECT unit_id FROM units FINAL', format: 'JSONEachRow' })
  expect(await found.json()).toEqual([{ unit_id: 'u1' }])
  await client.command({ query: `DROP DATABASE ${name}` })
  await pipeline.pool.query('TRUNCATE batch, event_log, installation CASCADE')
  expect(await upgradeClickHouse(pipeline.pool, client, elsewhere)).toBe('created')
  expect((await standingSchema(elsewhere)).state).toBe('current')
  await client.command({ query: `DROP DATABASE ${name}` })
})
