import type { FamilyDefinition, Metric, Part } from '../definition-types'

const counted = (label: string, time: string, when?: string): Part => ({
  label,
  fact: 'units',
  time,
  ...(when ? { when } : {}),
  value: 'quantity',
  measure: 'sum',
  unit: 'count',
})

const count = (
  id: string,
  label: string,
  sentence: string,
  formula: string,
  good: Metric['good'] = 'none',
): Metric => ({
  id,
  label,
  unit: 'count',
  good,
  bases: ['activity', 'cohort'],
  value: { kind: 'part', of: `${id.replace(/_units$/, '')}_quantity` },
  sentence,
  formula,
  owner: 'warehouse_manager',
})

/** What happened: how much went through each stage. */
export const activity: FamilyDefinition = {
  family: 'activity',
  parts: {
    requested_quantity: counted('Units requested', 'requested_at'),
    rejected_quantity: counted('Units rejected', 'rejected_at', "decision = 'rejected'"),
    received_quantity: counted('Units received', 'received_at'),
    inspected_quantity: counted('Units inspected', 'inspected_at'),
    dispositioned_quantity: counted('Units dispositioned', 'dispositioned_at'),
    finalized_quantity: counted('Units finalized', 'final_at', "outcome != 'cancelled'"),
    refunded_quantity: counted('Units refunded', 'refunded_at'),
    credited: {
      label: 'Credited to customers',
      fact: 'credit',
      time: 'credit.at',
      value: 'credit.amount',
      measure: 'sum',
      unit: 'money',
    },
  },
  metrics: [
    count('requested_units', 'Units requested', 'Units that customers asked to return.', 'Σ quantity by requested_at'),
    count(
      'rejected_units',
      'Units rejected',
      'Units whose return was refused, and still is.',
      'Σ quantity by rejected_at, decision rejected',
    ),
    count('received_units', 'Units received', 'Units that arrived.', 'Σ quantity by received_at'),
    count('inspected_units', 'Units inspected', 'Units that were inspected.', 'Σ quantity by inspected_at', 'up'),
    count(
      'dispositioned_units',
      'Units dispositioned',
      'Units for which it was decided what becomes of them.',
      'Σ quantity by dispositioned_at',
      'up',
    ),
    count(
      'finalized_units',
      'Units finalized',
      'Units that reached their end: restocked, liquidated, returned to the vendor, scrapped, donated, returned to the customer or lost.',
      'Σ quantity by final_at, outcome not cancelled',
      'up',
    ),
    {
      id: 'refunded_value',
      label: 'Refunded',
      unit: 'money',
      good: 'none',
      bases: ['activity', 'cohort'],
      value: { kind: 'part', of: 'credited' },
      sentence: 'What customers got in refunds, credits, goodwill and chargebacks, tax included.',
      formula: 'Σ amount of paid settlements by paid_at',
      owner: 'controller',
    },
    count(
      'refunded_units',
      'Units refunded',
      'Units by the day of their first refund or credit.',
      'Σ quantity by refunded_at',
    ),
  ],
}
