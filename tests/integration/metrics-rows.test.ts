import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { buckets, startOfDate, type TimeUnit } from '../../lib/metrics/calendar'
import { METRICS, partOf } from '../../lib/metrics/definitions'
import { DIMENSIONS } from '../../lib/metrics/dimensions'
import { runEveryRow, runQuery, runRows } from '../../lib/metrics/run'
import type { Filter, QuerySpec, Row, RowsResult, Value } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { SHARED, TOGETHER } from '../setup/dimensions-together'
import { openPipeline } from '../setup/pipeline'
import { randomCompany } from '../setup/random-company'
import { reading } from '../setup/reader'

/** The number and its rows are one question: whatever is clicked, the rows that open add up to it. */
const databases = await freshDatabases()
const company = randomCompany(20_260_701)
const pipeline = await openPipeline(databases, company)
const client = readClient(databases.clickhouseReadUrl)
beforeAll(() => pipeline.deliver([company.events]).then(() => undefined))
afterAll(() => pipeline.close())

const reader = reading('rows:read')
const now = new Date('2026-06-20T14:11:12.345Z')
const deps = { client, now }
const base = { from: '2026-01-01', to: '2026-07-01', tz: 'Europe/Berlin' }

const exporter: Actor = { ...reader, permissions: new Set(['metrics:read', 'rows:export']) }

/** Money and counts to the last digit; what has an estimate or a mean in it, as doubles go. */
function same(metric: string, shown: Value, reckoned: Value) {
  const value = METRICS[metric]?.value
  const exact = value?.kind === 'part' && partOf(value.of).measure !== 'float'
  if (exact || shown === null || reckoned === null) expect(reckoned).toEqual(shown)
  else
    expect(Math.abs(Number(reckoned) - Number(shown))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(Number(shown))))
}

/** The metric's value from the sums of its rows. */
async function fromRows(spec: QuerySpec, metric: string): Promise<Value> {
  const definition = METRICS[metric]
  if (!definition) throw new Error(metric)
  const rows = (part: 'numerator' | 'denominator') => runRows(reader, spec, metric, { part, limit: 5000 }, deps)
  const of = await rows('numerator')
  checkPage(of)
  const { value } = definition
  if (value.kind === 'part') return of.sum
  const by = await rows('denominator')
  checkPage(by)
  if (value.kind !== 'ratio') return null
  return Number(by.sum) === 0 ? null : (Number(of.sum) / Number(by.sum)) * (value.times ?? 1)
}

/** All rows are here, each contributes, and they add up to the sum that is told. */
function checkPage({ rows, count, sum }: RowsResult) {
  expect(rows).toHaveLength(count)
  const total = rows.reduce((all, row) => all + Number(row.contribution), 0)
  expect(Math.abs(total - Number(sum))).toBeLessThanOrEqual(1e-4 * Math.max(1, rows.length))
}

const isSum = (id: string) => METRICS[id]?.value.kind === 'part' || METRICS[id]?.value.kind === 'ratio'
const ids = Object.keys(METRICS).filter(isSum)
const drawn = fc.constantFrom(...ids).chain((id) =>
  fc.record({
    id: fc.constant(id),
    by: fc.constantFrom(...(METRICS[id]?.dimensions ?? []).filter((by) => by !== 'hour')),
    basis: fc.constantFrom('cohort' as const, 'activity' as const),
    narrow: fc.constantFrom(...(METRICS[id]?.dimensions ?? []).filter((by) => DIMENSIONS[by]?.kind === 'code')),
    nth: fc.nat(1000),
  }),
)

const AT_ONCE = 55

