import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../auth/actor'
import { UserError } from '../errors'
import { METRICS } from './definitions/index'
import { normalize, refuseUnfitBasis } from './normalize'
import { chunksOf, plan } from './plan'
import { render } from './render'
import type { QuerySpec } from './types'

const NOW = new Date('2026-11-22T14:11:12.345Z')
const base: QuerySpec = { metrics: [], by: [], from: '2026-08-24', to: '2026-11-23', tz: 'Europe/Berlin', filters: [] }
const question = (spec: Partial<QuerySpec>, scope = EVERYTHING) => normalize({ scope }, { ...base, ...spec }, NOW)
const planned = (spec: Partial<QuerySpec>) => {
  const asked = question(spec)
  const frames = asked.previous && !asked.unit ? [asked.current, asked.previous] : [asked.current]
  return plan(
    asked,
    frames.map((frame) => ({ frame, metrics: asked.metrics })),
  )
}
const passes = (spec: Partial<QuerySpec>) =>
  planned(spec).groups.map((group) =>
    [group.by.map(({ id }) => id).join(), ...group.scans.map(({ fact, sums }) => `${fact} ${sums.length}`)].join(' | '),
  )

describe('how many passes a question takes', () => {
  test('many metrics over units are one, and their sums are taken once', () => {
    expect(passes({ metrics: ['requested_units', 'received_units', 'sellable_rate', 'scrapped_rate'] })).toEqual([
      ' | units 5',
    ])
  })
  test('a comparison is read with it', () => {
    expect(passes({ metrics: ['return_rate_units'], compare: 'previous_year' })).toEqual([' | units 2 | sales 2'])
  })
  test('by time, each event time is a pass of its own, and the sale’s is one for all', () => {
    const metrics = ['requested_units', 'received_units']
    expect(passes({ metrics, by: ['week'], basis: 'activity' })).toEqual(['week | units 1 | units 1'])
    expect(passes({ metrics, by: ['week'], basis: 'cohort' })).toEqual(['week | units 2'])
  })
  test('sales that lack a dimension stand beside the rows', () => {
    expect(passes({ metrics: ['return_rate_units'], by: ['channel', 'reason'] })).toEqual([
      'channel,reason | units 1',
      'channel | sales 1',
    ])
    expect(planned({ metrics: ['return_rate_units'], by: ['reason'] }).totals).toBe('apart')
    expect(planned({ metrics: ['return_rate_units'], by: ['channel'] }).totals).toBe('within')
  })
  test('a stock by day is one look at the stock from many instants, none after T', () => {
    const [scan] = planned({ metrics: ['trapped_value'], by: ['day'] }).groups[0]?.scans ?? []
    expect(scan?.instants).toHaveLength(91)
    expect(scan?.instants?.at(-1)?.end).toBe(NOW.getTime())
  })
})

describe('estimates as of many instants', () => {
  const parts = (spec: Partial<QuerySpec>) => chunksOf(planned(spec))
  const instants = (of: ReturnType<typeof parts>[number]) =>
    of.groups.flatMap(({ scans }) => scans.flatMap((scan) => scan.instants ?? [])).length

  test('are asked for some at a time, each once, in statements of a size that the server reads', () => {
    const chunks = parts({ metrics: ['reserve_refund_liability'], by: ['day'], from: '2026-09-01', to: '2026-11-01' })
    expect(chunks).toHaveLength(16)
    expect(chunks.reduce((sum, chunk) => sum + instants(chunk), 0)).toBe(
      instants(planned({ metrics: ['reserve_refund_liability'], by: ['day'], from: '2026-09-01', to: '2026-11-01' })),
    )
    for (const chunk of chunks) expect(render(chunk).sql.length).toBeLessThan(60_000)
  })
  test('what is no estimate stands in the first alone', () => {
    const chunks = parts({ metrics: ['trapped_expected_value', 'refunded_value'], by: ['week'], basis: 'activity' })
    expect(chunks.map((chunk) => render(chunk).sql.includes('credit.amount'))).toEqual([true, false, false, false])
  })
  test('few take one statement', () => {
    expect(parts({ metrics: ['reserve_refund_liability'], by: ['month'] })).toHaveLength(1)
    expect(parts({ metrics: ['trapped_value'], by: ['day'] })).toHaveLength(1)
  })
})

