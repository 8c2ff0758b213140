import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { readClient, writeClient } from '../../clickhouse/client'
import { rebuildRollups } from '../../clickhouse/derive/rollups'
import { addDays, dateOf, TIME_UNITS, type TimeUnit } from '../../lib/metrics/calendar'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { reading } from '../setup/reader'

/** Time is cut by the zone's own calendar, clock changes included, whichever table the sums come from. */
const databases = await freshDatabases()
const writer = writeClient(databases.clickhouseUrl)
const client = readClient(databases.clickhouseReadUrl)

const reader = reading()
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Adelaide',
  'America/St_Johns',
  'Pacific/Auckland',
]
const HOUR = 3_600_000
const T = Date.parse('2026-11-20T12:34:56.789Z')

/** Sales around the clock changes of spring and autumn, and every seven and a bit hours between, some after T. */
const instants = [
  ...Array.from({ length: 200 }, (_, i) => Date.parse('2026-03-28T00:00:00Z') + i * 900_000 - (i % 3)),
  ...Array.from({ length: 200 }, (_, i) => Date.parse('2026-10-24T00:00:00Z') + i * 900_000 - (i % 3)),
  ...Array.from({ length: 900 }, (_, i) => Date.parse('2026-02-01T00:00:00Z') + i * 27_000_001),
]
const sold = instants.map((at, i) => ({ at, quantity: 1 + (i % 4), sku: `sku-${i % 3}`, channel: `c${i % 2}` }))

beforeAll(async () => {
  const time = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 23)
  const sales = sold.map(({ at, quantity, sku, channel }, i) => ({
    sold_day: time(at).slice(0, 10),
    order_line_id: `l${i}`,
    version: 1,
    sold_at: time(at),
    sku,
    channel,
    quantity,
    net: quantity * 1_234_567,
  }))
  const units = sold.map(({ at, quantity, sku, channel }, i) => ({
    cohort_day: time(at).slice(0, 10),
    unit_id: `u${i}`,
    version: 1,
    sold_at: time(at),
    requested_at: time(at),
    has_sale: 1,
    returned: 1,
    sku,
    channel,
    quantity,
    full_quantity: quantity,
  }))
  const clickhouse_settings = { max_partitions_per_insert_block: '0' as never }
  await writer.insert({ table: 'sales', values: sales, format: 'JSONEachRow', clickhouse_settings })
  await writer.insert({ table: 'units', values: units, format: 'JSONEachRow', clickhouse_settings })
  const months = new Set(sales.map(({ sold_day }) => Number(sold_day.slice(0, 7).replace('-', ''))))
  await rebuildRollups({ client: writer, reporting: 'EUR', nextGeneration: async () => 2n }, months)
})

const ask = (spec: Partial<QuerySpec> & { metrics: string[]; from: string; to: string }) =>
  runQuery(reader, { by: [], tz: 'UTC', filters: [], ...spec }, { client, now: new Date(T) })

/** The bucket of an instant, by the platform's own calendar and nothing of ours. */
function bucketOf(at: number, unit: TimeUnit, tz: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: tz,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  if (unit === 'hour') {
    const since = Number(parts.minute) * 60_000 + Number(parts.second) * 1000 + Number(parts.fractionalSecond)
    return new Date(at - since).toISOString()
  }
  const month = Number(parts.month)
  if (unit === 'month') return `${parts.year}-${parts.month}-01`
  if (unit === 'quarter') return `${parts.year}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`
  const day = new Date(Date.UTC(Number(parts.year), month - 1, Number(parts.day)))
  if (unit === 'week') day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

describe('sums by time', () => {
  test('are those of the zone’s calendar, from rollups and from rows alike', async () => {
    const zone = fc.constantFrom(...ZONES)
    const start = fc.integer({ min: 0, max: 280 }).map((days) => addDays('2026-02-01', days))
    await fc.assert(
      fc.asyncProperty(
        zone,
        fc.constantFrom(...TIME_UNITS),
        start,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (tz, unit, from, length, bySku) => {
          const to = addDays(from, length)
          const by = bySku ? [unit, 'sku'] : [unit]
          const answer = await ask({
            metrics: ['sold_units', 'requested_units', 'net_sales'],
            basis: 'activity',
            by,
            tz,
            from,
            to,
          })
          const expected = new Map<string, number>()
          for (const { at, quantity, sku } of sold) {
            if (at > T || dateOf(at, tz) < from || dateOf(at, tz) >= to) continue
            const key = [bucketOf(at, unit, tz), ...(bySku ? [sku] : [])].join()
            expected.set(key, (expected.get(key) ?? 0) + quantity)
          }
          const found = answer.rows.map((row) => [by.map((id) => row[id]).join(), row.sold_units, row.requested_units])
          const wanted = [...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, n]) => [key, n, n])
          expect(found.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual(wanted)
          const all = [...expected.values()].reduce((sum, n) => sum + n, 0)
          expect(answer.totals).toEqual({
            sold_units: all,
            requested_units: all,
            net_sales: (all * 123.4567).toFixed(4),
          })
        },
      ),
      { numRuns: 50, seed: 7 },
    )
  }, 120_000)

  test('the day of the clock change has 23 hours, or 25', async () => {
    const hours = async (from: string) =>
      (await ask({ metrics: ['sold_units'], by: ['hour'], tz: 'Europe/Berlin', from, to: addDays(from, 1) })).rows.map(
        (row) => String(row.hour),
      )
    expect(await hours('2026-03-29')).toHaveLength(23)
    const autumn = await hours('2026-10-25')
    expect(autumn).toHaveLength(25)
    expect(Date.parse(autumn[24] ?? '') - Date.parse(autumn[0] ?? '')).toBe(24 * HOUR)
  })
})

