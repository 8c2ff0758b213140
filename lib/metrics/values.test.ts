import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { METRICS } from './definitions/index'
import type { AskedMetric } from './question'
import { money, projected, reckon, wilsonLow } from './values'

const asked = (id: string): AskedMetric => {
  const definition = METRICS[id]
  if (!definition) throw new Error(id)
  return { definition, basis: definition.bases[0] }
}

describe('a metric from its sums', () => {
  test('money is exact to 1/10,000 however large', () => {
    expect(reckon(asked('net_sales'), () => 123_456_789_012_345_678_901n)).toBe('12345678901234567.8901')
    expect(money(-5n)).toBe('-0.0005')
  })
  test('a ratio without a denominator has no value', () => {
    expect(reckon(asked('return_rate_units'), () => 0n)).toBeNull()
    expect(reckon(asked('days_request_to_refund_p50'), () => 0n)).toBeNull()
  })
  test('days are of 86,400 seconds, and defects of a million', () => {
    const parts: Record<string, bigint> = {
      days_request_to_refund_time: 129_600_000n,
      days_request_to_refund_weight: 3n,
    }
    expect(reckon(asked('days_request_to_refund'), (id) => parts[id] ?? 0n)).toBe(0.5)
    expect(reckon(asked('supplier_defect_ppm'), (id) => (id === 'sold_quantity' ? 4n : 1n))).toBe(250_000)
  })
})

describe('the projection', () => {
  test('divides what came back by the share that should be visible', () => {
    expect(projected(30, 500, 1000, 'point')).toBeCloseTo(0.06, 12)
    expect(projected(30, 500, 1000, 'low')).toBeCloseTo((60 - (1.2815515655446004 * Math.sqrt(15)) / 0.5) / 1000, 12)
    expect(projected(30, 500, 1000, 'high')).toBeCloseTo((60 + (1.2815515655446004 * Math.sqrt(15)) / 0.5) / 1000, 12)
  })
  test('says nothing under a maturity of 0.3, and never less than what is there already', () => {
    expect(projected(30, 299, 1000, 'point')).toBeNull()
    expect(projected(1, 300, 1000, 'low')).toBe(0.001)
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 300, max: 1000 }), (returned, visible) => {
        const [low, point, high] = (['low', 'point', 'high'] as const).map(
          (bound) => projected(returned, visible, 1000, bound) ?? Number.NaN,
        )
        expect(low).toBeGreaterThanOrEqual(returned / 1000)
        expect(point).toBeGreaterThanOrEqual((low ?? 0) - 1e-12)
        expect(high).toBeGreaterThanOrEqual(point ?? 0)
      }),
    )
  })
})

describe('the lower bound of the Wilson interval', () => {
  test('one of one does not top a hundred of two hundred', () => {
    expect(wilsonLow(1, 1)).toBeCloseTo(0.2065, 4)
    expect(wilsonLow(100, 200)).toBeGreaterThan(wilsonLow(1, 1) ?? 1)
    expect(wilsonLow(1, 0)).toBeNull()
  })
  test('lies between nothing and the share, and nears it with more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (whole, some) => {
        const part = Math.min(some, whole)
        const low = wilsonLow(part, whole) ?? Number.NaN
        expect(low).toBeGreaterThanOrEqual(-1e-12)
        expect(low).toBeLessThanOrEqual(part / whole + 1e-12)
        expect(wilsonLow(part * 10, whole * 10) ?? 0).toBeGreaterThanOrEqual(low - 1e-12)
      }),
    )
  })
})
