import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exploreAnswer } from '@/app/(app)/explore/explore-data'
import { askedExplore } from '@/components/explore/asked-explore'
import { readViewState } from '@/components/filters/view-state'
import { readClient } from '../../clickhouse/client'
import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import { runGroups } from '../../lib/metrics/groups'
import { runQuery } from '../../lib/metrics/run'
import type { QuerySpec, Row, Value } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { randomCompany } from '../setup/random-company'

/** A table of some groups loses nothing: those that are shown are the query's, and the rest is what a filter without them gives. */
const databases = await freshDatabases()
const company = randomCompany(20_261_129, { sales: 250 })
const pipeline = await openPipeline(databases, company)
const client = readClient(databases.clickhouseReadUrl)
beforeAll(() => pipeline.deliver([company.events]).then(() => undefined))
afterAll(() => pipeline.close())

const reader = (permissions: Actor['permissions'], scope = EVERYTHING): Actor => ({
  ...{ kind: 'person', userId: 'reader', name: 'Reader', email: 'reader@example.com', roles: ['auditor'] },
  permissions,
  scope,
})
const actor = reader(new Set(['metrics:read']))
const deps = { client, now: new Date('2026-06-20T14:11:12.345Z') }
const base = { from: '2026-01-01', to: '2026-07-01', tz: 'Europe/Berlin', filters: [], basis: 'cohort' } as const
const ask = (metrics: string[], by: string[], more: Partial<QuerySpec> = {}): QuerySpec => ({
  ...base,
  filters: [],
  metrics,
  by,
  ...more,
})
const SUMS = ['sold_units', 'requested_units', 'net_margin_impact']

function near(shown: Value | undefined, reckoned: Value | undefined) {
  if (typeof shown === 'number' && typeof reckoned === 'number') expect(reckoned).toBeCloseTo(shown, 9)
  else expect(reckoned).toEqual(shown)
}

const units = (value: Value | undefined) => BigInt(Math.round(Number(value ?? 0) * 10_000))

describe('groups, and what is not among them', () => {
  test.each([
    ['sku', ['return_rate_units', ...SUMS]],
    ['channel', ['return_rate_value', 'return_maturity', ...SUMS]],
    ['reason', ['return_rate_units', 'requested_units', 'net_margin_impact']],
    ['facility', ['received_units', 'sellable_rate', 'backlog_units']],
  ])('by %s: the first are the query’s, the rest is all but these', async (by, metrics) => {
    const spec = ask(metrics, [by], { compare: 'previous_year' })
    const [groups, whole] = await Promise.all([runGroups(actor, spec, 2, deps), runQuery(actor, spec, deps)])
    expect(groups.groups.map(({ keys }) => keys[0])).toEqual(whole.rows.slice(0, 2).map((row) => row[by]))
    for (const metric of metrics) {
      for (const [index, { values }] of groups.groups.entries()) near(whole.rows[index]?.[metric], values[metric])
      near(whole.totals[metric], groups.totals.values[metric])
      near(whole.comparison?.totals[metric], groups.totals.previous?.[metric])
    }
    expect(groups.groups.length + (groups.rest?.count ?? 0)).toBe(groups.count)
    const shown = groups.groups.map(({ keys }) => keys[0] ?? '')
    const others = await runQuery(
      actor,
      { ...spec, by: [], filters: [{ dimension: by, op: 'not_in', values: shown }] },
      deps,
    )
    for (const metric of metrics) {
      near(others.totals[metric], groups.rest?.values[metric])
      near(others.comparison?.totals[metric], groups.rest?.previous?.[metric])
    }
  })

  test('by two dimensions, shown and rest add up to the totals, now and before', async () => {
    const spec = ask(SUMS, ['sku', 'country'], {
      compare: 'previous_period',
      order: [{ column: 'sold_units', direction: 'desc' }],
    })
    const { groups, rest, totals, count } = await runGroups(actor, spec, 5, deps)
    expect([groups.length, (rest?.count ?? 0) + groups.length]).toEqual([5, count])
    for (const metric of SUMS) {
      const sum = (of: (values: { values: Row; previous: Row | null }) => Row | null) =>
        [...groups, ...(rest ? [rest] : [])].reduce((all, each) => all + units(of(each)?.[metric]), 0n)
      expect(sum(({ values }) => values)).toBe(units(totals.values[metric]))
      expect(sum(({ previous }) => previous)).toBe(units(totals.previous?.[metric]))
    }
  })

  test('what cannot be added up over groups has no value for the rest, and says nothing wrong', async () => {
    const spec = ask(['days_request_to_receipt_p50', 'leakage_cases', 'days_request_to_receipt'], ['sku'])
    const { rest } = await runGroups(actor, { ...spec, basis: 'activity' }, 1, deps)
    expect(rest?.values).toMatchObject({ days_request_to_receipt_p50: null, leakage_cases: null })
    expect(rest?.values.days_request_to_receipt).toBeGreaterThan(0)
  })

  test('by month each is compared with the month at its place, not with one of another length', async () => {
    const spec = ask(['sold_units'], ['month'], { from: '2026-02-01', to: '2026-05-01', compare: 'previous_year' })
    const { groups, compared } = await runGroups(actor, spec, 100, deps)
    expect(compared).toEqual({ from: '2025-02-02', to: '2025-05-02' })
    expect(groups.map(({ keys, previousAt }) => [keys[0], previousAt])).toEqual([
      ['2026-02-01', '2025-02-01'],
      ['2026-03-01', '2025-03-01'],
      ['2026-04-01', '2025-04-01'],
    ])
    const uneven = await runGroups(actor, { ...spec, compare: { from: '2025-01-20', to: '2025-04-18' } }, 100, deps)
    expect(uneven.groups.map(({ previousAt }) => previousAt)).toEqual([null, '2025-02-01', '2025-03-01'])
  })

  test('more groups than an answer may have are refused with what to do, and nobody sees more than their rows', async () => {
    const scoped = reader(new Set(['metrics:read']), { ...EVERYTHING, channels: ['web'] })
    const { groups, count } = await runGroups(scoped, ask(['sold_units'], ['channel']), 10, deps)
    expect([count, groups[0]?.keys]).toEqual([1, ['web']])
    await expect(runGroups(reader(new Set()), ask(['sold_units'], ['sku']), 10, deps)).rejects.toMatchObject({
      status: 403,
    })
    await expect(runGroups(actor, ask(['sold_units'], ['shoe']), 10, deps)).rejects.toMatchObject({ parameter: 'by' })
  })
})

