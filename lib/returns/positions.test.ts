import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATUSES } from './codes'
import {
  ACCOUNTS,
  claimPosition,
  costPosition,
  difference,
  type Position,
  settlementPosition,
  sum,
  unitPosition,
} from './positions'

const total = (position: Position): bigint => [...position.values()].reduce((all, amount) => all + amount, 0n)
const amount = fc.bigInt({ min: 0n, max: 10n ** 12n })
const unit = fc.record({
  status: fc.constantFrom(...STATUSES),
  received: fc.boolean(),
  split: fc.boolean(),
  cost: amount,
  value: amount,
})
const settlement = fc
  .record({
    kind: fc.constantFrom('refund', 'store_credit', 'exchange', 'partial_credit', 'goodwill', 'chargeback'),
    owed: fc.boolean(),
    paid: fc.boolean(),
    amount,
    tax: amount,
    fee: amount,
  })
  .map((each) => ({ ...each, tax: each.tax % (each.amount + each.fee + 1n) }))
const claim = fc.record({ accepted: amount, recovered: amount })
const known = new Set<string>(ACCOUNTS.map(([id]) => id))

describe('positions', () => {
  it('every position balances, on accounts that exist', () => {
    fc.assert(
      fc.property(unit, settlement, claim, (u, s, c) => {
        for (const position of [
          unitPosition(u),
          settlementPosition(s),
          claimPosition(c),
          costPosition('labor', u.cost - u.value),
        ]) {
          expect(total(position)).toBe(0n)
          for (const account of position.keys()) expect(known.has(account)).toBe(true)
        }
      }),
    )
  })

  it('an entry is what takes the books from one position to the next, whatever the way', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 8 }), (states) => {
        const positions = states.map(unitPosition)
        const steps = positions.slice(1).map((after, index) => difference(positions[index]!, after))
        for (const step of steps) expect(total(step)).toBe(0n)
        expect(sum(steps)).toEqual(difference(positions[0]!, positions.at(-1)!))
      }),
    )
  })

  it('posts what the posting table of the workflow says', () => {
    const lines = (position: Position) => Object.fromEntries(position)
    expect(
      lines(settlementPosition({ kind: 'refund', owed: true, paid: false, amount: 95n, tax: 19n, fee: 5n })),
    ).toEqual({
      returns_and_allowances: 81n,
      tax_payable: 19n,
      fee_income: -5n,
      refunds_payable: -95n,
    })
    const owed = settlementPosition({ kind: 'refund', owed: true, paid: false, amount: 95n, tax: 19n, fee: 5n })
    const paid = settlementPosition({ kind: 'refund', owed: true, paid: true, amount: 95n, tax: 19n, fee: 5n })
    expect(lines(difference(owed, paid))).toEqual({ refunds_payable: 95n, cash_clearing: -95n })
    expect(lines(unitPosition({ status: 'restocked', received: true, split: false, cost: 100n, value: 80n }))).toEqual({
      'inventory.restocked': 80n,
      inventory_write_down: 20n,
      cost_of_sales: -100n,
    })
    expect(lines(unitPosition({ status: 'lost', received: false, split: false, cost: 100n, value: 100n }))).toEqual({})
    expect(lines(claimPosition({ accepted: 60n, recovered: 20n }))).toEqual({
      vendor_recovery: -60n,
      vendor_claims_receivable: 40n,
      cash_clearing: 20n,
    })
  })
})
