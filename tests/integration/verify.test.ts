import { afterAll, describe, expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { BAD_INPUT, NOW } from '../../ingest/contract/fixtures/bad-input'
import { readEvent } from '../../ingest/contract/read'
import { acceptEvents } from '../../ingest/log/accept'
import { projectOnce } from '../../ingest/projector/projector'
import { rebuild } from '../../ingest/relay/rebuild'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())
const client = writeClient()
const command = (query: string) => client.command({ query, clickhouse_settings: { mutations_sync: '2' } })

const CLEAN = { differences: [], rollups: [], served: { stale: 0, rows: [] }, pending: 0 }

let counter = 0
const event = (type: string, data: object, more: object = {}) =>
  JSON.stringify({
    ...{ specversion: '1.0', id: `v${++counter}`, source: '/v', type, time: '2026-03-02T10:00:00Z' },
    ...more,
    data,
  })
const receipt = (unit: string, data: object = {}) =>
  event('unit.received.v1', { unit_id: unit, facility: 'venlo', quantity: 2, ...data })

/** Takes texts in as the door does, without asking whether they are events any more: as an earlier version may have. */
const take = (raws: readonly string[]) =>
  acceptEvents(
    pool(),
    raws.map((raw) => ({ raw, event: JSON.parse(raw) })),
    'test',
  )

describe('whatever the door takes', () => {
  // Each an event of its own, where the list gives all of them one identity.
  const accepted = BAD_INPUT.filter(({ outcome }) => outcome === 'accepted').map(({ raw }, index) =>
    raw.toString().replace('"id":"bad-1"', `"id":"bad-${index}"`).replace('"cost_id":"K-1"', `"cost_id":"K-${index}"`),
  )

  test('the list of odd input is large enough, and each is an event', () => {
    expect(accepted.length).toBeGreaterThan(10)
    for (const raw of accepted) expect(readEvent(raw, NOW).ok, raw.slice(0, 300)).toBe(true)
  })

  test('comes into the cases, and verify finds it in ClickHouse', async () => {
    expect(new Set(await take(accepted))).toEqual(new Set(['accepted']))
    await pipeline.drain()
    while ((await projectOnce()) > 0);
    const { rows } = await pool().query("SELECT count(*)::int AS n FROM case_event WHERE source = '/wms/ams1'")
    // Postings are not about a case.
    expect(rows).toEqual([{ n: accepted.filter((raw) => !raw.includes('journal.posted')).length }])
    expect(
      await pool()
        .query('SELECT reason, message FROM quarantine')
        .then(({ rows }) => rows),
    ).toEqual([])
    const found = await verify(pool(), client)
    expect(found).toMatchObject(CLEAN)
    expect(found.events).toBe(BigInt(accepted.length))
  })

  test('so does what an earlier version took: U+0000, and numbers beyond any other', async () => {
    await take([
      receipt('nul-1', { comment: 'left\u0000right', 'na\u0000me': ['\u0000'] }),
      receipt('nul-2').replace('"quantity":2', '"quantity":2,"x":1e999999'),
      event('sale.shipped.v1', {
        ...{
          order_id: 'nul',
          order_line_id: 'nul-l',
          sku: 'A',
          quantity: 1,
          net_amount: 5,
          currency: 'EUR',
          channel: 'web',
        },
        product_name: 'Boot\u0000',
      }),
      receipt('after'),
    ])
    await pipeline.drain()
    while ((await projectOnce()) > 0);
    const { rows } = await pool().query(
      `SELECT u.id, c.data->>'comment' AS comment FROM return_unit u JOIN case_event c ON c.unit_id = u.id
       WHERE u.id IN ('nul-1', 'nul-2', 'after') ORDER BY u.id`,
    )
    expect(rows).toEqual([
      { id: 'after', comment: null },
      { id: 'nul-1', comment: 'left\ufffdright' },
      { id: 'nul-2', comment: null },
    ])
    expect((await pool().query("SELECT name FROM product WHERE sku = 'A'")).rows).toEqual([{ name: 'Boot\ufffd' }])
    expect(await verify(pool(), client)).toMatchObject(CLEAN)
  })
})

