import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClient } from '../../clickhouse/client'
import { EVERYTHING } from '../../lib/auth/actor'
import { filterOptions, freshness, overview } from '../../lib/metrics/overview'
import type { Figure, OverviewData, OverviewSpec, Panel, Tile } from '../../lib/metrics/overview-types'
import { runQuery } from '../../lib/metrics/run'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { randomCompany } from '../setup/random-company'
import { reading } from '../setup/reader'

/** The overview says nothing that the query behind it does not say, and compares only what can be compared. */
const databases = await freshDatabases()
const company = randomCompany(7, { sales: 1200 })
const pipeline = await openPipeline(databases, { ...company, facilities: [{ id: 'ber', tz: 'Europe/Berlin' }] })
const client = readClient(databases.clickhouseReadUrl)
beforeAll(async () => {
  await pipeline.deliver([company.events])
  await pipeline.client.insert({
    table: 'annotation_ref',
    values: [
      { id: 'a', at: '2026-02-03 10:00:00.000', kind: 'policy', label: 'Shorter window' },
      { id: 'b', at: '2025-02-03 10:00:00.000', kind: 'note', label: 'Long ago' },
    ],
    format: 'JSONEachRow',
  })
})
afterAll(() => pipeline.close())

const reader = reading()
const now = new Date('2026-06-20T14:11:12.345Z')
const deps = { client, now }
const spec: OverviewSpec = {
  from: '2026-01-05',
  to: '2026-06-22',
  tz: 'Europe/Berlin',
  basis: 'cohort',
  filters: [],
  compare: 'previous_year',
}

function shown<T>(panel: Panel<T>): T {
  if (panel.state !== 'ok') throw new Error(`panel is ${JSON.stringify(panel)}`)
  return panel.data
}

/** A figure is what the question that it carries gives. */
async function mustHold(figure: Figure) {
  const { totals } = await runQuery(reader, { ...figure.spec, metrics: [figure.metric] }, deps)
  const value = totals[figure.metric] ?? null
  if (typeof value === 'number' && typeof figure.value === 'number') expect(figure.value).toBeCloseTo(value, 12)
  else expect(figure.value).toEqual(value)
}

describe.each(['cohort', 'activity'] as const)('on the %s basis', (basis) => {
  let data: OverviewData
  beforeAll(async () => {
    data = await overview(reader, { ...spec, basis }, deps)
  })

  test('every panel is there, and every figure is its query’s answer', async () => {
    for (const panel of Object.values(data.tiles)) {
      const tile: Tile = shown(panel)
      await mustHold(tile.figure)
      if (tile.comparison) {
        await mustHold(tile.comparison.current)
        await mustHold(tile.comparison.previous)
      }
    }
    const movers = shown(data.movers)
    await mustHold(movers.current)
    await mustHold(movers.previous)
    await mustHold(shown(data.waterfall).total)
    await mustHold(shown(data.trapped).total)
    for (const row of movers.rows) await mustHold({ metric: 'return_rate_units', value: row.rate, spec: row.spec })
  })

  test('comparisons are of complete days, mature where they are of cohorts', () => {
    const today = '2026-06-20'
    for (const panel of Object.values(data.tiles)) {
      const { comparison, figure } = shown(panel)
      if (!comparison || figure.metric === 'trapped_value' || figure.metric === 'backlog_units') continue
      expect(comparison.current.spec.to <= today).toBe(true)
      if (basis === 'cohort') expect(comparison.current.spec.to).toBe(data.matureTo)
    }
    if (basis === 'cohort') expect(data.matureTo && data.matureTo < today).toBe(true)
    for (const clause of shown(data.headline)) {
      if (clause.kind === 'rate') expect(clause.comparison.current.spec.to <= (data.matureTo ?? '')).toBe(true)
    }
  })

  test('the movers add up to the change of the rate to the last digit, whatever the order', () => {
    const { rows, other, change, current, previous } = shown(data.movers)
    expect(rows.length).toBeGreaterThan(3)
    const parts = [...rows, other]
    expect(parts.reduce((sum, part) => sum + part.contribution, 0)).toBe(change)
    expect(parts.toReversed().reduce((sum, part) => sum + part.contribution, 0)).toBe(change)
    for (const part of parts) expect(part.rateEffect + part.mixEffect).toBe(part.contribution)
    expect(change).toBeCloseTo(Number(current.value) - Number(previous.value), 12)
    const sizes = rows.map((row) => Math.abs(row.contribution))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })

  test('the waterfall ends at its total, and the trapped value is the sum of its cells', () => {
    const { steps, total } = shown(data.waterfall)
    const sum = (values: (string | number | null)[]) =>
      values.reduce<number>((all, value) => all + Math.round(Number(value) * 10_000), 0) / 10_000
    expect(sum(steps.filter(({ kind }) => kind === 'component').map(({ value }) => value))).toBe(Number(total.value))
    expect(sum(steps.filter(({ kind }) => kind === 'component').map(({ previous }) => previous))).toBe(
      Number(steps.at(-1)?.previous),
    )
    const trapped = shown(data.trapped)
    expect(sum(trapped.cells.map(({ value }) => value))).toBe(Number(trapped.total.value))
  })

  test('the trend says of every point how far along it is', () => {
    const { points, annotations, bucket } = shown(data.trend)
    expect(bucket).toBe('week')
    expect(annotations).toEqual([
      { at: '2026-02-03T10:00:00.000Z', kind: 'policy', label: 'Shorter window', author: '' },
    ])
    expect(points[0]?.at).toBe('2026-01-05')
    expect(points[0]?.state).toBe('final')
    expect(points.at(-1)?.at).toBe('2026-06-15')
    expect(points.at(-1)?.state).not.toBe('final')
    for (const point of points) {
      if (point.state === 'early') expect(point.value).toBeNull()
      if (point.state === 'immature') expect(point.low ?? 0).toBeLessThanOrEqual(point.value ?? 0)
      if (point.state === 'final' && basis === 'cohort') expect(point.maturity).toBeGreaterThanOrEqual(0.98)
    }
  })
})

