import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { larger, smaller } from '../money'
import { entitlementOf } from './entitlement'
import { carriedBy, exchangeOf } from './exchange'

const STEP = 100n
const cents = (max: number) => fc.integer({ min: 0, max }).map((n) => BigInt(n) * STEP)
const line = fc.record({ lineNet: cents(50_000), lineTax: cents(10_000), lineQuantity: fc.integer({ min: 1, max: 6 }) })

const creditOf = (
  { lineNet, lineTax, lineQuantity }: { lineNet: bigint; lineTax: bigint; lineQuantity: number },
  capturedLeft: bigint,
  feePercent = 0,
  creditedQuantity = 0,
) =>
  entitlementOf({
    ...{ lineNet, lineTax, lineQuantity, creditedQuantity, quantity: 1, capturedLeft, feePercent, labelFee: 0n },
    ...{ deductionPercent: 0, step: STEP, waiveFee: false, waiveDeduction: false },
  })

describe('an exchange', () => {
  it('gives exactly what was due: in goods, in money back, never more, and asks the rest of the customer', () => {
    fc.assert(
      fc.property(line, cents(60_000), fc.integer({ min: 0, max: 30 }), (sold, value, fee) => {
        const credit = creditOf(sold, sold.lineNet + sold.lineTax, fee)
        const { applied, amount, due, appliedTax, taxOfAmount } = exchangeOf(credit, value, STEP)
        expect(applied + amount).toBe(credit.amount)
        expect(applied + due).toBe(value)
        expect(amount === 0n || due === 0n).toBe(true)
        expect(appliedTax + taxOfAmount).toBe(credit.taxOfAmount)
        for (const each of [applied, amount, due, appliedTax, taxOfAmount]) {
          expect(each >= 0n).toBe(true)
          expect(each % STEP).toBe(0n)
        }
      }),
    )
  })

  it('for a piece of the same price is no money at all', () => {
    const credit = creditOf({ lineNet: 1_000_000n, lineTax: 190_000n, lineQuantity: 1 }, 1_190_000n)
    expect(exchangeOf(credit, 1_190_000n, STEP)).toEqual({
      ...{ value: 1_190_000n, applied: 1_190_000n, appliedTax: 190_000n, amount: 0n, taxOfAmount: 0n, due: 0n },
    })
  })

  it('leaves its replacement worth what it was taken for, however much of it the sale tells as money', () => {
    fc.assert(
      fc.property(cents(60_000), cents(60_000), cents(60_000), (value, credit, sold) => {
        const applied = smaller(value, credit)
        const carried = carriedBy({ value, applied }, sold)
        expect(carried >= 0n && carried <= applied).toBe(true)
        if (sold === value - applied) expect(carried + sold).toBe(value)
        expect(carried + sold <= larger(value, sold)).toBe(true)
      }),
    )
  })
})

type Kind = 'refund' | 'store_credit' | 'exchange' | 'chargeback'

describe('a payment', () => {
  it('gives back at most what was captured, in refunds, store credit, exchanges and chargebacks together', () => {
    fc.assert(
      fc.property(
        line,
        fc.array(
          fc.record({
            kind: fc.constantFrom<Kind>('refund', 'store_credit', 'exchange', 'chargeback'),
            value: cents(30_000),
          }),
          { maxLength: 12 },
        ),
        (sold, steps) => {
          const captured = sold.lineNet + sold.lineTax
          let drawn = 0n
          let pieces = 0
          for (const { kind, value } of steps) {
            const left = larger(0n, captured - drawn)
            // What a bank takes is a fact; what of it is beyond the capture stands apart.
            if (kind === 'chargeback') drawn += smaller(value, left)
            else if (pieces < sold.lineQuantity) {
              const credit = creditOf(sold, left, 0, pieces)
              pieces += 1
              if (kind === 'exchange') {
                const { applied, amount } = exchangeOf(credit, value, STEP)
                drawn += applied + amount
              } else drawn += credit.amount
            }
            expect(drawn <= captured).toBe(true)
          }
        },
      ),
    )
  })
})
