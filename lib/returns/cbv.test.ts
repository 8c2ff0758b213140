import { expect, it } from 'vitest'
import { CBV } from './cbv'
import { STATUSES } from './codes'

/** Those of CBV 2.0, clauses 7.1 and 7.2, that goods coming back can have. */
const STEPS =
  'accepting arriving collecting decommissioning departing destroying holding inspecting receiving repairing shipping stocking storing transporting'
const STATES =
  'damaged destroyed disposed expired in_transit non_sellable_other recalled retail_sold returned sellable_accessible sellable_not_accessible unknown'

it('every status has words of the vocabulary, or none', () => {
  expect(Object.keys(CBV).sort()).toEqual([...STATUSES].sort())
  for (const { bizStep, disposition } of Object.values(CBV)) {
    expect(['', ...STEPS.split(' ')]).toContain(bizStep)
    expect(['', ...STATES.split(' ')]).toContain(disposition)
  }
})