describe('what a page can meet', () => {
  test('a filter that a metric is not cut by closes its panel alone', async () => {
    const data = await overview(
      reader,
      { ...spec, filters: [{ dimension: 'component', op: 'eq', values: ['labor'] }] },
      deps,
    )
    expect(data.tiles.margin.state).toBe('ok')
    expect(data.tiles.sellable).toMatchObject({ state: 'error', code: 'dimension_unfit' })
  })
  test('a filter that hides everything says so', async () => {
    const data = await overview(
      reader,
      { ...spec, filters: [{ dimension: 'channel', op: 'eq', values: ['none'] }] },
      deps,
    )
    expect(data.trend).toEqual({ state: 'no_match', filters: ['channel'] })
    expect(data.headline.state).toBe('no_match')
  })
  test('whoever may not see figures gets none', async () => {
    const data = await overview({ ...reader, permissions: new Set() }, spec, deps)
    expect(data.tiles.rate).toEqual({ state: 'forbidden', permission: 'metrics:read' })
    expect(data.trend.state).toBe('forbidden')
    await expect(freshness({ ...reader, permissions: new Set() }, client, now)).rejects.toMatchObject({ status: 403 })
  })
  test('a company without any event is told how to begin', async () => {
    const nobody = { ...reader, scope: { ...EVERYTHING, channels: [] } }
    const data = await overview(nobody, spec, deps)
    expect([data.tiles.rate.state, data.trend.state, data.headline.state]).toEqual([
      'first_use',
      'first_use',
      'first_use',
    ])
  })
  test('a period too young for any comparison shows the projection and says that it is one', async () => {
    const data = await overview(reader, { ...spec, from: '2026-06-08' }, deps)
    const rate = shown(data.tiles.rate)
    expect([rate.provisional, rate.figure.metric, rate.comparison]).toEqual([true, 'return_rate_projected', null])
    expect(shown(data.headline).some(({ kind }) => kind === 'rate' || kind === 'steady')).toBe(false)
  })
  test('without a comparison there is none anywhere', async () => {
    const { compare: _, ...alone } = spec
    const data = await overview(reader, alone, deps)
    expect(data.compared).toBeNull()
    expect(shown(data.tiles.margin).comparison).toBeNull()
    expect(data.movers.state).toBe('no_match')
  })
  test('filters offer what there is, within the scope, by name', async () => {
    const options = await filterOptions(
      { ...reader, scope: { ...EVERYTHING, channels: ['web'] } },
      { tz: 'UTC' },
      client,
    )
    expect(options.channel).toEqual([{ value: 'web', label: 'web' }])
    expect(options.facility.map(({ value }) => value)).toEqual(['3pl', 'ber', 'lys'])
  })
})
