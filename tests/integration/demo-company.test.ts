import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startRelay } from '../../ingest/relay/relay'
import { type Service, startService } from '../../ingest/service/server'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { createKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec, Row } from '../../lib/metrics/types'
import { DAY, dateText, dayOf, HOUR } from '../../scripts/demo/calendar'
import { events, makeWorld } from '../../scripts/demo/company'
import { SOURCES } from '../../scripts/demo/emitter'
import { Figures } from '../../scripts/demo/figures'
import { DEMO_MONTHS, DEMO_SEED, fillDemo } from '../../scripts/demo/fill'
import { startLive } from '../../scripts/demo/live'
import { readRecord, writeRecord } from '../../scripts/demo/record'
import { FAILING_CARRIER, SPIKE } from '../../scripts/demo/story'
import { freshDatabases } from '../setup/databases'

/** The demo company goes in through the real ways, and the product's own metrics tell its story (docs/demo-company.md). */
const databases = await freshDatabases()
const SCALE = 0.06
/** Fixed, so that the season and the draws are always the same. */
const today = new Date('2026-11-16T15:00:00Z')
const expected = new Figures()
let service: Service
let relay: Awaited<ReturnType<typeof startRelay>>
const url = () => `http://127.0.0.1:${service.port}`

const actor: Actor = {
  kind: 'person',
  userId: 'test',
  name: 'Test',
  email: 'test@example.com',
  roles: [],
  permissions: new Set(['metrics:read']),
  scope: EVERYTHING,
}
/** A calendar date so many days before the history's last. */
const ago = (days: number) => dateText(dayOf(today.getTime()) - days)
const ask = (metrics: string[], by: string[], spec: Partial<QuerySpec> = {}) =>
  runQuery(actor, {
    metrics,
    by,
    from: ago(600),
    to: ago(-1),
    tz: 'UTC',
    filters: [],
    asOf: today.toISOString(),
    limit: 5000,
    ...spec,
  })
const only = (dimension: string, value: string) => ({ filters: [{ dimension, op: 'eq' as const, values: [value] }] })
const number = (row: Row | undefined, column: string): number => Number(row?.[column] ?? 0)
const total = async (metric: string, spec: Partial<QuerySpec> = {}) =>
  number((await ask([metric], [], spec)).totals, metric)
const by = async (metric: string, dimension: string, spec: Partial<QuerySpec> = {}) =>
  new Map((await ask([metric], [dimension], spec)).rows.map((row) => [String(row[dimension]), number(row, metric)]))

/** Until everything is delivered and the rollups of what was sold have followed: quiet twice in a row. */
async function arrived(): Promise<void> {
  let quiet = 0
  for (let tries = 0; tries < 600 && quiet < 2; tries++) {
    await sleep(250)
    const { rows } = await pool().query(
      `SELECT EXISTS (SELECT FROM event_log WHERE batch_id IS NULL) OR EXISTS (SELECT FROM batch WHERE state = 'sealed')
         OR EXISTS (SELECT FROM installation WHERE key = 'rollups_behind' AND value <> '[]'::jsonb) AS behind`,
    )
    quiet = rows[0].behind ? 0 : quiet + 1
  }
  if (quiet < 2) throw new Error('the relay did not deliver everything')
}
const counted = async (): Promise<Row> =>
  (
    await ask(
      ['sold_units', 'net_sales', 'requested_units', 'refunded_value', 'net_margin_impact', 'leakage_value'],
      [],
    )
  ).totals

beforeAll(async () => {
  service = await startService({ host: '127.0.0.1', port: 0 })
  relay = await startRelay()
  for (const event of events({ seed: DEMO_SEED, today, months: DEMO_MONTHS, scale: SCALE })) expected.add(event)
  const filled = await fillDemo({ today, scale: SCALE, ingestUrl: url(), dataDir: databases.dataDir })
  expect(filled?.events).toBe(expected.total)
  expect(filled?.recent).toBeGreaterThan(100)
  await arrived()
}, 300_000)

afterAll(async () => {
  await relay.stop()
  await service.stop()
})

