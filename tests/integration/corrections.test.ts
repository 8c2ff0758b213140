import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { importFiles } from '../../ingest/import/import-files'
import { rebuild } from '../../ingest/relay/rebuild'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())
const client = writeClient()
const folder = join(databases.dataDir, 'input')
mkdirSync(folder)

let files = 0
async function bring(...events: string[]) {
  const file = join(folder, `${++files}.ndjson`)
  writeFileSync(file, events.join('\n'))
  await importFiles({ files: [file], archiveDir: join(databases.dataDir, 'archive') })
}
const tell = (...events: string[]) => pipeline.deliver([events])

const event = (id: string, type: string, data: object, more: object) =>
  JSON.stringify({ specversion: '1.0', id, source: '/c', type, time: '2026-03-02T10:00:00Z', ...more, data })
const sale = (id: string, line: string, more: object = {}) =>
  event(
    id,
    'sale.shipped.v1',
    {
      ...{ order_id: `o-${line}`, order_line_id: line, sku: 'A', quantity: 1, net_amount: '10.00', currency: 'EUR' },
      channel: 'web',
    },
    more,
  )
const receipt = (id: string, unit: string, more: object = {}) =>
  event(id, 'unit.received.v1', { unit_id: unit, facility: 'venlo', quantity: 1 }, more)
const refund = (id: string, settlement: string, unit: string, more: object = {}) =>
  event(
    id,
    'settlement.paid.v1',
    { settlement_id: settlement, unit_id: unit, kind: 'refund', amount: '5.00', currency: 'EUR' },
    more,
  )

interface Shown {
  units: string[]
  lines: string[]
  refunded: string[]
}

/** What is served of one case of the list below, by the beginning of its names. */
async function served(name: string): Promise<Shown> {
  const column = async (query: string) => {
    const result = await client.query({ query, query_params: { name }, format: 'JSONEachRow' })
    return (await result.json<{ key: string }>()).map(({ key }) => key)
  }
  const units = "FROM units FINAL WHERE startsWith(unit_id, concat({name:String}, '-')) ORDER BY key"
  return {
    units: await column(`SELECT unit_id AS key ${units}`),
    lines: await column(
      "SELECT order_line_id AS key FROM sales FINAL WHERE startsWith(order_line_id, concat({name:String}, '-')) ORDER BY key",
    ),
    refunded: await column(
      `SELECT concat(unit_id, ' ', toString(x)) AS key FROM (SELECT unit_id, arrayJoin(credit.id) AS x ${units.replace(' ORDER BY key', '')}) ORDER BY key`,
    ),
  }
}

/** The first word about three things, and a correction that says that each was about another one. */
const first = (name: string) => [
  receipt(`${name}-r`, `${name}-u1`),
  sale(`${name}-s`, `${name}-l1`),
  refund(`${name}-p`, `${name}-p1`, `${name}-u1`),
]
const corrected = (name: string, revision = 1) => [
  receipt(`${name}-r`, `${name}-u2`, { revision }),
  sale(`${name}-s`, `${name}-l2`, { revision }),
  refund(`${name}-p`, `${name}-p2`, `${name}-u2`, { revision }),
]
const AFTER = (name: string): Shown => ({
  units: [`${name}-u2`],
  lines: [`${name}-l2`],
  refunded: [`${name}-u2 ${name}-p2`],
})

/** Every way in which the first word and its correction can come: what is told or brought first, and then. */
const WAYS = [
  { name: 'told, then told', before: { told: first }, after: { told: corrected } },
  { name: 'brought, then told', before: { brought: first }, after: { told: corrected } },
  { name: 'told, then brought', before: { told: first }, after: { brought: corrected } },
  { name: 'brought, then brought', before: { brought: first }, after: { brought: corrected } },
  { name: 'the correction told, then the first word brought', before: { told: corrected }, after: { brought: first } },
  { name: 'the correction brought, then the first word told', before: { brought: corrected }, after: { told: first } },
].map((way, index) => ({ key: `w${index}`, ...way }))

type Step = { told?: (key: string) => string[]; brought?: (key: string) => string[] }
const come = async (step: (way: (typeof WAYS)[number]) => Step, ...more: { brought: string[] }[]) => {
  await tell(...WAYS.flatMap((way) => step(way).told?.(way.key) ?? []))
  await bring(...WAYS.flatMap((way) => step(way).brought?.(way.key) ?? []), ...more.flatMap(({ brought }) => brought))
}

describe('a correction that moves an event leaves nothing behind', () => {
  beforeAll(async () => {
    await come(({ before }) => before)
    await tell(...first('twice'))
    await come(({ after }) => after, { brought: corrected('twice', 0) })
  }, 60_000)

  test.each(WAYS)('$name', async ({ key }) => {
    expect(await served(key)).toEqual(AFTER(key))
  })

  test('of one identity and revision with two contents, where the second is brought', async () => {
    const { units, lines } = await served('twice')
    expect([units.length, lines.length]).toEqual([1, 1])
  })

  test('and verify agrees, before a rebuild and after it', async () => {
    const clean = { differences: [], rollups: [], served: { stale: 0 }, pending: 0 }
    expect(await verify(pool(), client)).toMatchObject(clean)
    const before = await Promise.all(WAYS.map(({ key }) => served(key)))
    await rebuild(pool(), client, databases.clickhouseUrl)
    expect(await Promise.all(WAYS.map(({ key }) => served(key)))).toEqual(before)
    expect(await verify(pool(), client)).toMatchObject(clean)
  })
})
