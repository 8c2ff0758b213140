import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { buckets, startOfDate } from '../../lib/metrics/calendar'
import { runGroups } from '../../lib/metrics/groups'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec, Value } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { randomCompany } from '../setup/random-company'
import { reading } from '../setup/reader'

/** Estimates as of many instants take several statements: what they give is what each instant gives alone. */
const databases = await freshDatabases()
const company = randomCompany(20_261_130, { sales: 300 })
const pipeline = await openPipeline(databases, company)
const client = readClient(databases.clickhouseReadUrl)
beforeAll(() => pipeline.deliver([company.events]).then(() => undefined))
afterAll(() => pipeline.close())

const actor = reading()
const tz = 'Europe/Berlin'
const [from, to] = ['2026-03-23', '2026-04-06']
const deps = { client, now: new Date('2026-06-20T14:11:12.345Z') }
const ask = (spec: Partial<QuerySpec> & Pick<QuerySpec, 'metrics' | 'by'>) =>
  runQuery(actor, { from, to, tz, filters: [], basis: 'activity', ...spec }, deps)

const ESTIMATES = ['reserve_refund_liability', 'right_of_return_asset', 'open_exposure_value', 'trapped_expected_value']
const days = buckets('day', from, startOfDate(to, tz), tz, 100)
const of = (value: Value | undefined) => Number(value ?? 0)

describe('by day over two weeks, with the change of clocks in them', () => {
  test.each(ESTIMATES)('%s is on each day what it is as of its end', async (metric) => {
    const { rows, totals } = await ask({ metrics: [metric], by: ['day'] })
    expect(days).toHaveLength(14)
    expect(rows.map(({ day }) => day)).toEqual(days.map(({ label }) => label))
    for (const { label, end } of [days[0], days[6], days[7], days.at(-1)].filter((day) => day !== undefined)) {
      const alone = await ask({ metrics: [metric], by: [], asOf: new Date(end).toISOString() })
      expect(rows.find(({ day }) => day === label)?.[metric]).toBe(alone.totals[metric])
    }
    expect(of(totals[metric])).toBeGreaterThan(0)
  })

  test('beside sums of the day, in whatever order is asked for', async () => {
    const metrics = ['reserve_refund_liability', 'refunded_value', 'backlog_units']
    const [all, first, sums] = await Promise.all([
      ask({ metrics, by: ['day'] }),
      ask({ metrics, by: ['day'], order: [{ column: 'refunded_value', direction: 'desc' }], limit: 9 }),
      ask({ metrics: metrics.slice(1), by: ['day'] }),
    ])
    const apart = new Map(sums.rows.map((row) => [row.day, row]))
    for (const row of all.rows) {
      const { refunded_value = '0.0000', backlog_units = 0 } = apart.get(row.day ?? '') ?? {}
      expect(row).toMatchObject({ refunded_value, backlog_units })
    }
    expect(all.rows.some((row) => of(row.refunded_value) > 0)).toBe(true)
    const ranked = all.rows.toSorted(
      (a, b) => of(b.refunded_value) - of(a.refunded_value) || (String(a.day) < String(b.day) ? -1 : 1),
    )
    expect(first.rows).toEqual(ranked.slice(0, 9))
  })

  test('and by channel too', async () => {
    const spec = { metrics: ['reserve_refund_liability', 'requested_units'], by: ['week', 'channel'], to: '2026-05-04' }
    const { rows } = await ask(spec)
    expect(rows.length).toBeGreaterThan(10)
    for (const channel of ['web', 'amazon']) {
      const alone = await ask({
        ...spec,
        by: ['week'],
        filters: [{ dimension: 'channel', op: 'eq', values: [channel] }],
      })
      const own = rows.filter((row) => row.channel === channel)
      expect(own).toEqual(alone.rows.map(({ week, ...figures }) => ({ week, channel, ...figures })))
    }
  })

  test('and where the sales of a rate know no reason and stand beside its returns', async () => {
    const spec = { by: ['week', 'reason'], basis: 'cohort' as const, from: '2026-01-05', to: '2026-05-04' }
    const metrics = ['trapped_expected_value', 'return_rate_units']
    const [joined, ...alone] = await Promise.all([
      ask({ ...spec, metrics }),
      ...metrics.map((metric) => ask({ ...spec, metrics: [metric] })),
    ])
    for (const [index, metric] of metrics.entries()) {
      const own = new Map(alone[index]?.rows.map((row) => [`${row.week} ${row.reason}`, row[metric]]))
      const nothing = metric === 'return_rate_units' ? undefined : '0.0000'
      expect(own.size).toBeGreaterThan(5)
      for (const { week, reason, [metric]: value } of joined?.rows ?? []) {
        const expected = own.get(`${week} ${reason}`) ?? nothing
        if (expected !== undefined) expect(value).toEqual(expected)
        own.delete(`${week} ${reason}`)
      }
      expect([...own.keys()]).toEqual([])
    }
  })

  test('a page’s groups are the query’s rows', async () => {
    const spec = { metrics: ['open_exposure_value'], by: ['day'], from, to, tz, filters: [] }
    const [page, { rows }] = await Promise.all([runGroups(actor, spec, 40, deps), ask(spec)])
    expect(page.groups.map(({ keys, values }) => ({ day: keys[0], ...values }))).toEqual(rows)
  })
})

test('what takes more than a question may is told to whoever asks, not called a fault', async () => {
  const poor = createClient({
    url: databases.clickhouseUrl,
    clickhouse_settings: { max_memory_usage: '1' },
    log: { level: ClickHouseLogLevel.OFF },
  })
  const spec = { metrics: ['net_margin_impact'], by: ['sku'], from, to, tz, filters: [] }
  const asked = runQuery(actor, spec, { ...deps, client: poor })
  await expect(asked).rejects.toMatchObject({ code: 'takes_too_long', status: 503 })
  await poor.close()
})