describe('the numbers', () => {
  test('are those of its events', async () => {
    let sold = 0
    for (const sale of expected.sales.values()) sold += sale.quantity
    expect(await total('sold_units')).toBe(sold)
    let received = 0
    for (const unit of expected.units.values())
      if (!unit.split && unit.receivedAt > 0) received += unit.quantity || unit.receivedQuantity
    expect(await total('received_units')).toBe(received)
  })

  test('do not change when the filling is repeated after an interruption, and it is not repeated when done', async () => {
    const before = await counted()
    const record = await readRecord(databases.databaseUrl)
    if (!record) expect.fail('the filling left no record')
    expect(await fillDemo({ today, scale: SCALE, ingestUrl: url(), dataDir: databases.dataDir })).toBeUndefined()
    await writeRecord(databases.databaseUrl, { ...record, state: 'filling' })
    const again = await fillDemo({ today: new Date(), scale: 1, ingestUrl: url(), dataDir: databases.dataDir })
    expect(again?.events).toBe(expected.total)
    await arrived()
    expect(await counted()).toEqual(before)
  }, 180_000)
})

describe('the story', () => {
  test('a bad lot: the rate of one product, the defects of one supplier', async () => {
    const brand = only('brand', 'Aurora')
    const bad = await total('return_rate_units', { ...brand, from: ago(63), to: ago(28) })
    const usual = await total('return_rate_units', { ...brand, from: ago(400), to: ago(75) })
    expect(bad).toBeGreaterThan(2 * usual)
    const ppm = [...(await by('supplier_defect_ppm', 'supplier', { from: ago(63), to: ago(28) }))].sort(
      (a, b) => b[1] - a[1],
    )
    expect(ppm[0]?.[0]).toBe(SPIKE.supplier)
    expect(await total('claimed_value', only('supplier', SPIKE.supplier))).toBeGreaterThan(0)
  })

  test('a carrier that loses parcels', async () => {
    const lost = await by('lost_rate', 'carrier', { from: ago(24), to: ago(4) })
    const worst = [...lost].sort((a, b) => b[1] - a[1])[0]
    expect(worst?.[0]).toBe(FAILING_CARRIER)
    expect(worst?.[1]).toBeGreaterThan(0.03)
  })

  test('free returns: a higher rate in the EU shop, and no more fees', async () => {
    const shop = only('channel', 'web-eu')
    const since = await total('return_rate_units', { ...shop, from: ago(49), to: ago(32) })
    const before = await total('return_rate_units', { ...shop, from: ago(95), to: ago(56) })
    expect(since).toBeGreaterThan(before * 1.03)
    expect(await total('margin_fees', { ...shop, from: ago(7) })).toBeLessThan(
      0.2 * (await total('margin_fees', { ...shop, from: ago(70), to: ago(63) })),
    )
  })

  test('Łódź without a night shift: a growing queue and longer waits, there alone', async () => {
    const now = await by('backlog_units', 'facility')
    const then = await by('backlog_units', 'facility', { asOf: new Date(today.getTime() - 43 * DAY).toISOString() })
    const grown = (facility: string) => (now.get(facility) ?? 0) / (then.get(facility) ?? 1)
    expect(grown('lodz')).toBeGreaterThan(1.6)
    expect(grown('lodz')).toBeGreaterThan(1.3 * grown('venlo'))
    const wait = await by('days_receipt_to_inspection_p50', 'facility', { from: ago(14) })
    expect(wait.get('lodz')).toBeGreaterThan(2 * (wait.get('venlo') ?? 0))
    const hours = [...(await by('inspected_units', 'hour', { ...only('facility', 'lodz'), from: ago(40), to: ago(0) }))]
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Warsaw', hour: '2-digit', hourCycle: 'h23' })
    expect(hours.length).toBeGreaterThan(20)
    for (const [hour] of hours) expect(Number(clock.format(new Date(hour))), hour).toSatisfy((h) => h >= 6 && h < 22)
  })

  test('a family of shoes that runs small', async () => {
    const family = only('brand', 'Norrland')
    const reasons = [...(await by('requested_units', 'reason', family))].sort((a, b) => b[1] - a[1])
    expect(reasons[0]?.[0]).toBe('too_small')
    expect((reasons[0]?.[1] ?? 0) / reasons.reduce((sum, [, units]) => sum + units, 0)).toBeGreaterThan(0.6)
    const rates = await by('return_rate_units', 'brand', { from: ago(500), to: ago(75) })
    expect(rates.get('Norrland')).toBeGreaterThan(1.25 * (rates.get('Calder') ?? 1))
  })

  test('a ring that sends back empty boxes and other things: wrong-item leakage of electronics, found by the inspection', async () => {
    const electronics = only('category', 'electronics')
    const ring = { from: ago(125), to: ago(0) }
    const before = { from: ago(400), to: ago(135) }
    const leaked = await by('leakage_value', 'leakage_category', { ...electronics, ...ring })
    const usual = await by('leakage_value', 'leakage_category', { ...electronics, ...before })
    const refunds = await total('refunded_value', { ...electronics, ...ring })
    const refundsBefore = await total('refunded_value', { ...electronics, ...before })
    const rate = (category: string) => (leaked.get(category) ?? 0) / refunds
    const rateBefore = (category: string) => (usual.get(category) ?? 0) / refundsBefore
    expect(Math.max(...leaked.values())).toBe(leaked.get('wrong_item'))
    expect(rate('wrong_item')).toBeGreaterThan(10 * rateBefore('wrong_item'))
    expect(rate('wrong_item')).toBeGreaterThan(0.03)
    expect(rate('never_received')).toBeGreaterThan(1.3 * rateBefore('never_received'))
    const wrong = await by('leakage_value', 'category', { ...only('leakage_category', 'wrong_item'), ...ring })
    expect(wrong.get('electronics')).toBeGreaterThan(0.8 * [...wrong.values()].reduce((a, b) => a + b, 0))
    const found = async (period: { from: string; to: string }) => {
      const findings = await by('inspected_units', 'finding', { ...electronics, ...period })
      const all = [...findings.values()].reduce((a, b) => a + b, 0)
      return ((findings.get('empty_box') ?? 0) + (findings.get('wrong_item_returned') ?? 0)) / all
    }
    expect(await found(ring)).toBeGreaterThan(5 * (await found(before)))
  })

  test('a year: nearly twice the requests in January, and in every week most of them on its Monday', async () => {
    const months = await by('requested_units', 'month')
    const usual = ['2025-09', '2025-10', '2026-03', '2026-04', '2026-05', '2026-06'].map(
      (month) => months.get(`${month}-01`) ?? 0,
    )
    const times = (months.get('2026-01-01') ?? 0) / (usual.reduce((a, b) => a + b) / usual.length)
    expect(times).toBeGreaterThan(1.5)
    expect(times).toBeLessThan(2.2)
    const weekdays = new Array<number>(7).fill(0)
    for (const [day, requests] of await by('requested_units', 'day')) {
      const weekday = new Date(day).getUTCDay()
      weekdays[weekday] = (weekdays[weekday] ?? 0) + requests
    }
    const [, monday = 0, , wednesday = 0] = weekdays
    expect(Math.max(...weekdays)).toBe(monday)
    expect(monday / wednesday).toBeGreaterThan(1.5)
    expect(monday / wednesday).toBeLessThan(2.6)
  })

  test('products that get worse: a higher rate, and far more defects, of what was sold from then on', async () => {
    const { catalogue } = makeWorld({ seed: DEMO_SEED, today, months: DEMO_MONTHS, scale: SCALE })
    const worseFrom = new Map(catalogue.products.map(({ id, worseFrom }) => [id, worseFrom]))
    const worse = [...worseFrom].filter(([, days]) => days > 0).map(([id]) => id)
    const products = { dimension: 'product', op: 'in' as const, values: worse }
    const defects = { dimension: 'reason', op: 'in' as const, values: ['defective', 'quality'] }
    /** A sum over what was sold before, and since, and long enough ago to have come back. */
    const split = async (metric: string, filters: QuerySpec['filters']) => {
      const sums = { before: 0, since: 0 }
      const spec = { filters, basis: 'cohort' as const, to: ago(35) }
      for (const row of (await ask([metric], ['product', 'day'], spec)).rows)
        sums[String(row.day) > ago(worseFrom.get(String(row.product)) ?? 0) ? 'since' : 'before'] += number(row, metric)
      return sums
    }
    const sold = await split('sold_units', [products])
    const back = await split('requested_units', [products])
    const bad = await split('requested_units', [products, defects])
    expect(sold.since).toBeGreaterThan(200)
    expect(back.since / sold.since).toBeGreaterThan(back.before / sold.before)
    expect(bad.since / sold.since).toBeGreaterThan(3 * (bad.before / sold.before))
  })

  test('rates as the page says: by category in the own shops, on the marketplace, and of reasons that are borne out', async () => {
    const shops = { filters: [{ dimension: 'channel', op: 'in' as const, values: ['web-eu', 'web-us'] }] }
    const rates = await by('return_rate_units', 'category', { ...shops, to: ago(75) })
    for (const [category, rate, tolerance] of [
      ['apparel', 0.28, 0.03],
      ['footwear', 0.27, 0.035],
      ['electronics', 0.12, 0.02],
      ['home', 0.09, 0.015],
      ['beauty', 0.06, 0.01],
    ] as const)
      expect(Math.abs((rates.get(category) ?? 0) - rate), category).toBeLessThan(tolerance)
    expect(Math.abs((await total('return_rate_units', { to: ago(75) })) - 0.106)).toBeLessThan(0.015)
    const channels = await by('return_rate_units', 'channel', { ...only('category', 'home'), to: ago(75) })
    expect(Math.abs((channels.get('amazon-de') ?? 0) / (channels.get('web-eu') ?? 1) - 0.8)).toBeLessThan(0.2)
    expect(Math.abs((await total('reason_confirmed_rate')) - 0.8)).toBeLessThan(0.05)
  })

  test('leakage of every category, a few percent of what was refunded', async () => {
    const categories = await by('leakage_value', 'leakage_category')
    for (const value of categories.values()) expect(value).toBeGreaterThan(0)
    expect(categories.size).toBe(13)
    const rate = await total('leakage_rate')
    expect(rate).toBeGreaterThan(0.015)
    expect(rate).toBeLessThan(0.07)
  })

  test('suppliers that pay back part of their faults, and claims that were forgotten', async () => {
    const mature = { from: ago(500), to: ago(150), basis: 'cohort' as const }
    const rate = await total('supplier_recovery_rate', mature)
    expect(rate).toBeGreaterThan(0.35)
    expect(rate).toBeLessThan(0.8)
    expect(await total('missed_claim_value')).toBeGreaterThan(0)
  })

  test('returns that cost margin, with parts that add up', async () => {
    const { totals } = await ask(['net_margin_impact', 'net_sales'], [], { from: ago(400), to: ago(0) })
    expect(number(totals, 'net_margin_impact')).toBeLessThan(0)
    const parts = await by('net_margin_impact', 'component', { from: ago(400), to: ago(0) })
    const sum = [...parts.values()].reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(number(totals, 'net_margin_impact'), 2)
    expect(parts.size).toBeGreaterThan(10)
  })
})

