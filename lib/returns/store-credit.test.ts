import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceOf, type CreditShare, creditDifference } from './store-credit'

const share = fc.record({
  customerId: fc.constantFrom('', 'C-1', 'C-2'),
  entity: fc.constantFrom('eu', 'us'),
  currency: fc.constantFrom('EUR', 'USD'),
  amount: fc.bigInt({ min: 1n, max: 10_000_000n }),
})

/** By account, what a list of movements comes to; accounts of nothing are left out. */
const sums = (movements: readonly CreditShare[]): [string, bigint][] => {
  const all = new Map<string, bigint>()
  for (const { customerId, entity, currency, amount } of movements) {
    const key = [customerId, entity, currency].join('/')
    all.set(key, (all.get(key) ?? 0n) + amount)
  }
  return [...all].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1))
}

describe('a balance', () => {
  it('is the sum of its movements in any order, and either held or owed', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }))
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([movements, shuffled]) => {
          const { balance, owed } = balanceOf(movements)
          expect(balanceOf(shuffled)).toEqual({ balance, owed })
          expect(balance - owed).toBe(movements.reduce((a, b) => a + b, 0n))
          expect(balance >= 0n && owed >= 0n && (balance === 0n || owed === 0n)).toBe(true)
        },
      ),
    )
  })
})

describe('what a settlement has issued', () => {
  it('is brought to what it says now, however often and in whatever steps; the second time nothing moves', () => {
    fc.assert(
      fc.property(fc.array(fc.option(share, { nil: undefined }), { minLength: 1, maxLength: 8 }), (steps) => {
        const ledger: CreditShare[] = []
        for (const want of steps) {
          ledger.push(...creditDifference(ledger, want))
          expect(sums(ledger)).toEqual(want ? sums([want]) : [])
          expect(creditDifference(ledger, want)).toEqual([])
        }
      }),
    )
  })

  it('is none of the steps in between: only where it ends', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 6 }), (steps) => {
        const last = steps.at(-1)
        const byAll: CreditShare[] = []
        for (const want of steps) byAll.push(...creditDifference(byAll, want))
        expect(sums(byAll)).toEqual(sums(creditDifference([], last)))
      }),
    )
  })
})