test('an event that the cases cannot follow is set aside, and what comes with it and after it goes on', async () => {
  const sold = (line: string, quantity: number) =>
    event('sale.shipped.v1', {
      ...{ order_id: 'p', order_line_id: line, sku: 'P', quantity, net_amount: 5, currency: 'EUR', channel: 'web' },
    })
  // More pieces than the cases can count: the door refuses that now.
  await take([sold('p1', 1), receipt('p-u1'), sold('p2', 3e9), receipt('p-u2'), sold('p3', 4e9)])
  await pipeline.drain()
  await take([receipt('p-u3')])
  await pipeline.drain()
  // It may be about the moment: the batch is tried again before it is looked through.
  await expect(projectOnce()).rejects.toThrow()
  await expect(projectOnce()).rejects.toThrow()
  while ((await projectOnce()) > 0);
  const { rows: lines } = await pool().query("SELECT id FROM order_line WHERE id LIKE 'p_' ORDER BY id")
  expect(lines).toEqual([{ id: 'p1' }])
  const { rows: units } = await pool().query("SELECT id FROM return_unit WHERE id LIKE 'p-u_' ORDER BY id")
  expect(units.map(({ id }) => id)).toEqual(['p-u1', 'p-u2', 'p-u3'])
  const { rows: aside } = await pool().query(
    "SELECT source, message, raw, origin FROM quarantine WHERE reason = 'case_poison' ORDER BY id",
  )
  expect(aside.map(({ raw }) => JSON.parse(raw.toString()).data.order_line_id).sort()).toEqual(['p2', 'p3'])
  expect(aside[0]).toMatchObject({
    source: '/v',
    origin: 'projector',
    message: expect.stringMatching(/cannot follow it: .*out of range.*Send a correction with a higher revision/),
  })
})

test('names of another type mean nothing where they stand, and are no difference', async () => {
  await pipeline.deliver([
    [
      receipt('u1', { amount: '12.50', net_amount: 7 }),
      event('settlement.paid.v1', {
        ...{ settlement_id: 's1', unit_id: 'u1', kind: 'refund', amount: '9.99', currency: 'EUR' },
        ...{ quantity: 3, net_amount: '1.00' },
      }),
      event('sale.shipped.v1', {
        ...{ order_id: 'o1', order_line_id: 'l1', sku: 'B', quantity: 1, net_amount: '20.00', currency: 'EUR' },
        ...{ channel: 'web', amount: '4.00' },
      }),
      event('journal.posted.v1', {
        ...{ entry_id: 'j1', cause_id: 's1', period: '2026-03', currency: 'EUR', quantity: 8, amount: 1 },
        lines: [
          { account: 'a', debit: 1 },
          { account: 'b', credit: 1 },
        ],
      }),
      event('stock.adjusted.v1', {
        ...{ adjustment_id: 'a1', facility: 'venlo', location: 'A', sku: 'B', status: 'sellable', quantity: -2 },
        ...{ amount: '3.00', count_id: 'not this' },
      }),
    ],
  ])
  expect(await verify(pool(), client)).toMatchObject(CLEAN)
})

test('nothing is dropped without the secret that customers are hashed with', async () => {
  const secret = process.env.BACKHAUL_SECRET
  delete process.env.BACKHAUL_SECRET
  rereadEnv()
  try {
    await expect(rebuild(pool(), client, databases.clickhouseUrl)).rejects.toThrow(
      /^BACKHAUL_SECRET is not set\. Set it to the secret of this installation/,
    )
  } finally {
    process.env.BACKHAUL_SECRET = secret
    rereadEnv()
  }
  expect(await verify(pool(), client)).toMatchObject(CLEAN)
})

test('a served row that is not what its facts imply is named, with what differs', async () => {
  await command("ALTER TABLE units UPDATE quantity = 7, content = 1 WHERE unit_id = 'u1'")
  await command("ALTER TABLE sales DELETE WHERE order_line_id = 'l1'")
  const { served } = await verify(pool(), client)
  expect(served.stale).toBe(2)
  expect(served.rows).toEqual([
    {
      kind: 'unit',
      key: 'u1',
      differs: ['quantity: facts 2, served 7', expect.stringMatching(/^content: facts \d+, served 1$/)],
    },
    { kind: 'line', key: 'l1', differs: ['is not served'] },
  ])
})
