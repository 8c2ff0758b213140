import { afterAll, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { seal } from '../../ingest/relay/seal'
import { freshness } from '../../lib/metrics/overview'
import { undeliveredFor } from '../../lib/undelivered'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { reading } from '../setup/reader'

/** How far the figures are is a matter of what was delivered, whatever dates the events bear. */
const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())

const reader = reading()
const reach = () => freshness(reader, readClient(databases.clickhouseReadUrl))

const HOUR = 3_600_000
let events = 0
function received(at: number, more: object = {}): string {
  events += 1
  return JSON.stringify({
    specversion: '1.0',
    id: `e${events}`,
    source: '/wms/a',
    type: 'unit.received.v1',
    time: new Date(at).toISOString(),
    data: { unit_id: `u${events}`, facility: 'ams', quantity: 1 },
    ...more,
  })
}

test('an event dated ahead does not make the figures newer than they are', async () => {
  await pipeline.deliver([[received(Date.now() - HOUR)]])
  const before = Date.now()
  await pipeline.deliver([[received(before + 20 * HOUR)]])
  const { watermark, behindMs } = await reach()
  expect(Date.parse(watermark ?? '')).toBeGreaterThanOrEqual(before - 60_000)
  expect(Date.parse(watermark ?? '')).toBeLessThanOrEqual(Date.now())
  const later = await freshness(reader, readClient(databases.clickhouseReadUrl), new Date(Date.now() + HOUR))
  expect(later.behindMs).toBeGreaterThan(0.9 * HOUR)
  expect(behindMs).toBeLessThan(60_000)
})

test('a late event and a correction change the token, and nothing changes it otherwise', async () => {
  const first = await reach()
  expect((await reach()).token).toBe(first.token)
  const late = received(Date.now() - 2000 * HOUR)
  await pipeline.deliver([[late]])
  const second = await reach()
  expect(second.token).not.toBe(first.token)
  expect(second.watermark).toBe(first.watermark)
  expect(second.settled).toBe(false)
  await pipeline.deliver([[JSON.stringify({ ...JSON.parse(late), revision: 1 })]])
  expect((await reach()).token).not.toBe(second.token)
})

test('what was accepted and is not in the figures is known by its age, sealed or not', async () => {
  expect(await undeliveredFor()).toBeNull()
  await pipeline.accept([received(Date.now())])
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(await undeliveredFor()).toBeGreaterThanOrEqual(20)
  await seal(pipeline.pool)
  expect(await undeliveredFor()).not.toBeNull()
  await pipeline.drain()
  expect(await undeliveredFor()).toBeNull()
})
