import { CONDITIONS, DISPOSITIONS, FINDINGS, REASONS, RETURN_TYPES } from './codes'
import { RELEASE_RULES } from './eligibility'
import { GOODS_CLASSES } from './goods'

/** Inputs of the decision tables that are numbers, and that are yes or no; every other one is a code. */
export const NUMBER_INPUTS: ReadonlySet<string> = new Set(['days', 'price', 'returns_90d', 'value', 'amount'])
export const BOOLEAN_INPUTS: ReadonlySet<string> = new Set([
  ...['final_sale', 'covered', 'serial_match', 'accessories_complete', 'before_inspection', 'against_policy', 'risk'],
])
export const NUMBER_OUTPUTS: ReadonlySet<string> = new Set([
  ...['window_days', 'fee_percent', 'label_fee', 'deduction_c', 'deduction_d', 'deduction_e'],
])
export const BOOLEAN_OUTPUTS: ReadonlySet<string> = new Set(['returnable'])

/** Columns whose values are of a standard list. */
export const CODES_OF: Readonly<Record<string, readonly string[]>> = {
  reason: REASONS,
  return_type: RETURN_TYPES,
  goods_class: Object.keys(GOODS_CLASSES),
  condition: CONDITIONS,
  finding: FINDINGS,
  before: DISPOSITIONS,
  disposition: DISPOSITIONS,
  stage: ['interim', 'final'],
  approval: ['auto', 'manual'],
  release: RELEASE_RULES,
  subject: ['settlement', 'adjustment', 'write_off', 'override', 'policy', 'reopen', 'journal', 'fee_waiver'],
}
