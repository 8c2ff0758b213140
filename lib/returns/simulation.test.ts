// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RATE_SCALE } from '../money'
import { RETURNS_TABLE } from './defaults/returns'
import type { DecisionTable, PolicyValue } from './policy'
import { type PastReturn, returnOutcomes } from './simulate-returns'
import { compare, emptyComparison, type Outcome } from './simulation'

const AT = new Date('2026-03-01T10:00:00Z')
const after = (hours: number | null): Date | null =>
  hours === null ? null : new Date(AT.getTime() + hours * 3_600_000)

const past: PastReturn = {
  facts: {
    ...{ reason: 'too_small', returnType: 'refund', days: 10, channel: 'dtc', category: 'apparel', segment: '' },
    ...{ country: 'DE', goodsClass: 'none', finalSale: false, price: 119, returns90d: 0 },
  },
  ...{
    quantity: 1,
    requestedAt: AT,
    rejected: false,
    open: false,
    receivedCondition: '',
    condition: 'D',
    currency: 'EUR',
  },
  ...{ rate: RATE_SCALE, lineNet: 1_000_000n, lineTax: 190_000n, lineQuantity: 1, before: 0, broughtIn: 300_000n },
  ...{ inTransitAt: after(24), deliveredAt: null, receivedAt: after(48), inspectedAt: after(72) },
}
const changed = (row: string, change: Record<string, PolicyValue>): DecisionTable => ({
  ...RETURNS_TABLE,
  rows: RETURNS_TABLE.rows.map((each) => (each.id === row ? { ...each, then: { ...each.then, ...change } } : each)),
})
const only = (table: DecisionTable, more: Partial<PastReturn> = {}): Outcome =>
  returnOutcomes(table, [{ ...past, ...more }])[0] as Outcome

describe('a return judged again', () => {
  it('gets what the entitlement gives once the release rule is met, and no sooner', () => {
    // On receipt nobody has graded it: nothing is kept back for its condition.
    expect(only(RETURNS_TABLE)).toEqual({
      ...{ verdict: 'auto', row: 'standard', waited: 48 * 3_600_000 },
      sums: { refund: 1_190_000n, waits: 0n, fee: 0n, kept: 0n, margin: 300_000n - 1_000_000n },
    })
    expect(only(RETURNS_TABLE, { receivedCondition: 'D' }).sums).toMatchObject({ refund: 595_000n, kept: 595_000n })
    expect(only(changed('standard', { release: 'on_inspection' }))).toMatchObject({
      waited: 72 * 3_600_000,
      sums: { refund: 595_000n, kept: 595_000n },
    })
    expect(only(changed('standard', { release: 'on_scan' }))).toMatchObject({ waited: 24 * 3_600_000 })
    // What never came is paid only where the rule does not wait for it.
    const never = { inTransitAt: null, receivedAt: null, inspectedAt: null, condition: '', broughtIn: 0n }
    expect(only(RETURNS_TABLE, never)).toMatchObject({
      waited: null,
      sums: { refund: 0n, waits: 1_190_000n, margin: 0n },
    })
    expect(only(changed('standard', { release: 'at_once' }), never)).toMatchObject({
      waited: 0,
      sums: { refund: 1_190_000n, margin: -1_000_000n },
    })
    // What may still come is owed: paying it later is no gain.
    expect(only(RETURNS_TABLE, { ...never, open: true }).sums).toMatchObject({ waits: 1_190_000n, margin: -1_000_000n })
    // A manual rule is a person's: after a look, at a time that nobody knows.
    expect(only(changed('standard', { release: 'manual' }))).toMatchObject({ waited: null, sums: { refund: 595_000n } })
    expect(only(changed('standard', { release: 'manual' }), never)).toMatchObject({ sums: { refund: 0n } })
  })

  it('keeps fees, saves what is refused with all that hangs on it, and counts the margin net of tax', () => {
    expect(only(changed('standard', { fee_percent: 10, label_fee: 4.9 })).sums).toEqual({
      ...{ refund: 1_022_000n, waits: 0n, fee: 168_000n, kept: 0n },
      // docs/metrics.md: −(amount − tax + fee) + fee, and what the goods brought in.
      margin: 300_000n - 1_022_000n + 190_000n,
    })
    expect(only(changed('standard', { returnable: false }))).toEqual({
      ...{ verdict: 'refused', row: 'standard', waited: null },
      sums: { refund: 0n, waits: 0n, fee: 0n, kept: 0n, margin: 0n },
    })
  })

  it('waits for a person with its whole case, and is rejected again by one who has', () => {
    const other = { ...past, facts: { ...past.facts, price: 900 } }
    expect(returnOutcomes(RETURNS_TABLE, [past, other]).map(({ verdict, row }) => [verdict, row])).toEqual([
      ['manual', 'standard'],
      ['manual', 'expensive'],
    ])
    const late = { ...past.facts, days: 40 }
    expect(only(RETURNS_TABLE, { facts: late, rejected: true })).toMatchObject({
      verdict: 'manual',
      sums: { refund: 0n },
    })
    expect(only(RETURNS_TABLE, { facts: late }).sums.refund).toBeGreaterThan(0n)
  })
})

