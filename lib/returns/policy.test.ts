// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DISPOSITION_TABLE } from './defaults/disposition'
import { RETURNS_TABLE } from './defaults/returns'
import { ROUTING_TABLE } from './defaults/routing'
import { judgeRequest, type RequestFacts, routeRequest, termsOf } from './eligibility'
import { type Condition, type DecisionTable, decide, faultsOf } from './policy'

const table = (...rows: [string, Record<string, Condition>][]): DecisionTable => ({
  inputs: ['a', 'n', 'b'],
  outputs: ['x'],
  rows: rows.map(([id, when]) => ({ id, note: '', when, then: { x: id } })),
})

describe('a decision table', () => {
  it('the first row whose every condition holds decides, and says why the others do not', () => {
    const decision = decide(table(['r1', { a: { in: ['p'] } }], ['r2', { n: { from: 1, to: 2 } }], ['r3', {}]), {
      a: 'q',
      n: 2,
      b: true,
    })
    expect(decision.row?.id).toBe('r2')
    expect(decision.explanation).toEqual(['r1 does not: a is p is needed, it is q.', 'r2 decides: n from 1 to 2.'])
    expect(decide(table(['r1', { b: { is: false } }]), { b: true }).row).toBeUndefined()
  })

  it('bounds are inclusive and exact; what is not known fulfils nothing', () => {
    const at = (n: number | undefined) => decide(table(['r', { n: { from: 0.1, to: 50 } }]), { n }).row?.id
    expect([at(0.1), at(50), at(0.0999), at(50.0001), at(0.1 + 0.2), at(undefined)]).toEqual([
      'r',
      'r',
      undefined,
      undefined,
      'r',
      undefined,
    ])
    expect(decide(table(['r', { a: { not: ['p'] } }]), {}).row).toBeUndefined()
  })

  it('rows below the one that decides never matter', () => {
    const row = fc.tuple(
      fc.constantFrom('r1', 'r2', 'r3'),
      fc.dictionary(
        fc.constantFrom('a', 'n', 'b'),
        fc.oneof(
          fc.record({ in: fc.array(fc.constantFrom('p', 'q')) }),
          fc.record({ from: fc.integer({ min: 0, max: 9 }) }),
          fc.record({ is: fc.boolean() }),
        ),
      ),
    )
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.array(row, { maxLength: 4 }),
        fc.constantFrom('p', 'q', undefined),
        fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        (rows, more, a, n) => {
          const facts = { a, n, b: true }
          const first = decide(table(...rows), facts)
          if (first.row) expect(decide(table(...rows, ...more), facts).row?.id).toBe(first.row.id)
        },
      ),
    )
  })

  it('names its faults', () => {
    expect(faultsOf(table(['r1', {}], ['r1', { z: { is: true } }]))).toEqual([
      'Two rows are named r1.',
      'r1 is never reached: r1 above it decides always.',
      'r1 asks for z, which is not an input.',
    ])
    for (const each of [DISPOSITION_TABLE, RETURNS_TABLE, ROUTING_TABLE]) expect(faultsOf(each)).toEqual([])
  })
})

describe('the returns policy as delivered', () => {
  const facts: RequestFacts = {
    reason: 'changed_mind',
    returnType: 'refund',
    days: 12,
    channel: 'web-eu',
    category: 'apparel',
    segment: 'regular',
    country: 'DE',
    goodsClass: 'none',
    finalSale: false,
    price: 60,
    returns90d: 1,
  }
  const row = (more: Partial<RequestFacts>) => judgeRequest(RETURNS_TABLE, { ...facts, ...more }).row
  it('decides each kind of return by its row', () => {
    expect(row({})).toBe('standard')
    expect(row({ days: 30 })).toBe('standard')
    expect(row({ days: 31 })).toBe('late')
    expect(row({ days: 45 })).toBe('too-late')
    expect(row({ days: 300, reason: 'defective' })).toBe('our-fault')
    expect(row({ finalSale: true })).toBe('final-sale')
    expect(row({ finalSale: true, reason: 'defective' })).toBe('our-fault')
    expect(row({ segment: 'vip', days: 55 })).toBe('vip')
    expect(row({ price: 500 })).toBe('expensive')
    expect(row({ price: 499.99 })).toBe('standard')
    expect(row({ returns90d: 12 })).toBe('abuse')
    expect(row({ channel: 'wholesale', days: 50 })).toBe('wholesale')
    expect(row({ goodsClass: 'cosmetic_hygiene' })).toBe('hygiene')
  })

  it('an unknown date of sale, or a table without an answer, is for a person', () => {
    expect(judgeRequest(RETURNS_TABLE, { ...facts, days: undefined }).terms.returnable).toBe(false)
    expect(judgeRequest({ ...RETURNS_TABLE, rows: [] }, facts).terms).toMatchObject({
      approval: 'manual',
      release: 'manual',
    })
    expect(termsOf({ row: RETURNS_TABLE.rows[0], outputs: { release: 'nonsense', fee_percent: -3 } })).toMatchObject({
      release: 'manual',
      feePercent: 0,
    })
  })

  it('without a routing row a return goes back to where it came from', () => {
    expect(routeRequest(ROUTING_TABLE, { ...facts, shippedFrom: 'venlo' })).toEqual({ facility: 'venlo', row: '' })
  })
})