describe('what a statement is made of', () => {
  test('no value stands in it: filters, scope, zone and dates are parameters', () => {
    const value = fc.stringMatching(/^[A-Za-z'"\\;{}()-]{6,20}$/)
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(METRICS)), value, value, (metric, filtered, owned) => {
        const channels = [`x${owned}`]
        const asked = question(
          {
            metrics: [metric.id],
            by: ['channel'],
            filters: [{ dimension: 'sku', op: 'in', values: [`x${filtered}`] }],
          },
          { ...EVERYTHING, channels },
        )
        const { sql, params } = render(plan(asked, [{ frame: asked.current, metrics: asked.metrics }]))
        expect(sql).not.toContain(`x${filtered}`)
        expect(sql).not.toContain(channels[0])
        expect(sql).not.toContain('Berlin')
        expect(JSON.stringify(params)).toContain(JSON.stringify([`x${filtered}`]))
        expect(JSON.stringify(params)).toContain(JSON.stringify(channels))
      }),
    )
  })
  test('every scan is narrowed by the reader’s scope, sales by where they shipped from', () => {
    const asked = question(
      { metrics: ['return_rate_units'] },
      { entities: ['eu'], channels: null, facilities: ['ber'] },
    )
    const { sql } = render(plan(asked, [{ frame: asked.current, metrics: asked.metrics }]))
    const selects = sql.split('UNION ALL')
    expect(selects).toHaveLength(3)
    for (const select of selects)
      expect(select).toMatch(/entity IN \{p\d+:Array\(String\)\}\) AND \((ship_)?facility IN/)
  })
})

describe('what is refused, with the parameter that it is about', () => {
  const refused = (spec: Partial<QuerySpec>) => {
    try {
      question({ metrics: ['return_rate_units'], ...spec })
    } catch (error) {
      if (error instanceof UserError) return `${error.status} ${error.code} ${error.parameter}`
      throw error
    }
    return 'accepted'
  }
  test.each<[string, Partial<QuerySpec>]>([
    ['400 metric_unknown metrics', { metrics: ['nothing'] }],
    ['400 metric_unknown metrics', { metrics: ['constructor'] }],
    ['400 dimension_unknown by', { by: ['__proto__'] }],
    ['400 dimension_unfit by', { by: ['ship_facility'] }],
    ['400 dimension_unfit by', { by: ['day', 'week'] }],
    ['400 dimension_twice by', { by: ['channel', 'channel'] }],
    ['400 dimension_unknown filter', { filters: [{ dimension: 'sold_at', op: 'eq', values: ['x'] }] }],
    [
      '400 dimension_unfit filter',
      { metrics: ['sold_units'], filters: [{ dimension: 'reason', op: 'eq', values: ['x'] }] },
    ],
    ['400 dimension_unfit filter', { filters: [{ dimension: 'day', op: 'eq', values: ['2026-01-01'] }] }],
    ['400 values_unfit filter', { filters: [{ dimension: 'sku', op: 'eq', values: ['a', 'b'] }] }],
    ['400 values_unfit filter', { filters: [{ dimension: 'sku', op: 'in', values: [] }] }],
    ['400 zone_unknown tz', { tz: 'Moon' }],
    ['400 date_invalid from', { from: '2026-02-30' }],
    ['400 period_empty to', { to: '2026-08-24' }],
    ['400 instant_invalid as_of', { asOf: 'yesterday' }],
    ['400 instant_invalid as_of', { asOf: '2026-02-30T00:00:00Z' }],
    ['400 order_unknown order', { order: [{ column: 'sku', direction: 'asc' }] }],
    ['400 limit_invalid limit', { limit: 0 }],
    ['400 date_invalid compare', { compare: { from: 'x', to: 'y' } }],
  ])('%s', (expected, spec) => {
    expect(refused(spec)).toBe(expected)
  })
  test('the API refuses a basis that a metric does not know; elsewhere the metric keeps its own', () => {
    expect(() => refuseUnfitBasis({ ...base, metrics: ['return_maturity'], basis: 'activity' })).toThrow(
      /cohort basis only/,
    )
    expect(question({ metrics: ['return_maturity'], basis: 'activity' }).metrics[0]?.basis).toBe('cohort')
  })
})
