import { describe, expect, test } from 'vitest'
import type { QueryResult, Row } from '../../lib/metrics/types'
import { faultsOf } from './compare'
import type { Asked } from './contributions'
import { world } from './world'

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
