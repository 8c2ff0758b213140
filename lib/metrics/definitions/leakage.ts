import type { FamilyDefinition } from '../definition-types'

const counts = { fact: 'leak', time: 'leak.at', when: '$T < leak.until' } as const

/** Money that left without a claim to it: the ordered, exclusive categories of docs/facts.md, section 5. */
export const leakage: FamilyDefinition = {
  family: 'leakage',
  parts: {
    leaked: { ...counts, label: 'Leaked', value: 'leak.amount', measure: 'sum', unit: 'money' },
    leaking_settlements: {
      ...counts,
      label: 'Settlements that leaked',
      value: 'leak.id',
      measure: 'distinct',
      unit: 'count',
    },
  },
  metrics: [
    {
      id: 'leakage_value',
      label: 'Refund leakage',
      unit: 'money',
      good: 'down',
      bases: ['activity', 'cohort'],
      value: { kind: 'part', of: 'leaked' },
      sentence:
        'Money paid out that the customer was not entitled to or that nothing came back for; every amount counts in at most one category.',
      formula: 'Σ amount of leakage entries that count as of T',
      owner: 'controller',
    },
    {
      id: 'leakage_rate',
      label: 'Leakage rate',
      unit: 'ratio',
      good: 'down',
      bases: ['activity', 'cohort'],
      value: { kind: 'ratio', of: 'leaked', by: 'credited' },
      sentence: 'Refund leakage as a share of what was refunded.',
      formula: 'leakage ÷ refunded',
      owner: 'controller',
    },
    {
      id: 'leakage_cases',
      label: 'Leakage cases',
      unit: 'count',
      good: 'down',
      bases: ['activity', 'cohort'],
      value: { kind: 'part', of: 'leaking_settlements' },
      sentence: 'Settlements with any leakage.',
      formula: 'number of different settlements with a leakage entry that counts as of T',
      owner: 'controller',
    },
  ],
}
