import { describe, expect, it } from 'vitest'
import { type WaitFacts, waitsOf } from './waits'

const soon = new Date('2026-11-24T12:00:00Z')
const unit: WaitFacts['units'][number] = {
  status: 'expected',
  quantity: 1,
  inspected: false,
  dispositioned: false,
  disposition: '',
  final: false,
  expectedAt: soon,
}
const nothing: WaitFacts = {
  decided: true,
  ended: false,
  units: [unit],
  settlements: [],
  approvals: [],
  exceptions: [],
  claims: [],
}
const said = (facts: Partial<WaitFacts>): string[] => waitsOf({ ...nothing, ...facts }).map(({ what }) => what)

describe('what a case waits for', () => {
  it('is a decision first, then the goods with the day they are promised for', () => {
    expect(said({ decided: false })).toEqual(['a decision on the request', 'the customer to send it'])
    expect(waitsOf(nothing)).toEqual([{ what: 'the customer to send it', until: soon }])
    expect(said({ units: [{ ...unit, status: 'in_transit' }] })).toEqual(['the parcel'])
  })

  it('names how many units wait where not all wait for the same', () => {
    expect(said({ units: [unit, { ...unit, status: 'received' }] })).toEqual([
      'the customer to send it (1 of 2 units)',
      'inspection (1 of 2 units)',
    ])
  })

  it('follows the goods out of the house', () => {
    const here = { ...unit, status: 'received', inspected: true }
    expect(said({ units: [here] })).toEqual(['a decision on the goods', 'a settlement to be proposed'])
    const paid = { state: 'paid', release: 'on_receipt', released: true, nextAttemptAt: null }
    expect(
      said({
        units: [{ ...here, status: 'liquidation', dispositioned: true, disposition: 'liquidate' }],
        settlements: [paid],
      }),
    ).toEqual(['the goods to be sold off'])
  })

  it('says what holds the money', () => {
    const approved = { state: 'approved', release: 'on_inspection', released: false, nextAttemptAt: null }
    expect(said({ settlements: [approved] }).at(-1)).toBe('its inspection, before money goes')
    expect(said({ settlements: [{ ...approved, released: true }] }).at(-1)).toBe('the payment')
    expect(said({ settlements: [{ ...approved, state: 'unknown' }] }).at(-1)).toBe('somebody to look into the payment')
    expect(said({ approvals: [{ roles: 'a level 1 approver', expiresAt: soon }] })[0]).toBe(
      'an answer of a level 1 approver',
    )
  })

  it('is only the claim once the case itself has ended', () => {
    const final = { ...unit, status: 'returned_to_vendor', inspected: true, dispositioned: true, final: true }
    expect(said({ ended: true, units: [final] })).toEqual([])
    expect(said({ ended: true, units: [final], claims: [{ state: 'submitted', windowUntil: null }] })).toEqual([
      'the supplier’s answer to the claim',
    ])
  })
})