/** What the metric is by its rows, each part of it read once for all metrics that have it. */
async function reckoned(spec: QuerySpec, id: string, sums: Map<string, Promise<number>>): Promise<Value> {
  const metric = METRICS[id]
  if (!metric) throw new Error(id)
  const { value } = metric
  const sum = (part: 'numerator' | 'denominator', partId: string) => {
    const key = `${partId} ${metric.bases.includes(spec.basis ?? 'cohort') ? spec.basis : metric.bases[0]}`
    const known = sums.get(key) ?? sumOfRows(spec, id, part, partId)
    sums.set(key, known)
    return known
  }
  const of = await sum('numerator', value.of)
  if (value.kind === 'part') return metric.unit === 'money' ? of.toFixed(4) : of
  const by = value.kind === 'ratio' ? await sum('denominator', value.by) : 0
  return by === 0 ? null : (of / by) * (value.kind === 'ratio' ? (value.times ?? 1) : 1)
}

async function sumOfRows(
  spec: QuerySpec,
  id: string,
  part: 'numerator' | 'denominator',
  partId: string,
): Promise<number> {
  // Each row of an estimate is rounded, and their sum is not the sum of what was rounded.
  if (partOf(partId).measure === 'float') return Number((await runRows(reader, spec, id, { part }, deps)).sum)
  const { rows } = await runEveryRow(exporter, spec, id, { part }, deps)
  // In the whole numbers that they are inside.
  const scale = partOf(partId).unit === 'milliseconds' ? 86_400_000 : 10_000
  let sum = 0
  for await (const some of rows) for (const row of some) sum += Math.round(Number(row.contribution) * scale)
  return sum / scale
}

