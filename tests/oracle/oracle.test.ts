import { afterAll, describe, expect, test } from 'vitest'
import { publishAll } from '../../clickhouse/derive/publish'
import { withPublisher } from '../../ingest/relay/publisher'
import { syncReference } from '../../ingest/relay/reference'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { permissionsOf } from '../../lib/auth/permissions'
import { METRICS } from '../../lib/metrics/definitions'
import { runQuery } from '../../lib/metrics/run'
import type { QueryResult, QuerySpec } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { factsOf, liveEvents } from './facts'
import { type History, history } from './history'
import { type Answer, type Asked, answer, type Company, ORACLE_ESTIMATES, ORACLE_METRICS } from './metrics'
import { unitsOf } from './units'

/** How many random companies; `ORACLE_HISTORIES=500` for a long night. The seeds follow the first one, which is printed. */
const HISTORIES = Number(process.env.ORACLE_HISTORIES ?? 50)
const SEED = Number(process.env.ORACLE_SEED ?? 1)
/** Every company is cut by everything, where there are too few to go round. */
const WHOLE = HISTORIES < 22

const databases = await freshDatabases()
const pipeline = await openPipeline(databases)
afterAll(() => pipeline.close())

const READER: Actor = {
  kind: 'person',
  userId: 'o',
  name: 'o',
  email: '',
  roles: ['controller'],
  permissions: permissionsOf(['controller']),
  scope: EVERYTHING,
}

/** Empties both databases of the last company and brings the new one's reference data. */
async function begin({ references }: History): Promise<void> {
  await pipeline.pool.query('TRUNCATE event_log, batch, fx_rate, supplier')
  const tables = await pipeline.client.query({
    query: "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
    format: 'JSONEachRow',
  })
  for (const { name } of await tables.json<{ name: string }>())
    await pipeline.client.command({ query: `TRUNCATE TABLE ${name}` })
  for (const { currency, day, rate } of references.rates) {
    await pipeline.pool.query("INSERT INTO fx_rate VALUES ($1, $2, $3, 'oracle')", [currency, day, rate])
  }
  for (const { id, coverage, windowDays } of references.suppliers) {
    await pipeline.pool.query(
      "INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ($1, $1, 'DE', $2, $3, 'EUR')",
      [id, coverage, windowDays],
    )
  }
  await syncReference(pipeline.pool, pipeline.client)
}

const KEY = '\u0001'
/** The product's answer in the oracle's form: exact integers of 1/10,000 for money and counts. */
function product(result: QueryResult, metric: string, by: string[]): Answer {
  const unit = result.columns.find(({ id }) => id === metric)?.unit
  const found: Answer = new Map()
  for (const row of result.rows) {
    const value = row[metric]
    const key = by.map((name) => String(row[name])).join(KEY)
    if (value === undefined) continue
    if (unit === 'money' || unit === 'count') {
      if (value === null) continue
      const exact = BigInt(Math.round(Number(value) * 10_000))
      if (exact !== 0n) found.set(key, exact.toString())
    } else found.set(key, value)
  }
  return found
}

/** `step` is what the answer is rounded to: money to 1/10,000. */
function differences(ours: Answer, theirs: Answer, step = 0): string[] {
  const faults: string[] = []
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(key), theirs.get(key)]
    const same =
      typeof a === 'number' && typeof b === 'number'
        ? Math.abs(a - b) <= step / 2 + 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
        : a === b || ((a === undefined || a === null || a === 0) && (b === undefined || b === null || b === 0))
    if (!same) faults.push(`${key.replaceAll(KEY, ' | ') || '(all)'}: product ${a}, oracle ${b}`)
  }
  return faults
}

const DIMENSIONS = [
  [],
  ['category'],
  ['channel', 'sku'],
  ['supplier'],
  ['country'],
  ['reason'],
  ['facility'],
  ['outcome'],
  ['finding', 'condition'],
  ['week'],
  ['day'],
  ['month', 'entity'],
  ['status'],
  ['leakage_category'],
  ['component'],
  ['shift'],
  ['return_type'],
  ['disposition'],
  ['hour'],
  ['quarter'],
  ['brand', 'size'],
  ['segment', 'campaign'],
]
const TIMES = ['hour', 'day', 'week', 'month', 'quarter']
const AS_OF = /^(trapped|backlog)_|_open_(units|age)$/

/** Whether the product lets a metric be asked like this; what it refuses is not compared. */
function askable(metric: string, by: readonly string[], basis: 'cohort' | 'activity'): boolean {
  const definition = METRICS[metric]
  if (!definition) return false
  if (AS_OF.test(metric))
    return !by.some((name) => TIMES.includes(name)) && by.every((name) => definition.dimensions.includes(name))
  return definition.bases.includes(basis) && by.every((name) => definition.dimensions.includes(name))
}

/** The product takes sixty metrics in one question at most. */
const AT_ONCE = 30

/** Cuts of the estimates, which lean on older cohorts: asked so late that the first of these companies' sales have all come back. */
const ESTIMATE_CUTS = [
  [],
  ['category'],
  ['channel', 'sku'],
  ['month'],
  ['supplier'],
  ['facility'],
  ['condition'],
  ['status'],
  ['brand', 'entity'],
  ['country'],
]
const NO_PERIOD = /^(backlog_days|open_exposure_value|reserve_refund_liability|right_of_return_asset)$/