test('the live company goes on from there, catches up, and repeats nothing after a restart', async () => {
  const { key } = await createKey({ scopes: ['events:write'], sources: SOURCES })
  const record = await readRecord(databases.databaseUrl)
  if (!record) expect.fail('the filling left no record')
  const logged = async () => Number((await pool().query('SELECT count(*) AS n FROM event_log')).rows[0].n)
  const runFor = async (from: number, milliseconds: number) => {
    const stop = new AbortController()
    const started = Date.now()
    let told = from
    const running = startLive({
      ingestUrl: url(),
      apiKey: key,
      record,
      from,
      // Its clock stands at the end of the history.
      clock: () => today.getTime() + Date.now() - started,
      onTold: (until) => {
        told = until
      },
      signal: stop.signal,
    }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error
    })
    while (told <= from) await sleep(100)
    await sleep(milliseconds)
    stop.abort()
    await running
    return told
  }
  const before = await logged()
  // The last two hours are told again: they are there already.
  const told = await runFor(today.getTime() - 2 * HOUR, 4000)
  const after = await logged()
  expect(told).toBeGreaterThan(today.getTime())
  expect(after).toBeGreaterThan(before)
  await arrived()
  const conflicts = await pool().query('SELECT count(*) AS n FROM quarantine')
  expect(Number(conflicts.rows[0].n)).toBe(0)
  await runFor(told - HOUR, 500)
  expect(Number((await pool().query('SELECT count(*) AS n FROM quarantine')).rows[0].n)).toBe(0)
}, 120_000)