describe('the page over them', () => {
  const page = (who: Actor, query: string) => {
    const params = Object.fromEntries(new URLSearchParams(query))
    const state = readViewState(params, 'Europe/Berlin', deps.now)
    const { from, to, basis, tz, filters, compare } = state
    const spec = { from, to, basis, tz, filters, ...(compare === 'none' ? {} : { compare }) }
    return exploreAnswer(who, askedExplore(params, state, spec), deps.now)
  }
  const within = 'from=2026-01-01&until=2026-06-30'

  test('knows of each group how mature it is, and compares a projection with what the year before ended at', async () => {
    const { data } = await page(actor, `by=month&${within}`)
    if (data.state !== 'ok') throw new Error(data.state)
    const { result, maturity, ended } = data.data
    const ripeness = result.groups.map(({ keys }) => Number(maturity?.of(keys)?.maturity))
    expect(ripeness[0]).toBeGreaterThan(0.98)
    expect(ripeness.at(-1)).toBeLessThan(ripeness[0] ?? 0)
    const [young] = result.groups.slice(-1)
    const then = ended?.get(young?.previousAt ?? '')
    expect(Number(then?.requested_units)).toBeGreaterThanOrEqual(Number(young?.previous?.requested_units))
  })

  test('by what sales do not have, it knows how mature they are all together', async () => {
    const { data } = await page(actor, `by=reason&${within}`)
    if (data.state !== 'ok') throw new Error(data.state)
    expect(data.data.maturity?.each).toBe(false)
    expect(Number(data.data.maturity?.total?.maturity)).toBeGreaterThan(0.5)
  })

  test('says what is so where there is nothing to show', async () => {
    const nowhere = reader(new Set(['metrics:read']), { ...EVERYTHING, channels: ['nowhere'] })
    expect((await page(nowhere, within)).data).toEqual({ state: 'first_use' })
    expect((await page(actor, `${within}&filter=sku:eq:none`)).data).toEqual({ state: 'no_match', filters: ['SKU'] })
    expect((await page(reader(new Set()), within)).data).toMatchObject({ state: 'forbidden' })
    expect((await page(actor, `${within}&filter=shoe:eq:x`)).data).toMatchObject({ code: 'dimension_unknown' })
  })
})
