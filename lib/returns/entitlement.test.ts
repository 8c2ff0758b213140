import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type EntitlementFacts, entitlementOf, shareOf } from './entitlement'

const facts: EntitlementFacts = {
  lineNet: 1_000_000n,
  lineTax: 190_000n,
  lineQuantity: 2,
  creditedQuantity: 0,
  quantity: 1,
  capturedLeft: 1_190_000n,
  feePercent: 0,
  labelFee: 0n,
  step: 100n,
  deductionPercent: 0,
  waiveFee: false,
  waiveDeduction: false,
}

it('gives the share of the line, less fee and deduction, and says each', () => {
  expect(entitlementOf(facts)).toMatchObject({
    goods: 500_000n,
    tax: 95_000n,
    entitled: 595_000n,
    amount: 595_000n,
    taxOfAmount: 95_000n,
  })
  expect(entitlementOf({ ...facts, feePercent: 10, labelFee: 49_000n, deductionPercent: 50 })).toMatchObject({
    deductionDue: 297_500n,
    feeDue: 108_500n,
    amount: 189_000n,
    withheld: 0n,
  })
  expect(entitlementOf({ ...facts, feePercent: 10, waiveFee: true })).toMatchObject({
    feeDue: 59_500n,
    fee: 0n,
    amount: 595_000n,
  })
  expect(entitlementOf({ ...facts, capturedLeft: 100_000n })).toMatchObject({ amount: 100_000n, withheld: 495_000n })
})

it('shares add up to the line in any division and any order', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 11n }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
      (total, parts) => {
        const pieces = parts.reduce((sum, n) => sum + n, 0)
        let from = 0
        const shares = parts.map((n) => {
          const share = shareOf(total, pieces, from, n)
          from += n
          return { share, n }
        })
        expect(shares.reduce((sum, { share }) => sum + share, 0n)).toBe(total)
        for (const { share, n } of shares) {
          const exact = (total * BigInt(n)) / BigInt(pieces)
          expect(share >= exact - 1n && share <= exact + 1n).toBe(true)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

it('is never negative, never above what was captured, and its components add up', () => {
  const any = fc.record({
    lineNet: fc.bigInt({ min: 0n, max: 10n ** 10n }),
    lineTax: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    lineQuantity: fc.integer({ min: 1, max: 40 }),
    creditedQuantity: fc.integer({ min: 0, max: 40 }),
    quantity: fc.integer({ min: 1, max: 40 }),
    capturedLeft: fc.bigInt({ min: -10n, max: 10n ** 10n }),
    feePercent: fc.integer({ min: 0, max: 100 }),
    labelFee: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    deductionPercent: fc.integer({ min: 0, max: 100 }),
    // Yen, cent, and thousandths of a dinar.
    step: fc.constantFrom(10_000n, 100n, 10n),
    waiveFee: fc.boolean(),
    waiveDeduction: fc.boolean(),
  })
  fc.assert(
    fc.property(any, (each) => {
      const { goods, tax, entitled, fee, feeDue, deduction, deductionDue, withheld, amount, taxOfAmount } =
        entitlementOf(each)
      expect(goods + tax).toBe(entitled)
      expect(amount + fee + deduction + withheld).toBe(entitled)
      for (const part of [goods, tax, fee, feeDue, deduction, deductionDue, withheld, amount, taxOfAmount])
        expect(part >= 0n && part % each.step === 0n).toBe(true)
      expect(feeDue + deductionDue <= entitled).toBe(true)
      expect(amount <= (each.capturedLeft > 0n ? each.capturedLeft : 0n)).toBe(true)
      expect(taxOfAmount <= amount + fee).toBe(true)
    }),
    { numRuns: 10_000 },
  )
})
