import type { FamilyDefinition } from '../definition-types'

/** What was sold: the same on both bases. */
export const sales: FamilyDefinition = {
  family: 'sales',
  parts: {
    sold_quantity: { label: 'Units sold', fact: 'sales', value: 'quantity', measure: 'sum', unit: 'count' },
    sold_net: { label: 'Net sales', fact: 'sales', value: 'net', measure: 'sum', unit: 'money' },
  },
  metrics: [
    {
      id: 'sold_units',
      label: 'Units sold',
      unit: 'count',
      good: 'up',
      bases: ['cohort', 'activity'],
      value: { kind: 'part', of: 'sold_quantity' },
      sentence: 'Units shipped to customers in the period.',
      formula: 'Σ quantity of order lines sold in the period',
      owner: 'controller',
    },
    {
      id: 'net_sales',
      label: 'Net sales',
      unit: 'money',
      good: 'up',
      bases: ['cohort', 'activity'],
      value: { kind: 'part', of: 'sold_net' },
      sentence: 'What customers were charged, after discounts and without tax, in the reporting currency.',
      formula: 'Σ net amount of order lines sold in the period',
      owner: 'controller',
    },
  ],
}
