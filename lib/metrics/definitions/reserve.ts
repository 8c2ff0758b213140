import type { FamilyDefinition } from '../definition-types'

/** Returns that are still to come on sales already made (IFRS 15, ASC 606). */
export const reserve: FamilyDefinition = {
  family: 'reserve',
  parts: {
    expected_refunds: {
      label: 'Expected refunds',
      fact: 'open_sales',
      value: 'net * return_share * (1 - visible)',
      measure: 'float',
      unit: 'money',
    },
    expected_goods: {
      label: 'Expected goods',
      fact: 'open_sales',
      value: 'cost * return_share * (1 - visible) * recovery_share',
      measure: 'float',
      unit: 'money',
    },
  },
  metrics: [
    {
      id: 'reserve_refund_liability',
      label: 'Refund liability',
      unit: 'money',
      good: 'down',
      bases: [],
      value: { kind: 'part', of: 'expected_refunds' },
      sentence: 'Refunds expected on sales already made.',
      formula: 'Σ over sales younger than 120 days: net × return rate by value × (1 − F(age))',
      owner: 'controller',
    },
    {
      id: 'right_of_return_asset',
      label: 'Right-of-return asset',
      unit: 'money',
      good: 'none',
      bases: [],
      value: { kind: 'part', of: 'expected_goods' },
      sentence: 'What the goods expected back are worth, at the recovery of the last 365 days.',
      formula: 'Σ over sales younger than 120 days: cost × return rate by value × (1 − F(age)) × recovery share',
      owner: 'controller',
    },
  ],
}
