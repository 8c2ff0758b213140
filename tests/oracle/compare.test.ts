import { describe, expect, test } from 'vitest'
import { METRICS } from '../../lib/metrics/definitions'
import type { QueryResult, Row } from '../../lib/metrics/types'
import { faultsOf } from './compare'
import type { Asked } from './contributions'
import { ORACLE_ESTIMATES, ORACLE_METRICS } from './metrics'
import { estimateQuestions, exactQuestions } from './questions'
import { world, worldsOf } from './world'

/** The oracle is only as good as what it takes for a fault. */
const asked: Asked = {
  from: '2026-03-01',
  to: '2026-05-20',
  tz: 'UTC',
  basis: 'cohort',
  asOf: Date.UTC(2026, 5, 1),
  by: ['channel'],
  filters: [],
}
const told = (rows: Row[], totals: Row): QueryResult => ({ columns: [], rows, totals, watermark: null, elapsed_ms: 0 })
const faults = (metrics: string[], rows: Row[], totals: Row, company = { units: [], sales: [] }) =>
  faultsOf(company, { metrics, asked }, told(rows, totals))

describe('the oracle is asked', () => {
  test('every metric there is, and none that there is not', () => {
    expect([...ORACLE_METRICS, ...ORACLE_ESTIMATES].toSorted()).toEqual(Object.keys(METRICS).toSorted())
  })

  test('each by all that it is cut by, but for stock at the end of every hour, and of every day where it is estimated', () => {
    const worlds = worldsOf(1, 50)
    const questions = worlds.flatMap((_, place) => [
      ...exactQuestions(place, worlds.length),
      ...estimateQuestions(place, worlds.length),
    ])
    const asked = new Set(
      questions.flatMap(({ metrics, asked: { by } }) => metrics.flatMap((id) => by.map((name) => `${id} ${name}`))),
    )
    const left = Object.values(METRICS).flatMap(({ id, asOf, dimensions }) =>
      dimensions
        .filter((name) => !(asOf && (name === 'hour' || (name === 'day' && ORACLE_ESTIMATES.includes(id)))))
        .map((name) => `${id} ${name}`)
        .filter((pair) => !asked.has(pair)),
    )
    expect(left).toEqual([])
    expect(questions.some(({ back }) => back) && questions.some(({ asked: { filters } }) => filters.length > 1)).toBe(
      true,
    )
  })
})

describe('the oracle finds', () => {
  test('0 where there is no value, and no value where there is 0', () => {
    expect(faults(['sellable_rate'], [], { sellable_rate: null })).toEqual([])
    expect(faults(['sellable_rate'], [], { sellable_rate: 0 })).toHaveLength(1)
    expect(faults(['net_sales'], [], { net_sales: '0.0000' })).toEqual([])
    expect(faults(['net_sales'], [], { net_sales: null })).toHaveLength(1)
  })

  test('a row in which nothing is', () => {
    expect(faults(['net_sales'], [{ channel: 'web', net_sales: '0.0000' }], { net_sales: '0.0000' })).toHaveLength(1)
  })

  test('a row that is missing, and a digit that is wrong', () => {
    const { company } = world([3])
    const { sales } = company
    const inPeriod = (channel?: string) =>
      sales
        .filter(
          ({ at, data }) =>
            at >= Date.UTC(2026, 2, 1) && at < Date.UTC(2026, 4, 20) && (!channel || data.channel === channel),
        )
        .reduce((sum, { quantity }) => sum + quantity, 0)
    const rows = ['web', 'store'].map((channel) => ({ channel, sold_units: inPeriod(channel) }))
    const totals = { sold_units: inPeriod() }
    const check = (given: Row[], all: Row) => faultsOf(company, { metrics: ['sold_units'], asked }, told(given, all))
    expect(check(rows, totals)).toEqual([])
    expect(check(rows.slice(1), totals)).toHaveLength(1)
    expect(check(rows, { sold_units: totals.sold_units + 1 })).toHaveLength(1)
  })
})
