import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hashOf } from '../../ingest/contract/fingerprint'
import { FIXTURES } from '../../ingest/contract/fixtures/load'
import { KNOWN_NAMES } from '../../ingest/contract/vocabulary'
import { importFiles } from '../../ingest/import/import-files'
import { projectOnce } from '../../ingest/projector/projector'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { BATCH, LINES, logged, ONE, openDoor, quarantined, receipt } from './ingest-client'

/** Many senders write null for what they do not have. All who read the kept bytes must take it for what it is: nothing. */

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
const door = openDoor()
afterAll(() => pipeline.close())

type Fields = Readonly<Record<string, unknown>>
const nothing = (names: Iterable<string>): Fields => Object.fromEntries([...names].map((name) => [name, null]))
const ATTRIBUTES = ['subject', 'sequence', 'revision', 'voided', 'datacontenttype', 'dataschema']
/** Every name that the contract has in any type, and one that it does not have. */
const FIELDS = [...KNOWN_NAMES, 'colour']

/** The data with null for everything that it does not say, in its parts as well. */
function withNulls(data: Fields): Fields {
  const parts = ['lines', 'into'].flatMap((name) => {
    const list = data[name]
    const inner = ['account', 'debit', 'credit', 'unit_id', 'quantity', 'colour']
    return Array.isArray(list) ? [[name, list.map((part: Fields) => ({ ...nothing(inner), ...part }))]] : []
  })
  return { ...nothing(FIELDS), ...data, ...Object.fromEntries(parts) }
}

async function rows(query: string, params: Fields = {}): Promise<Fields[]> {
  const result = await pipeline.client.query({ query, query_params: { ...params }, format: 'JSONEachRow' })
  return result.json<Fields>()
}

