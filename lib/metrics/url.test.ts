import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../errors'
import type { Compare, QuerySpec } from './types'
import { formatQuery, parseFilter, parseQuery } from './url'

const parse = (query: string) => parseQuery(new URLSearchParams(query), { tz: 'UTC' })
const PERIOD = 'metrics=sold_units&from=2026-01-01&to=2026-02-01'

describe('a question as a URL', () => {
  test('reads the whole grammar', () => {
    expect(
      parse(
        'metrics=a,b&by=channel,week&from=2026-01-01&to=2026-04-01&basis=cohort&tz=Europe/Berlin&filter=category:eq:Shoes&filter=channel:in:dtc|amazon&compare=previous_period&order=-a:low,week&limit=50&as_of=2026-03-31T22:00:00Z',
      ),
    ).toEqual({
      metrics: ['a', 'b'],
      by: ['channel', 'week'],
      from: '2026-01-01',
      to: '2026-04-01',
      basis: 'cohort',
      tz: 'Europe/Berlin',
      filters: [
        { dimension: 'category', op: 'eq', values: ['Shoes'] },
        { dimension: 'channel', op: 'in', values: ['dtc', 'amazon'] },
      ],
      compare: 'previous_period',
      order: [
        { column: 'a', direction: 'desc', by: 'low' },
        { column: 'week', direction: 'asc' },
      ],
      limit: 50,
      asOf: '2026-03-31T22:00:00Z',
    })
  })

  test('takes the default zone, and dates of one’s own to compare with', () => {
    expect(parse(PERIOD).tz).toBe('UTC')
    expect(parse(`${PERIOD}&compare=2025-01-01..2025-02-01`).compare).toEqual({ from: '2025-01-01', to: '2025-02-01' })
  })

  const id = fc.stringMatching(/^[a-z_]{1,12}$/)
  const value = fc.string({ maxLength: 12, unit: 'binary' })
  const spec: fc.Arbitrary<QuerySpec> = fc.record(
    {
      metrics: fc.array(id, { minLength: 1, maxLength: 4 }),
      by: fc.array(id, { maxLength: 3 }),
      from: fc.constant('2026-01-01'),
      to: fc.constant('2026-02-01'),
      tz: fc.constantFrom('UTC', 'Europe/Berlin'),
      filters: fc.array(
        fc.record({
          dimension: id,
          op: fc.constantFrom('eq', 'in', 'not_in'),
          values: fc.array(value, { minLength: 1, maxLength: 4 }),
        }),
        { maxLength: 4 },
      ),
      basis: fc.constantFrom('cohort', 'activity'),
      compare: fc.constantFrom<Compare>('previous_period', 'previous_year', { from: '2025-01-01', to: '2025-03-01' }),
      order: fc.array(fc.record({ column: id, direction: fc.constantFrom('asc', 'desc') }), {
        minLength: 1,
        maxLength: 2,
      }),
      limit: fc.integer({ min: 1, max: 1000 }),
      asOf: fc.constant('2026-03-31T22:00:00Z'),
    },
    { requiredKeys: ['metrics', 'by', 'from', 'to', 'tz', 'filters'] },
  )

  test('comes back as it went, whatever stands in a value', () => {
    fc.assert(
      fc.property(spec, (asked) => {
        expect(parse(formatQuery(asked).toString())).toEqual(asked)
      }),
    )
  })

  test('a value may hold colons and bars, and be empty', () => {
    expect(parseFilter('sku:in:a:b\\|c|')).toEqual({ dimension: 'sku', op: 'in', values: ['a:b|c', ''] })
  })
})

describe('what cannot be read is refused with its parameter', () => {
  const refused = (query: string): [string, string | undefined] => {
    try {
      parse(query)
    } catch (error) {
      if (error instanceof UserError) return [error.code, error.parameter]
      throw error
    }
    return ['accepted', undefined]
  }
  test.each([
    ['metrics=a&to=2026-02-01', 'parameter_missing', 'from'],
    [`${PERIOD}&filtr=channel:eq:dtc`, 'parameter_unknown', 'filtr'],
    [`${PERIOD}&tz=UTC&tz=Europe/Berlin`, 'parameter_twice', 'tz'],
    [`${PERIOD}&filter=channel`, 'filter_invalid', 'filter'],
    [`${PERIOD}&filter=channel:like:d`, 'operator_unknown', 'filter'],
    [`${PERIOD}&basis=sale`, 'basis_unknown', 'basis'],
    [`${PERIOD}&compare=last`, 'compare_unknown', 'compare'],
    [`${PERIOD}&order=a:wilson`, 'order_unknown', 'order'],
  ])('%s', (query, code, parameter) => {
    expect(refused(query)).toEqual([code, parameter])
  })
})
