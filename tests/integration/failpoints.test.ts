import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { checkEvent } from '../../ingest/contract/validate'
import { acceptEvents } from '../../ingest/log/accept'
import { recall } from '../../ingest/relay/state'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { drained } from '../../scripts/chaos/storm'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
const ROOT = join(import.meta.dirname, '../..')

/** A relay in a process of its own, which may kill itself at a named place. */
const startRelay = (failpoint: string) =>
  spawn(
    process.execPath,
    ['--import=tsx', `--import=${join(ROOT, 'scripts/servers/with-parent.mjs')}`, 'ingest/main.ts', 'relay'],
    {
      cwd: ROOT,
      env: { ...process.env, FAILPOINT: failpoint, BACKHAUL_LOG: 'error' },
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  )

let id = 0
const event = (type: string, time: string, data: (n: number) => Record<string, unknown>) => {
  id += 1
  const raw = JSON.stringify({ specversion: '1.0', id: `e${id}`, source: '/failpoints', type, time, data: data(id) })
  const checked = checkEvent(JSON.parse(raw), Date.now())
  if (!checked.ok) throw new Error(checked.message)
  return { raw, event: checked.event }
}
const cost = () =>
  event('cost.incurred.v1', '2026-01-01T00:00:00Z', (n) => {
    return { cost_id: `c${n}`, unit_id: `u${n % 5}`, kind: 'labor', amount: '2.50', currency: 'EUR' }
  })
const sale = (month: string) =>
  event('sale.shipped.v1', `${month}-15T12:00:00Z`, (n) => {
    const money = { net_amount: '10', currency: 'EUR' }
    return { order_id: `o${n}`, order_line_id: `l${n}`, sku: 'sku', quantity: 1, channel: 'web', ...money }
  })

async function one<T>(query: string): Promise<T | undefined> {
  const result = await writeClient().query({ query, format: 'JSONEachRow' })
  return (await result.json<T>())[0]
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 100_000; !(await what()); await sleep(100))
    if (Date.now() > deadline) throw new Error('it did not happen within 100 seconds')
}

async function relayUntil(work: () => Promise<void>): Promise<void> {
  const relay = startRelay('')
  try {
    await work()
  } finally {
    relay.kill('SIGTERM')
    await once(relay, 'exit')
  }
}

const exact = { differences: [], rollups: [], served: { stale: 0 }, pending: 0 }
let costs = 0

describe('a relay that dies', () => {
  // A month of its own for each: nothing but what the dead relay wrote down brings its rollup up to date.
  test.each([
    ['after_seal', '2024-01'],
    ['after_send', '2024-02'],
    ['before_mark', '2024-03'],
    ['after_mark', '2024-04'],
  ])('at %s is followed by one that ends the work exactly', { timeout: 240_000 }, async (point, month) => {
    await acceptEvents(pool(), [...Array.from({ length: 40 }, cost), sale(month), sale(month)], 'test')
    costs += 40
    const dying = startRelay(point)
    const [, signal] = await once(dying, 'exit')
    expect(signal).toBe('SIGKILL')
    await relayUntil(drained)
    expect(await verify(pool(), writeClient())).toMatchObject(exact)
    expect(await one('SELECT toString(sum(arraySum(money.amount))) AS s FROM units FINAL')).toEqual({
      s: String(costs * -25_000),
    })
    expect(
      await one(`SELECT toString(sum(net)) AS net FROM sales_slot WHERE toYYYYMM(slot) = ${month.replace('-', '')}`),
    ).toEqual({ net: '200000' })
  })
})

describe('ClickHouse started anew after a power cut', () => {
  test('has what it lost looked for at once, however long the power was away', { timeout: 240_000 }, async () => {
    const lost = 'c1'
    for (const table of ['unit_refs', 'ref_units'])
      await writeClient().command({
        query: `ALTER TABLE ${table} DELETE WHERE ref = '${lost}' SETTINGS mutations_sync = 1`,
      })
    await writeClient().command({ query: 'ALTER TABLE sale_events DELETE WHERE 1 SETTINGS mutations_sync = 1' })
    await pool().query("UPDATE batch SET delivered_at = delivered_at - interval '10 hours'")
    await pool().query(`UPDATE installation SET value = value || '{"started": 1}' WHERE key = 'sweep'`)
    await relayUntil(async () => {
      await until(async () => ((await recall(pool(), 'sweep', { started: 1 })).started ?? 1) > 1)
      await drained()
    })
    expect(await verify(pool(), writeClient())).toMatchObject(exact)
    expect(await one(`SELECT ref FROM unit_refs WHERE ref = '${lost}'`)).toEqual({ ref: lost })
  })
})