async function compareEstimates(company: Company, seed: number): Promise<string[]> {
  const faults: string[] = []
  for (const [index, by] of ESTIMATE_CUTS.entries()) {
    if (!WHOLE && (index + seed) % ESTIMATE_CUTS.length !== 0) continue
    // The backlog is alive in May, the curves in July and August.
    for (const asOf of [Date.UTC(2026, 4, 6 + (seed % 9), 13), Date.UTC(2026, 6, 20, 5), Date.UTC(2026, 7, 30, 22)]) {
      const asked: Asked = {
        from: '2026-02-20',
        to: '2026-05-25',
        tz: index % 2 === 0 ? 'Europe/Berlin' : 'America/New_York',
        basis: 'cohort',
        asOf,
        by,
        filters: index % 5 === 3 ? [{ dimension: 'channel', values: ['web'] }] : [],
      }
      for (const metrics of [
        ORACLE_ESTIMATES.filter((id) => NO_PERIOD.test(id)),
        ORACLE_ESTIMATES.filter((id) => !NO_PERIOD.test(id)),
      ]) {
        const group = metrics.filter(
          (id) =>
            METRICS[id] &&
            by.every((name) => METRICS[id]?.dimensions.includes(name)) &&
            !(NO_PERIOD.test(id) && by.some((name) => TIMES.includes(name))),
        )
        if (group.length === 0) continue
        const { tz, from, to, basis } = asked
        const filters = asked.filters.map(({ dimension, values }) => ({ dimension, op: 'in' as const, values }))
        const result = await runQuery(READER, {
          metrics: group,
          by,
          from,
          to,
          tz,
          filters,
          asOf: new Date(asOf).toISOString(),
          ...(NO_PERIOD.test(group[0] ?? '') ? {} : { basis }),
        })
        for (const metric of group) {
          const found = differences(
            numbers(result, metric, by),
            answer(company, metric, asked),
            METRICS[metric]?.unit === 'money' ? 0.0001 : 0,
          )
          faults.push(
            ...found
              .slice(0, 2)
              .map(
                (fault) => `${metric} by ${by.join(', ') || 'nothing'} at ${new Date(asOf).toISOString()}: ${fault}`,
              ),
          )
        }
      }
    }
  }
  return faults
}

/** Estimates as plain numbers: no digit of them is money that somebody owes. */
const numbers = (result: QueryResult, metric: string, by: string[]): Answer =>
  new Map(
    result.rows.flatMap((row): [string, number | null][] => {
      const value = row[metric]
      if (value === undefined) return []
      return [[by.map((name) => String(row[name])).join(KEY), value === null ? null : Number(value)]]
    }),
  )

async function compare(company: Company, seed: number): Promise<string[]> {
  const faults: string[] = []
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']
  for (const [index, by] of DIMENSIONS.entries()) {
    // Each company is cut by one of the cuts in turn: fifty companies go round more than twice.
    if (!WHOLE && (index + seed) % DIMENSIONS.length !== 0) continue
    for (const basis of ['activity', 'cohort'] as const) {
      const asked: Asked = {
        from: '2026-03-01',
        to: index % 3 === 0 ? '2026-04-06' : '2026-05-20',
        tz: zones[(seed + index) % zones.length] ?? 'UTC',
        basis,
        asOf: Date.UTC(2026, 3 + (index % 3), 11, 7, 30),
        by,
        filters: index % 5 === 4 ? [{ dimension: 'channel', values: ['web'] }] : [],
      }
      const metrics = ORACLE_METRICS.filter(
        (metric) => askable(metric, by, basis) && !(AS_OF.test(metric) && basis === 'cohort'),
      )
      const stock = metrics.filter((metric) => AS_OF.test(metric))
      const flow = metrics.filter((metric) => !AS_OF.test(metric))
      const groups = [stock, flow.slice(0, AT_ONCE), flow.slice(AT_ONCE)]
      const compared = groups
        .filter((some) => some.length > 0)
        .map(async (group) => {
          const spec: QuerySpec = {
            metrics: group,
            by,
            from: asked.from,
            to: asked.to,
            tz: asked.tz,
            filters: asked.filters.map(({ dimension, values }) => ({ dimension, op: 'in', values })),
            asOf: new Date(asked.asOf).toISOString(),
            basis,
          }
          const result = await runQuery(READER, spec)
          for (const metric of group) {
            const found = differences(product(result, metric, by), answer(company, metric, asked))
            faults.push(
              ...found
                .slice(0, 2)
                .map((fault) => `${metric} by ${by.join(', ') || 'nothing'} (${basis}, ${asked.tz}): ${fault}`),
            )
          }
        })
      await Promise.all(compared)
    }
  }
  return faults
}

describe('the product and the oracle agree on random companies', () => {
  const seeds = Array.from({ length: HISTORIES }, (_, i) => SEED + i)
  test.each(seeds)('company %i', { timeout: 120_000 }, async (seed) => {
    const story = history(seed)
    await begin(story)
    await pipeline.deliver(story.batches)
    const facts = factsOf(liveEvents(story.raws), story.references)
    const company = { units: unitsOf(facts, story.references), sales: [...facts.sales.values()] }
    expect(await compare(company, seed)).toEqual([])
    expect(await compareEstimates(company, seed)).toEqual([])
  })

  test('deriving everything anew changes nothing', { timeout: 120_000 }, async () => {
    const contents = async () => {
      const rows = await pipeline.client.query({
        query: 'SELECT unit_id, toString(content) AS c FROM units FINAL ORDER BY unit_id',
        format: 'JSONEachRow',
      })
      return rows.json()
    }
    const before = await contents()
    await withPublisher(pipeline.pool, pipeline.client, (d) => publishAll(d))
    expect(await contents()).toEqual(before)
  })
})