describe('the rows behind a number', () => {
  test('are asked for every metric by every code that it is cut by', () => {
    const left = ids.flatMap((id) => {
      const known = METRICS[id]?.dimensions ?? []
      const asked = TOGETHER.filter((by) => by.every((name) => known.includes(name))).flat()
      return known
        .filter((name) => DIMENSIONS[name]?.kind === 'code' && !asked.includes(name))
        .map((name) => [id, name])
    })
    expect(left).toEqual([])
  })

  test.each(TOGETHER.map((by, index) => ({ by, index })))(
    'add up to it, for every metric by $by',
    async ({ by, index }) => {
      const asked = ids.filter((id) => by.every((name) => METRICS[id]?.dimensions.includes(name)))
      const others = SHARED.filter((id) => !by.includes(id))
      const narrow = others[(index * 3) % others.length] ?? ''
      const basis = index % 2 === 0 ? ('activity' as const) : ('cohort' as const)
      const spec = { ...base, by: [narrow], basis, metrics: ['sold_units'], filters: [] as Filter[] }
      const [, left] = (await runQuery(reader, spec, deps)).rows
      const filters: Filter[] = [{ dimension: narrow, op: 'not_in', values: [String(left?.[narrow])] }]
      const cells = new Map<string, Row[]>()
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const metrics = asked.slice(from, from + AT_ONCE)
        const { rows } = await runQuery(reader, { ...spec, metrics, by, filters }, deps)
        const keyOf = (row: Row) => JSON.stringify(by.map((name) => row[name]))
        for (const row of rows) cells.set(keyOf(row), [...(cells.get(keyOf(row)) ?? []), row])
      }
      // The cell of which most can be told: one that only half of the metrics have would leave the others unproven.
      const told = (rows: readonly Row[]) =>
        rows.flatMap((row) => Object.values(row)).filter((value) => value !== null && Number(value) !== 0).length
      const [rows = []] = [...cells.values()].toSorted((a, b) => told(b) - told(a))
      const whole = Object.assign({}, ...rows) as Row
      expect(rows.length).toBeGreaterThan(0)
      const narrowed: Filter[] = [
        ...filters,
        ...by.map((dimension): Filter => ({ dimension, op: 'eq', values: [String(whole[dimension])] })),
      ]
      const sums = new Map<string, Promise<number>>()
      const waiting = [...asked]
      const work = async () => {
        for (let id = waiting.shift(); id; id = waiting.shift()) {
          const shown = await reckoned({ ...spec, by: [], metrics: [id], filters: narrowed }, id, sums)
          const zero = METRICS[id]?.value.kind === 'part' ? (METRICS[id]?.unit === 'money' ? '0.0000' : 0) : shown
          const cell = whole[id]
          same(id, cell === undefined ? zero : cell, shown)
        }
      }
      await Promise.all([work(), work(), work(), work()])
    },
    60_000,
  )

  test('add up to it, for any metric, dimension, time and filter', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ id, by, basis, narrow, nth }) => {
        const ask = (filters: Filter[], dimensions: string[]) =>
          runQuery(reader, { ...base, metrics: [id], by: dimensions, basis, filters }, deps)
        // A filter with a value that occurs, and one cell of the table under it.
        const values = (await ask([], [narrow])).rows.map((row) => String(row[narrow]))
        const filters: Filter[] =
          values.length > 1 ? [{ dimension: narrow, op: 'not_in', values: [values[nth % values.length] ?? ''] }] : []
        const { rows } = await ask(filters, [by])
        const cell = rows[nth % Math.max(1, rows.length)]
        if (!cell) return
        const spec = specOf(cell, id, by, basis, filters)
        same(id, cell[id] ?? null, (await runQuery(reader, spec, deps)).totals[id] ?? null)
        same(id, cell[id] ?? null, await fromRows(spec, id))
      }),
      { numRuns: 12, seed: 4 },
    )
  }, 300_000)

  test('of a percentile are the units that it is taken of', async () => {
    const spec: QuerySpec = { ...base, metrics: [], by: [], filters: [] }
    const id = 'days_request_to_refund_p90'
    const value = Number((await runQuery(reader, { ...spec, metrics: [id] }, deps)).totals[id])
    const { rows, sum } = await runRows(reader, spec, id, { limit: 5000 }, deps)
    const lapses = rows
      .map((row) => ({
        days: (Date.parse(String(row.refunded_at)) - Date.parse(String(row.requested_at))) / 86_400_000,
        weight: Number(row.contribution),
      }))
      .toSorted((a, b) => a.days - b.days)
    const upTo = (index: number) => lapses.slice(0, index + 1).reduce((all, { weight }) => all + weight, 0)
    const found = lapses.find((_, index) => upTo(index) >= Math.ceil(0.9 * Number(sum)))
    expect(found?.days).toBe(value)
  })

  test('come in pages that neither overlap nor miss any', async () => {
    const spec: QuerySpec = { ...base, metrics: [], by: [], filters: [] }
    const all = await runRows(reader, spec, 'net_margin_impact', { limit: 5000 }, deps)
    const pages = []
    for (let offset = 0; offset < all.count; offset += 37) {
      pages.push(...(await runRows(reader, spec, 'net_margin_impact', { limit: 37, offset }, deps)).rows)
    }
    expect(pages).toEqual(all.rows)
  })

  test('cannot be had without the permission, and not of a denominator that is none', async () => {
    const spec: QuerySpec = { ...base, metrics: [], by: [], filters: [] }
    const outsider = { ...reader, permissions: new Set(['metrics:read'] as const) }
    await expect(runRows(outsider, spec, 'sold_units', {}, deps)).rejects.toMatchObject({ status: 403 })
    await expect(runRows(reader, spec, 'sold_units', { part: 'denominator' }, deps)).rejects.toMatchObject({
      parameter: 'part',
    })
    await expect(
      runRows(reader, spec, 'sold_units', { order: [{ column: 'secret', direction: 'asc' }] }, deps),
    ).rejects.toMatchObject({ parameter: 'order' })
  })
})

/** The question that a cell of a table asks: its value as a filter, or its bucket as the period, or as the instant of a stock. */
function specOf(cell: Row, id: string, by: string, basis: 'cohort' | 'activity', filters: Filter[]): QuerySpec {
  const whole = { ...base, metrics: [id], by: [], basis, filters }
  if (DIMENSIONS[by]?.kind === 'code') {
    return { ...whole, filters: [...filters, { dimension: by, op: 'eq', values: [String(cell[by])] }] }
  }
  const label = String(cell[by])
  const [bucket] = buckets(by as TimeUnit, label, startOfDate(base.to, base.tz), base.tz, 1)
  const next = new Date((bucket?.end ?? 0) + 12 * 3_600_000).toISOString().slice(0, 10)
  if (METRICS[id]?.asOf) return { ...whole, asOf: new Date(Math.min(bucket?.end ?? 0, now.getTime())).toISOString() }
  return { ...whole, from: [label, base.from].toSorted()[1] ?? label, to: [next, base.to].toSorted()[0] ?? next }
}

