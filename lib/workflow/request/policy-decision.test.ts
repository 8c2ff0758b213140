import { expect, it } from 'vitest'
import type { JudgedLine } from './judge'
import { decidedOn, decisionOf, policyDecisionOf } from './policy-decision'

const judged: JudgedLine = {
  terms: {
    returnable: true,
    approval: 'auto',
    release: 'on_scan',
    method: 'original',
    windowDays: 30,
    feePercent: 5,
    labelFee: 4.5,
    deduction: { C: 0, D: 50, E: 100 },
  },
  row: 'standard',
  note: 'Within thirty days.',
  explanation: ['final_sale: it was not'],
  version: 3,
  facts: {} as JudgedLine['facts'],
  facility: 'venlo',
  routingRow: 'near',
}

it('comes back from the database as it was decided, by order line', () => {
  const kept = JSON.parse(JSON.stringify({ ...decisionOf(new Map([['L1', judged]])), exceptionId: 'EX1' }))
  const read = policyDecisionOf(kept)
  expect(read).toMatchObject({ version: 3, exceptionId: 'EX1' })
  expect(decidedOn(read, 'L1')).toMatchObject({ terms: judged.terms, row: 'standard', routing: { facility: 'venlo' } })
  expect(decidedOn(read, 'L2')).toBeUndefined()
})

it('is nothing where no policy was asked, and an error where it cannot be read', () => {
  expect(policyDecisionOf(null)).toBeUndefined()
  expect(() => policyDecisionOf({ version: 3, lines: [{ orderLineId: 'L1', terms: {} }] })).toThrow(/cannot be read/)
})
