import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, convert, divideHalfEven, formatUnits, MAX_UNITS, parseAmount, RATE_SCALE, toNumber } from './money'

const amounts = fc.bigInt({ min: -MAX_UNITS, max: MAX_UNITS })

describe('amounts', () => {
  test('are read exactly, from strings and from numbers', () => {
    expect(parseAmount('12.3')).toBe(123_000n)
    expect(parseAmount(0.1)).toBe(1_000n)
    expect(parseAmount(-3.5)).toBe(-35_000n)
    expect(parseAmount('0.0001')).toBe(1n)
    expect(parseAmount(1_000_000_000_000)).toBe(MAX_UNITS)
  })

  test.each(['', '1.', '.5', '1e3', '+1', '1,5', ' 1', '0.00001', '1000000000000.0001', 'NaN'])(
    '%j is none',
    (text) => {
      expect(parseAmount(text)).toBeUndefined()
    },
  )

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7, 0.123456])('the number %d is none', (value) => {
    expect(parseAmount(value)).toBeUndefined()
  })

  test('written and read again are the same', () => {
    fc.assert(fc.property(amounts, (value) => parseAmount(formatUnits(value)) === value))
  })

  test('are rounded half to even when fewer places are asked for', () => {
    expect(formatUnits(12_350n, 2)).toBe('1.24')
    expect(formatUnits(12_250n, 2)).toBe('1.22')
    expect(formatUnits(-12_350n, 2)).toBe('-1.24')
    expect(formatUnits(25_000n, 0)).toBe('2')
    expect(toNumber(12_350n)).toBe(1.235)
  })
})

describe('division half to even', () => {
  test('is within half of the divisor, and even at exactly half', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, divisor) => {
        const rest = value - divideHalfEven(value, divisor) * divisor
        const twice = (rest < 0n ? -rest : rest) * 2n
        expect(twice <= divisor).toBe(true)
        if (twice === divisor) expect(divideHalfEven(value, divisor) % 2n).toBe(0n)
      }),
    )
  })

  test('does not care for the sign', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (value, divisor) => divideHalfEven(-value, divisor) === -divideHalfEven(value, divisor),
      ),
    )
  })

  test('at a rate of one changes nothing', () => {
    fc.assert(fc.property(amounts, (value) => convert(value, RATE_SCALE) === value))
  })
})

describe('allocation by largest remainder', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 40 })

  test('adds up to the total, and no part is more than one unit off its share', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        const shares = allocate(total, parts)
        expect(shares.reduce((a, b) => a + b, 0n)).toBe(total)
        const sum = parts.reduce((a, b) => a + b, 0n)
        if (sum === 0n) return
        for (const [index, share] of shares.entries()) {
          const off = share * sum - total * (parts[index] ?? 0n)
          expect((off < 0n ? -off : off) < sum).toBe(true)
        }
      }),
    )
  })

  test('with no weight gives everything to the first part', () => {
    expect(allocate(7n, [0n, 0n])).toEqual([7n, 0n])
    expect(allocate(7n, [])).toEqual([])
  })
})