const TRUTH = ['sale', 'unit', 'movement', 'settlement', 'claim', 'cost', 'journal', 'exception', 'stock'].map(
  (kind) => `${kind}_events`,
)
/** What the truth tables hold of a source, but for which bytes said it. */
async function truthOf(source: string): Promise<Fields> {
  const tables = TRUTH.map(async (table) => {
    const found = await rows(
      `SELECT * EXCEPT (source, version, batch, line), bitShiftRight(version, 32) AS revision
      FROM ${table} FINAL WHERE source = {source:String} ORDER BY id`,
      { source },
    )
    return [table, found] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}

test('an event of any type with null for all that it does not say is the row that the event without is, by every way in', async () => {
  const minimal = FIXTURES.flatMap(({ name, event }) => (name === 'minimal' ? [event] : []))
  const from = (source: string) => minimal.map((event) => ({ ...event, source }))
  const nulls = (source: string) =>
    from(source).map((event) => ({ ...nothing(ATTRIBUTES), ...event, data: withNulls(event.data) }))
  const accepted = { accepted: minimal.length, duplicates: 0, quarantined: 0, conflicts: 0, errors: [] }

  expect((await door.post(from('/absent'))).answer).toEqual(accepted)
  expect((await door.post(nulls('/array'), { 'content-type': BATCH })).answer).toEqual(accepted)
  const lines = nulls('/lines').map((event) => JSON.stringify(event))
  expect((await door.post(lines.join('\n'), { 'content-type': LINES })).answer).toEqual(accepted)
  for (const event of nulls('/one'))
    expect((await door.post(event, { 'content-type': ONE })).answer).toMatchObject({ accepted: 1 })
  for (const { data, ...event } of from('/binary')) {
    const told = Object.entries(event).map(([name, value]) => [`ce-${name}`, String(value)])
    const headers = { ...Object.fromEntries(told), 'content-type': 'application/json' }
    expect((await door.post(JSON.stringify(withNulls(data)), headers)).answer).toMatchObject({ accepted: 1 })
  }
  await pipeline.drain()
  const file = join(databases.dataDir, 'nulls.ndjson')
  writeFileSync(
    file,
    nulls('/file')
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  const imported = await importFiles({ files: [file], archiveDir: join(databases.dataDir, 'archive') })
  expect(imported.files).toMatchObject([{ tally: { events: minimal.length, rejected: 0 } }])

  const absent = await truthOf('/absent')
  expect(Object.values(absent).flat()).toHaveLength(minimal.length)
  for (const source of ['/array', '/lines', '/one', '/binary', '/file'])
    expect(await truthOf(source), source).toEqual(absent)
})

describe('a return told twice, once with null', () => {
  const story = (name: string, said: (data: Fields) => Fields, attributes: Fields) => {
    const told = (type: string, day: number, data: Fields) => {
      const id = `${name}/${type}`
      const time = `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`
      return { ...attributes, specversion: '1.0', source: '/story', id, type, time, data: said(data) }
    }
    const [unit_id, order_id, order_line_id] = [`U-${name}`, `O-${name}`, `L-${name}`]
    const goods = { order_id, order_line_id, sku: 'S-1', channel: 'web', currency: 'EUR' }
    return [
      told('sale.shipped.v1', 1, { ...goods, quantity: 2, net_amount: '80.00', unit_cost: '15.00' }),
      told('return.requested.v1', 5, {
        ...{ ...goods, unit_id, rma_id: `R-${name}`, quantity: 1, reason_code: 'too_small', unit_price: '40.00' },
      }),
      told('shipment.in_transit.v1', 6, { unit_id }),
      told('unit.received.v1', 8, { unit_id, facility: 'venlo', quantity: 1 }),
      told('unit.inspected.v1', 9, { unit_id, condition_code: 'B', finding_code: 'as_new' }),
      told('unit.dispositioned.v1', 9, { unit_id, disposition: 'restock' }),
      told('unit.moved.v1', 10, {
        ...{ movement_id: `M-${name}`, unit_id, from_status: 'received', to_status: 'sellable', quantity: 1 },
      }),
      told('settlement.paid.v1', 11, {
        ...{ settlement_id: `S-${name}`, unit_id, kind: 'refund', amount: '40.00', currency: 'EUR' },
      }),
      told('cost.incurred.v1', 11, {
        ...{ cost_id: `K-${name}`, unit_id, kind: 'return_freight', amount: '4.20', currency: 'EUR' },
      }),
    ]
  }
  const absent = story('absent', (data) => data, {})
  const nulls = story('nulls', withNulls, nothing(ATTRIBUTES))
  /** The same row of the other story, but for the name. */
  const alike = (row: Fields): unknown => JSON.parse(JSON.stringify(row).replaceAll('nulls', 'absent'))

  test('is served alike, and the cases have it alike', async () => {
    const { answer } = await door.post([...absent, ...nulls])
    expect(answer).toMatchObject({ accepted: absent.length + nulls.length, errors: [] })
    await pipeline.drain()
    for (const [table, key] of [
      ['units', 'unit_id'],
      ['sales', 'order_line_id'],
    ]) {
      const served = await rows(
        `SELECT * EXCEPT (version, content) FROM ${table} FINAL WHERE match(${key}, '-(absent|nulls)$') ORDER BY ${key}`,
      )
      expect(served).toHaveLength(2)
      expect(served.map(alike)[1]).toEqual(served[0])
    }
    while ((await projectOnce()) > 0);
    for (const table of ['return_unit', 'rma', 'order_line', 'settlement', 'return_cost', 'case_event']) {
      const order = table === 'case_event' ? 'type' : 'id'
      const all = await pool().query<{ row: Fields }>(
        `SELECT to_jsonb(t) - '{hash,version}'::text[] AS row FROM ${table} t WHERE t.id ~ '(absent|nulls)' ORDER BY ${order}`,
      )
      const of = (name: string) =>
        all.rows.flatMap(({ row }) => (JSON.stringify(row).includes(name) ? [alike(row)] : []))
      expect(of('absent').length, table).toBeGreaterThan(0)
      expect(of('nulls'), table).toEqual(of('absent'))
    }
  })

  test('ClickHouse, the log and the archive agree, sum for sum', async () => {
    // What the cases said themselves on the way.
    await pipeline.drain()
    const { differences, served, rollups, pending } = await verify(pool(), pipeline.client)
    expect({ differences, stale: served.stale, rollups, pending }).toEqual({
      ...{ differences: [], stale: 0, rollups: [], pending: 0 },
    })
  })
})

test('of two contents under one identity, figures and cases keep the same, whichever file comes first', async () => {
  const request = (unit_id: string, comment: string | null, reason_code: string) => {
    const data = { unit_id, rma_id: 'R-twice', order_line_id: 'L-twice', sku: 'S-1', quantity: 1, reason_code, comment }
    const identity = { specversion: '1.0', id: unit_id, source: '/twice' }
    const event = { ...identity, type: 'return.requested.v1', time: '2026-03-05T10:00:00Z', data }
    // As a program writes that puts a space behind each colon.
    return JSON.stringify(event).replaceAll(/":/g, '": ')
  }
  const said = (id: string, withNull: boolean) =>
    withNull ? request(id, null, 'defective') : request(id, 'seam', 'too_small')
  const spared = (raw: string) => hashOf(raw.replaceAll('": ', '":').replace(',"comment":null', ''))
  const units = Array.from({ length: 40 }, (_, at) => `twice-${at}`).filter((id) => {
    const [one, other] = [said(id, true), said(id, false)]
    return hashOf(one) > hashOf(other) !== spared(one) > spared(other)
  })
  expect(units.length).toBeGreaterThan(4)
  // Of every other one the content with null is told first.
  for (const turn of [0, 1]) {
    const file = join(databases.dataDir, `twice-${turn}.ndjson`)
    writeFileSync(file, units.map((id, at) => said(id, at % 2 === turn)).join('\n'))
    await importFiles({ files: [file], archiveDir: join(databases.dataDir, 'archive') })
    while ((await projectOnce()) > 0);
  }
  const served = await rows(
    "SELECT unit_id AS id, reason FROM units FINAL WHERE startsWith(unit_id, 'twice-') ORDER BY id",
  )
  const cases = await pool().query(`SELECT id, reason FROM return_unit WHERE id LIKE 'twice-%' ORDER BY id COLLATE "C"`)
  expect(served).toHaveLength(units.length)
  expect(cases.rows).toEqual(served)
})

test('the same event with null and without is one event; null for what is required is told as missing', async () => {
  const event = receipt('twice')
  const nulls = { ...event, ...nothing(ATTRIBUTES), data: { ...event.data, serial: null, colour: null } }
  expect((await door.post([event, nulls])).answer).toMatchObject({ accepted: 1, duplicates: 1, conflicts: 0 })
  expect((await door.post(nulls)).answer).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 })
  const other = { ...nulls, data: { ...nulls.data, quantity: 2 } }
  expect((await door.post(other)).answer).toMatchObject({ accepted: 0, conflicts: 1 })
  // The sender's own bytes stay as they came.
  const first = { ...nulls, id: 'nulls first' }
  expect((await door.post(first)).answer).toMatchObject({ accepted: 1 })
  expect((await door.post({ ...event, id: 'nulls first' })).answer).toMatchObject({ duplicates: 1 })
  expect((await logged()).at(-1)?.body).toBe(JSON.stringify(first))

  const { answer } = await door.post(receipt('lacks', {}, { facility: null, serial: null }))
  const path = 'data.facility'
  const message = 'data.facility is missing. Add it: unit.received.v1 needs it.'
  expect(answer).toMatchObject({ accepted: 0, quarantined: 1, errors: [{ code: 'schema_invalid', message, path }] })
  expect((await quarantined()).at(-1)).toMatchObject({ event_id: 'lacks', reason: 'schema_invalid', path })
})
