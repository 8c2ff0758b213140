import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RATE_SCALE } from '../money'
import {
  type Agreement,
  batchOf,
  type ClaimableUnit,
  claimability,
  costIn,
  coveredAmount,
  type Judged,
  outstanding,
  placesOf,
  standingWriteOff,
  windowUntil,
} from './claims'
import { claimPosition } from './positions'

const RATES: Record<string, bigint> = {
  EUR: RATE_SCALE,
  USD: 9_200_000_000n,
  PLN: 2_312_345_678n,
  JPY: 61_234_567n,
}
const rateOf = (currency: string) => RATES[currency]
const DAY = 86_400_000
const received = new Date('2026-03-01T12:00:00Z')

const agreement: Agreement = { supplierId: 's', coverage: 8_000n, windowDays: 60, minimum: 0n, currency: 'EUR' }
const unit: ClaimableUnit = {
  id: 'u',
  finding: 'confirmed_defect',
  quantity: 1,
  split: false,
  cost: 1_000_000n,
  currency: 'EUR',
  receivedAt: received,
  inspectedAt: new Date(received.getTime() + DAY),
}
const inTime = new Date(received.getTime() + 10 * DAY)
const ask = (own: Partial<ClaimableUnit>, terms: Partial<Agreement> | null = {}, at = inTime) =>
  claimability({ ...unit, ...own }, terms === null ? undefined : { ...agreement, ...terms }, [], rateOf, at)

describe('what can be claimed', () => {
  it('is the covered share of the cost, in the currency of the agreement', () => {
    expect(ask({})).toMatchObject({ eligible: true, amount: 800_000n, currency: 'EUR' })
    // 100 EUR × 0.8 ÷ 0.92 = 86.956… USD, down to the cent.
    expect(ask({}, { currency: 'USD' })).toMatchObject({ eligible: true, amount: 869_500n, currency: 'USD' })
    expect(ask({}, { currency: 'JPY' })).toMatchObject({ eligible: true, amount: 130_640_000n })
  })

  it.each([
    ['split', { split: true }],
    ['split', { quantity: 0 }],
    ['not_inspected', { inspectedAt: null }],
    ['finding', { finding: 'customer_damage' }],
    ['no_cost', { cost: 0n }],
    ['no_rate', { currency: 'CLP' }],
  ] as const)('is not, and says %s', (why, own) => {
    expect(ask(own)).toMatchObject({ eligible: false, why })
  })

  it('needs an agreement that covers something', () => {
    expect(ask({}, null)).toMatchObject({ why: 'no_agreement' })
    expect(ask({}, { coverage: 0n })).toMatchObject({ why: 'no_agreement' })
  })

  it('ends with the last millisecond of the window', () => {
    const end = windowUntil(unit, agreement) ?? new Date(0)
    expect(end.getTime()).toBe(received.getTime() + 60 * DAY)
    expect(ask({}, {}, end)).toMatchObject({ eligible: true })
    expect(ask({}, {}, new Date(end.getTime() + 1))).toMatchObject({ why: 'window_closed', windowUntil: end })
    expect(windowUntil({ receivedAt: null, inspectedAt: inTime }, agreement)?.getTime()).toBe(
      inTime.getTime() + 60 * DAY,
    )
  })

  it('is in at most one claim that was not rejected', () => {
    const claimed = (state: string) => claimability(unit, agreement, [{ id: 'CL-1', state }], rateOf, inTime)
    for (const state of ['opened', 'submitted', 'accepted', 'recovered'])
      expect(claimed(state)).toMatchObject({ why: 'in_claim', claimId: 'CL-1' })
    expect(claimed('rejected')).toMatchObject({ eligible: true })
  })
})

const currency = fc.constantFrom('EUR', 'USD', 'PLN', 'JPY')
const money = fc.bigInt({ min: 1n, max: 10n ** 12n })

it('claims, accepts and recovers in falling amounts, never above the cost', () => {
  fc.assert(
    fc.property(
      money,
      currency,
      currency,
      fc.bigInt({ min: 1n, max: 10_000n }),
      fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)),
      (cost, from, to, coverage, [accepts, recovers, writes]) => {
        const claimed = coveredAmount(cost, from, { coverage, currency: to }, rateOf)
        const most = costIn(cost, from, to, rateOf)
        if (claimed === undefined || most === undefined) throw new Error('every currency here has a rate')
        const accepted = (claimed * BigInt(accepts)) / 10_000n
        const recovered = (accepted * BigInt(recovers)) / 10_000n
        const writtenOff = standingWriteOff((accepted * BigInt(writes)) / 10_000n, accepted, recovered)
        const open = outstanding({ accepted, recovered, writtenOff })
        expect(recovered <= accepted && accepted <= claimed && claimed <= most).toBe(true)
        expect(open >= 0n && recovered + writtenOff + open === accepted).toBe(true)
        expect(claimed % 10n ** BigInt(4 - placesOf(to))).toBe(0n)
        const position = claimPosition({ accepted, recovered, writtenOff })
        expect([...position.values()].reduce((sum, each) => sum + each, 0n)).toBe(0n)
        expect(position.get('vendor_claims_receivable') ?? 0n).toBe(open)
      },
    ),
    { numRuns: 2_000 },
  )
})

it('makes a batch of all or of nothing, and loses no unit on the way', () => {
  const judged = fc.record({
    claimability: fc.oneof(
      fc.record({
        eligible: fc.constant(true as const),
        amount: fc.bigInt({ min: 1n, max: 10_000_000n }),
        currency: fc.constant('EUR'),
        windowUntil: fc.date({ min: received, max: inTime, noInvalidDate: true }),
      }),
      fc.record({
        eligible: fc.constant(false as const),
        why: fc.constantFrom('finding' as const, 'in_claim' as const),
      }),
    ),
    rejectedBefore: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(judged, { maxLength: 30 }), fc.bigInt({ min: 0n, max: 60_000_000n }), (list, minimum) => {
      const all = list.map((each, index) => ({ ...each, unitId: `u${index}` })) as Judged[]
      const batch = batchOf(all, minimum)
      const sum = batch.taken.reduce((total, { amount }) => total + amount, 0n)
      expect([...batch.taken, ...batch.left].map(({ unitId }) => unitId).sort()).toEqual(
        all.map(({ unitId }) => unitId).sort(),
      )
      if (batch.taken.length > 0) expect(sum === batch.total && sum >= minimum && batch.short === 0n).toBe(true)
      else if (batch.total > 0n) expect(batch.total + batch.short).toBe(minimum)
      // The order of the units is of no consequence.
      expect(batchOf([...all].reverse(), minimum).taken).toEqual(batch.taken)
    }),
    { numRuns: 500 },
  )
})
