import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaseEvent } from './case-event'
import { foldUnit } from './fold-unit'

const event = (
  type: string,
  time: number,
  data: Record<string, unknown> = {},
  more: Partial<CaseEvent> = {},
): CaseEvent => ({
  source: '/t',
  id: `${type}-${time}`,
  revision: 0,
  voided: false,
  type,
  time,
  sequence: '',
  data: { unit_id: 'u', ...data },
  ...more,
})

const LIFE: CaseEvent[] = [
  event('return.requested.v1', 1_000, {
    rma_id: 'R1',
    order_line_id: 'L1',
    sku: 'S',
    quantity: 2,
    reason_code: 'too_small',
    unit_cost: '10.50',
    currency: 'EUR',
  }),
  event('return.authorized.v1', 2_000, { policy_row: 'r1', policy_version: '3' }),
  event('shipment.in_transit.v1', 3_000, {
    carrier: 'post',
    tracking_number: 'T1',
    expected_at: '2026-05-01T00:00:00Z',
  }),
  event('unit.received.v1', 4_000, { facility: 'venlo', quantity: 2, condition_code: 'B' }),
  event('unit.inspected.v1', 5_000, { condition_code: 'C', finding_code: 'used' }),
  event('unit.dispositioned.v1', 6_000, { disposition: 'restock' }),
]

const permutations = <T>(list: readonly T[]): T[][] =>
  list.length < 2
    ? [[...list]]
    : list.flatMap((item, index) => permutations(list.filter((_, at) => at !== index)).map((rest) => [item, ...rest]))

describe('a unit is the fold of its events', () => {
  it('is the same for all 720 orders of arrival', () => {
    const expected = foldUnit('u', LIFE)
    expect(expected).toMatchObject({
      status: 'sellable',
      condition: 'C',
      finding: 'used',
      facility: 'venlo',
      quantity: 2,
      decision: 'authorized',
      requestedAt: 1_000,
      unitCost: 105_000n,
    })
    for (const order of permutations(LIFE)) expect(foldUnit('u', order)).toEqual(expected)
  })

  it('is the same however often and in whatever order events come, with corrections and movements', () => {
    const types = [
      ...LIFE,
      event('unit.moved.v1', 5_500, { movement_id: 'm1', from_status: 'received', to_status: 'hold', quantity: 2 }),
      event('unit.moved.v1', 7_000, {
        movement_id: 'm2',
        from_status: 'hold',
        to_status: 'restocked',
        quantity: 2,
        unit_value: '8',
      }),
    ]
    const expected = foldUnit('u', types)
    expect(expected).toMatchObject({ status: 'restocked', statusAt: 7_000, finalAt: 7_000, unitValue: 80_000n })
    fc.assert(
      fc.property(fc.shuffledSubarray(types, { minLength: types.length }), (order) => {
        expect(foldUnit('u', order)).toEqual(expected)
      }),
    )
  })

  it('leaves out what was voided', () => {
    const undone = LIFE.map((each) =>
      each.type === 'unit.received.v1' ? { ...each, voided: true, revision: 1 } : each,
    )
    expect(foldUnit('u', undone.slice(0, 4))).toMatchObject({
      status: 'in_transit',
      receivedAt: 0,
      receivedQuantity: 0,
    })
  })

  it('is nothing without events', () => {
    expect(foldUnit('u', [])).toBeUndefined()
    expect(foldUnit('u', [{ ...LIFE[0]!, voided: true }])).toBeUndefined()
  })

  it('gives a part of a split its past, its quantity, and its own future', () => {
    const past = LIFE.slice(0, 4)
    const own = [event('unit.inspected.v1', 9_000, { condition_code: 'D', finding_code: 'customer_damage' })]
    const part = foldUnit('u-a', own, { parentId: 'u', at: 8_000, quantity: 1, past })
    expect(part).toMatchObject({
      quantity: 1,
      parentId: 'u',
      receivedAt: 4_000,
      inspectedAt: 9_000,
      condition: 'D',
      rmaId: 'R1',
      splitAt: 0,
    })
  })
})
