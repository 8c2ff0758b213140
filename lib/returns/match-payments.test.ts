import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchPayments, type OurPayment, type ReportedPayment } from './match-payments'
import { DIFFERENCE_KINDS, sizeOf } from './reconciliation'

const at = new Date('2026-05-01T10:00:00Z')
const own = (over: Partial<OurPayment> = {}): OurPayment => ({
  ...{ settlementId: 'ST-1', ref: 're_1', paid: true, amount: 100n, currency: 'EUR', entity: 'eu', at, covered: true },
  ...over,
})
const told = (over: Partial<ReportedPayment> = {}): ReportedPayment => ({
  ...{ provider: 'stripe', ref: 're_1', settlementId: '', state: 'succeeded', amount: 100n, currency: 'EUR', at },
  ...over,
})
const kinds = (ours: OurPayment[], theirs: ReportedPayment[]) =>
  matchPayments(ours, theirs).differences.map(({ kind, ...each }) => [kind, sizeOf(each)])

describe('what differs between settlements and a provider', () => {
  it.each([
    ['nothing, found by the provider’s id', [own()], [told()], []],
    ['nothing, found by ours', [own({ ref: '' })], [told({ settlementId: 'ST-1', ref: 're_9' })], []],
    ['nothing while it is on its way', [own()], [told({ state: 'pending' })], []],
    ['paid here alone', [own()], [], [['not_reported', 100n]]],
    ['paid here alone, where no report reaches', [own({ covered: false })], [], []],
    ['failed there', [own()], [told({ state: 'failed' })], [['failed_there', 100n]]],
    ['paid there alone', [], [told()], [['not_known', -100n]]],
    ['failed there alone', [], [told({ state: 'failed' })], []],
    ['paid there, open here', [own({ paid: false })], [told()], [['paid_there', -100n]]],
    ['another amount', [own()], [told({ amount: 90n })], [['amount_differs', 10n]]],
    ['paid twice', [own()], [told(), told({ ref: 're_2', settlementId: 'ST-1' })], [['reported_twice', -100n]]],
  ] as const)('%s', (_what, ours, theirs, expected) => {
    expect(kinds([...ours], [...theirs])).toEqual(expected)
  })

  it('keeps currencies apart', () => {
    expect(kinds([own()], [told({ currency: 'USD', amount: 110n })])).toEqual([
      ['amount_differs', -110n],
      ['amount_differs', 100n],
    ])
  })
})

it('adds up to the difference of the totals, whatever the order', () => {
  const currency = fc.constantFrom('EUR', 'USD')
  const ref = fc.constantFrom('', 'r1', 'r2', 'r3', 'r4')
  const ours = fc.uniqueArray(
    fc.record({
      settlementId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      ref,
      paid: fc.boolean(),
      amount: fc.bigInt({ min: 0n, max: 9n }),
      currency,
      entity: fc.constant('eu'),
      at: fc.constant(at),
      covered: fc.boolean(),
    }),
    { selector: ({ settlementId }) => settlementId },
  )
  const theirs = fc.uniqueArray(
    fc.record({
      provider: fc.constant('p'),
      ref: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6'),
      settlementId: fc.constantFrom('', 'a', 'b', 'c', 'x'),
      state: fc.constantFrom('succeeded' as const, 'pending' as const, 'failed' as const),
      amount: fc.bigInt({ min: 0n, max: 9n }),
      currency,
      at: fc.constant(at),
    }),
    { selector: (each) => each.ref },
  )
  fc.assert(
    fc.property(ours, theirs, (mine, reported) => {
      const { ties, differences } = matchPayments(mine, reported)
      for (const tie of ties) {
        const sum = differences
          .filter((each) => each.currency === tie.currency)
          .reduce((all, each) => all + sizeOf(each), 0n)
        expect(sum).toBe(tie.ours - tie.theirs)
      }
      expect(new Set(differences.map(({ key }) => key)).size).toBe(differences.length)
      for (const { kind } of differences) expect(DIFFERENCE_KINDS[kind].way).toBe('payments')
      const total = (list: typeof ties) => list.map((tie) => [tie.currency, tie.ours, tie.theirs])
      expect(total(matchPayments(mine, [...reported].reverse()).ties)).toEqual(total(ties))
    }),
    { numRuns: 2_000 },
  )
})
