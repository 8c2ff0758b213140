import { describe, expect, it } from 'vitest'
import { SETTLEMENT_KINDS } from './codes'
import { REPLACEMENT_STATES } from './exchange'
import { concerns, SETTLEMENT_ACTIONS, type SettlementState, whyMoneyClosed } from './settlement-lifecycle'

const STATES = ['proposed', 'approved', 'reserved', 'submitting', 'paid', 'failed', 'unknown', 'rejected']
const every: SettlementState[] = SETTLEMENT_KINDS.flatMap((kind) =>
  STATES.flatMap((state) =>
    [true, false].flatMap((external) =>
      ([null, ...REPLACEMENT_STATES] as const).flatMap((replacement) =>
        ([null, 'accepted', 'disputed'] as const).flatMap((answer) =>
          [0, 1].map((n) => ({ ...{ kind, state, external, replacement, answer }, held: BigInt(n), documents: n })),
        ),
      ),
    ),
  ),
)
const open = (command: string) => every.filter((each) => whyMoneyClosed(command, each) === undefined)

describe('what may be done with a settlement', () => {
  it('is open or closed with a sentence, in every state there is', () => {
    for (const action of SETTLEMENT_ACTIONS)
      for (const state of every)
        if (concerns(action, state)) {
          const why = whyMoneyClosed(action.command, state)
          expect(why === undefined || /^[A-Z].{5,120}\.$/.test(why), `${action.command}: ${why}`).toBe(true)
        }
  })

  it('never withdraws what is on its way, what is ordered, or what others decided', () => {
    for (const { state, external, replacement } of open('settlement.reject')) {
      expect(['proposed', 'approved', 'failed']).toContain(state)
      expect(external).toBe(false)
      expect(['ordered', 'shipped']).not.toContain(replacement)
    }
  })

  it('cancels only a replacement that is not on its way', () => {
    const all = open('exchange.cancel')
    expect(all.length).toBeGreaterThan(0)
    expect(new Set(all.map(({ kind, replacement }) => `${kind} ${replacement}`))).toEqual(
      new Set(['exchange reserved', 'exchange ordered']),
    )
  })

  it('answers a chargeback that took money, disputes it once and may let it stand afterwards', () => {
    expect(new Set(open('chargeback.dispute').map(({ kind, state, answer }) => `${kind} ${state} ${answer}`))).toEqual(
      new Set(['chargeback paid null']),
    )
    expect(new Set(open('chargeback.accept').map(({ answer }) => answer))).toEqual(new Set([null, 'disputed']))
    expect(whyMoneyClosed('chargeback.accept', chargeback('rejected'))).toBe('The bank gave the money back.')
  })

  it('spends and ends store credit only where there is some', () => {
    for (const command of ['store_credit.spend', 'store_credit.void'])
      for (const { kind, state, held } of open(command))
        expect([kind, state, held]).toEqual(['store_credit', 'paid', 1n])
  })
})

const chargeback = (state: string): SettlementState => ({
  ...{ kind: 'chargeback', state, external: true, replacement: null, answer: null, held: 0n, documents: 0 },
})