describe('a number under a dimension', () => {
  test('adds up to the total, where it is a sum', async () => {
    for (const id of [
      'net_margin_impact',
      'requested_units',
      'leakage_value',
      'refunded_value',
      'trapped_value',
      'claimable_value',
    ]) {
      for (const by of METRICS[id]?.dimensions.filter((each) => DIMENSIONS[each]?.kind === 'code') ?? []) {
        const { rows, totals } = await runQuery(reader, { ...base, metrics: [id], by: [by], filters: [] }, deps)
        const sum = rows.reduce((all, row) => all + Math.round(Number(row[id]) * 10_000), 0)
        expect([id, by, sum / 10_000]).toEqual([id, by, Number(totals[id])])
      }
    }
  }, 120_000)

  test('shares of the outcomes are one together', async () => {
    const rates = [
      'sellable_rate',
      'liquidated_rate',
      'vendor_rate',
      'scrapped_rate',
      'donated_rate',
      'lost_rate',
      'returned_to_customer_rate',
    ]
    const { rows } = await runQuery(reader, { ...base, metrics: rates, by: ['facility'], filters: [] }, deps)
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(rates.reduce((sum, id) => sum + Number(row[id] ?? 0), 0)).toBeCloseTo(1, 12)
  })

  test('a rate by what sales do not have is a contribution: they add up to the rate', async () => {
    const { rows, totals } = await runQuery(
      reader,
      { ...base, metrics: ['return_rate_units'], by: ['reason'], filters: [] },
      deps,
    )
    expect(rows.reduce((sum, row) => sum + Number(row.return_rate_units), 0)).toBeCloseTo(
      Number(totals.return_rate_units),
      12,
    )
  })
})

describe('the scope of the reader', () => {
  const scoped = (scope: Partial<Actor['scope']>): Actor => ({ ...reader, scope: { ...EVERYTHING, ...scope } })
  const metrics = [
    'return_rate_units',
    'net_sales',
    'net_margin_impact',
    'trapped_value',
    'claimable_value',
    'leakage_value',
    'refunded_value',
  ]
  test('is a filter on every sum', async () => {
    const spec: QuerySpec = { ...base, metrics, by: [], filters: [] }
    const filtered = (dimension: string, values: string[]) =>
      runQuery(reader, { ...spec, filters: [{ dimension, op: 'in', values }] }, deps)
    const limited = (scope: Partial<Actor['scope']>) => runQuery(scoped(scope), spec, deps)
    const channels = ['web', 'shop']
    expect((await limited({ channels })).totals).toEqual((await filtered('channel', channels)).totals)
    expect((await limited({ entities: ['us'] })).totals).toEqual((await filtered('entity', ['us'])).totals)
  })
  test('hides everything when it is empty, and rows as well', async () => {
    const nobody = scoped({ facilities: [] })
    const { totals } = await runQuery(
      nobody,
      { ...base, metrics: ['sold_units', 'requested_units', 'trapped_units'], by: [], filters: [] },
      deps,
    )
    expect(totals).toEqual({ sold_units: 0, requested_units: 0, trapped_units: 0 })
    expect((await runRows(nobody, { ...base, metrics: [], by: [], filters: [] }, 'sold_units', {}, deps)).count).toBe(0)
  })
  test('cannot be widened by a filter', async () => {
    const limited = scoped({ channels: ['web'] })
    const asked = await runQuery(
      limited,
      {
        ...base,
        metrics: ['sold_units'],
        by: ['channel'],
        filters: [{ dimension: 'channel', op: 'in', values: ['shop', 'web'] }],
      },
      deps,
    )
    expect(asked.rows.map((row) => row.channel)).toEqual(['web'])
  })
})