describe('as of an instant', () => {
  test('what is dated after it does not count, to the millisecond', async () => {
    const at = instants.find((each) => each % 900_000 !== 0 && each > Date.parse('2026-05-01')) ?? 0
    const upTo = async (instant: number) =>
      (
        await ask({
          metrics: ['sold_units', 'requested_units'],
          from: '2026-02-01',
          to: '2026-12-01',
          asOf: new Date(instant).toISOString(),
        })
      ).totals
    const count = (instant: number) =>
      sold.filter((sale) => sale.at <= instant).reduce((sum, { quantity }) => sum + quantity, 0)
    for (const instant of [at - 1, at, at + 1, Math.floor(at / HOUR) * HOUR]) {
      expect(await upTo(instant)).toEqual({ sold_units: count(instant), requested_units: count(instant) })
    }
  })
})

describe('a comparison', () => {
  test('of a period that still runs is with the same elapsed part', async () => {
    const { comparison, totals } = await ask({
      metrics: ['sold_units'],
      from: '2026-11-16',
      to: '2026-11-23',
      compare: 'previous_period',
      tz: 'Europe/Berlin',
    })
    expect([comparison?.from, comparison?.to]).toEqual(['2026-11-09', '2026-11-16'])
    const within = (from: string, to: number) =>
      sold.filter(({ at }) => at >= Date.parse(from) && at <= to).reduce((sum, { quantity }) => sum + quantity, 0)
    expect(totals.sold_units).toBe(within('2026-11-15T23:00:00Z', T))
    expect(comparison?.totals.sold_units).toBe(within('2026-11-08T23:00:00Z', T - 7 * 24 * HOUR))
  })
  test('has the rows of the same groups, and by time its own', async () => {
    const spec = { metrics: ['sold_units'], from: '2026-10-12', to: '2026-10-19', compare: 'previous_period' } as const
    const grouped = await ask({ ...spec, metrics: ['sold_units'], by: ['channel'] })
    expect(grouped.comparison?.rows.map((row) => row.channel)).toEqual(grouped.rows.map((row) => row.channel))
    const daily = await ask({ ...spec, metrics: ['sold_units'], by: ['day'] })
    expect(daily.comparison?.rows.map((row) => row.day)).toEqual(daily.rows.map((row) => addDays(String(row.day), -7)))
  })
})

describe('order and limit', () => {
  test('a list is cut after it is ordered; what has no value stands last', async () => {
    const spec = { metrics: ['return_rate_units', 'sold_units'], by: ['sku'], from: '2026-02-01', to: '2026-12-01' }
    const all = await ask({ ...spec, order: [{ column: 'sold_units', direction: 'asc' }] })
    const first = await ask({ ...spec, order: [{ column: 'sold_units', direction: 'asc' }], limit: 2 })
    expect(first.rows).toEqual(all.rows.slice(0, 2))
    expect(first.totals).toEqual(all.totals)
    expect(all.rows.map((row) => Number(row.sold_units))).toEqual(
      all.rows.map((row) => Number(row.sold_units)).toSorted((a, b) => a - b),
    )
  })
  test('without a limit nothing is left out in silence', async () => {
    const hours = { metrics: ['sold_units'], by: ['hour', 'sku', 'channel'], from: '2026-02-01', to: '2026-12-01' }
    expect((await ask(hours)).rows.length).toBeGreaterThan(1000)
    await expect(ask({ ...hours, limit: 0 })).rejects.toMatchObject({ parameter: 'limit' })
  })
})
