/** The duties of a case that a person can have done. */
export const DUTIES = [
  'request',
  'receive',
  'inspect',
  'dispose',
  'approve_refund',
  'pay',
  'adjust_request',
  'adjust_approve',
  'prepare_journal',
  'approve_journal',
  'review_posting',
] as const
export type Duty = (typeof DUTIES)[number]

/**
 * Which two duties one person may not do on one case (reliability.md §7.2). `unit`: not on the same unit; `rma`: not on any unit of the case.
 * The database reads this table in a trigger, so it holds for every way in.
 */
export const DUTY_CONFLICTS: readonly (readonly [Duty, Duty, 'unit' | 'rma'])[] = [
  ['request', 'receive', 'unit'],
  ['request', 'inspect', 'unit'],
  ['request', 'dispose', 'unit'],
  ['request', 'approve_refund', 'rma'],
  ['request', 'pay', 'rma'],
  ['receive', 'inspect', 'unit'],
  ['receive', 'dispose', 'unit'],
  ['receive', 'approve_refund', 'rma'],
  ['receive', 'pay', 'rma'],
  ['inspect', 'dispose', 'unit'],
  ['inspect', 'approve_refund', 'rma'],
  ['inspect', 'pay', 'rma'],
  ['dispose', 'approve_refund', 'rma'],
  ['dispose', 'pay', 'rma'],
  ['approve_refund', 'pay', 'rma'],
  ['approve_refund', 'review_posting', 'rma'],
  ['adjust_request', 'adjust_approve', 'unit'],
  ['prepare_journal', 'approve_journal', 'unit'],
]