const hours = fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: null })
const aReturn: fc.Arbitrary<PastReturn> = fc
  .record({
    reason: fc.constantFrom('too_small', 'defective', 'recall'),
    days: fc.integer({ min: 0, max: 60 }),
    channel: fc.constantFrom('dtc', 'wholesale'),
    segment: fc.constantFrom('', 'vip'),
    goodsClass: fc.constantFrom('none', 'cosmetic_hygiene'),
    finalSale: fc.boolean(),
    price: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
    returns90d: fc.integer({ min: 0, max: 14 }),
    lineQuantity: fc.integer({ min: 1, max: 4 }),
    net: fc.bigInt({ min: 0n, max: 9_000_000n }),
    condition: fc.constantFrom('', 'A', 'C', 'D', 'E'),
    rate: fc.constantFrom(RATE_SCALE, 8_512_345_678n),
    broughtIn: fc.bigInt({ min: -400_000n, max: 900_000n }),
    rejected: fc.boolean(),
    open: fc.boolean(),
    times: fc.tuple(hours, hours, hours),
  })
  .map(({ reason, days, channel, segment, goodsClass, finalSale, price, returns90d, times, net, ...own }) => ({
    ...past,
    ...own,
    facts: { ...past.facts, ...{ reason, days, channel, segment, goodsClass, finalSale, price, returns90d } },
    ...{ lineNet: net, lineTax: net / 5n, receivedCondition: own.condition },
    ...{ inTransitAt: after(times[0]), receivedAt: after(times[1]), inspectedAt: after(times[2]) },
  }))
const aTable: fc.Arbitrary<DecisionTable> = fc
  .tuple(
    fc.constantFrom(...RETURNS_TABLE.rows.map(({ id }) => id)),
    fc.record(
      {
        returnable: fc.boolean(),
        approval: fc.constantFrom('auto', 'manual'),
        release: fc.constantFrom('at_once', 'on_scan', 'on_receipt', 'on_inspection', 'manual'),
        fee_percent: fc.integer({ min: 0, max: 100 }),
        deduction_c: fc.integer({ min: 0, max: 100 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([row, change]) => changed(row, change as Record<string, PolicyValue>))

/** The comparison of two tables over cases, and every pair of outcomes in it. */
function over(before: DecisionTable, next: DecisionTable, cases: readonly (readonly PastReturn[])[]) {
  const comparison = emptyComparison('refund')
  const pairs = cases.flatMap((together) => {
    const [was, is] = [returnOutcomes(before, together), returnOutcomes(next, together)]
    return together.map(({ quantity }, index) => {
      const [one, other] = [was[index] as Outcome, is[index] as Outcome]
      return { one, other, quantity, differs: compare(comparison, quantity, one, other) }
    })
  })
  return { comparison, pairs }
}

/** Maps in one order, so that two comparisons are the same when their figures are. */
const plain = (comparison: ReturnType<typeof emptyComparison>): string =>
  JSON.stringify(comparison, (_key, value: unknown) =>
    value instanceof Map ? [...value].sort() : typeof value === 'bigint' ? String(value) : value,
  )

describe('a comparison', () => {
  const cases = fc.array(fc.array(aReturn, { minLength: 1, maxLength: 3 }), { maxLength: 12 })

  it('is the sum of its cases: what changed explains every difference to the last digit', () => {
    fc.assert(
      fc.property(aTable, aTable, cases, (before, next, all) => {
        const { comparison, pairs } = over(before, next, all)
        const moved = pairs.filter(({ differs }) => differs)
        for (const id of ['refund', 'waits', 'fee', 'kept', 'margin']) {
          const sum = (list: typeof pairs, side: 'one' | 'other') =>
            list.reduce((total, pair) => total + (pair[side].sums[id] ?? 0n), 0n)
          expect(comparison.before.sums.get(id) ?? 0n).toBe(sum(pairs, 'one'))
          expect(comparison.after.sums.get(id) ?? 0n).toBe(sum(pairs, 'other'))
          expect(sum(pairs, 'other') - sum(pairs, 'one')).toBe(sum(moved, 'other') - sum(moved, 'one'))
        }
        for (const side of [comparison.before, comparison.after])
          for (const shares of [side.verdicts, side.rows]) {
            const list = [...shares.values()]
            expect(list.reduce((total, { units }) => total + units, 0)).toBe(comparison.units)
            expect(list.reduce((total, { amount }) => total + amount, 0n)).toBe(side.sums.get('refund') ?? 0n)
          }
        expect(comparison.changedLines).toBe(moved.length)
        expect(comparison.changedUnits).toBe(moved.reduce((total, { quantity }) => total + quantity, 0))
      }),
    )
  })

  it('of a table with itself changes nothing', () => {
    fc.assert(
      fc.property(aTable, cases, (table, all) => {
        const { comparison } = over(table, table, all)
        expect(comparison.changedLines).toBe(0)
        expect(comparison.after).toEqual(comparison.before)
        expect(comparison.waited.after).toBe(comparison.waited.before)
      }),
    )
  })

  it('is the same in any order of the cases', () => {
    fc.assert(
      fc.property(aTable, cases, fc.infiniteStream(fc.nat()), (next, all, keys) => {
        const shuffled = all
          .map((each) => ({ each, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each)
        expect(plain(over(RETURNS_TABLE, next, shuffled).comparison)).toBe(
          plain(over(RETURNS_TABLE, next, all).comparison),
        )
      }),
    )
  })
})
