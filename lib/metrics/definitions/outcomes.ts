import type { FamilyDefinition, Metric, Part } from '../definition-types'
import { codes } from './expressions'

const OUTCOMES = [
  { id: 'sellable_rate', outcome: 'restocked', label: 'Restocked', good: 'up', words: 'back in sellable stock' },
  { id: 'liquidated_rate', outcome: 'liquidated', label: 'Liquidated', good: 'down', words: 'sold off' },
  {
    id: 'vendor_rate',
    outcome: 'returned_to_vendor',
    label: 'Returned to vendor',
    good: 'none',
    words: 'sent back to the supplier',
  },
  { id: 'scrapped_rate', outcome: 'scrapped', label: 'Scrapped', good: 'down', words: 'scrapped' },
  { id: 'donated_rate', outcome: 'donated', label: 'Donated', good: 'none', words: 'given away' },
  { id: 'lost_rate', outcome: 'lost', label: 'Lost', good: 'down', words: 'lost' },
  {
    id: 'returned_to_customer_rate',
    outcome: 'returned_to_customer',
    label: 'Returned to customer',
    good: 'none',
    words: 'sent back to the customer',
  },
] as const

const ended = (label: string, when: string): Part => ({
  label,
  fact: 'units',
  time: 'final_at',
  when,
  value: 'quantity',
  measure: 'sum',
  unit: 'count',
})

/** What becomes of the goods, and what of their cost comes back. */
export const outcomes: FamilyDefinition = {
  family: 'outcomes',
  parts: {
    ...Object.fromEntries(
      OUTCOMES.map(({ outcome, label }) => [`ended_${outcome}`, ended(label, `outcome = '${outcome}'`)]),
    ),
    ended_any: ended('Units finalized', `outcome IN ${codes(OUTCOMES.map(({ outcome }) => outcome))}`),
    value_recovered: {
      label: 'Value recovered',
      fact: 'money',
      time: 'money.at',
      when: `money.component IN ${codes(['restocked_value', 'liquidation_proceeds', 'claim_recovery'])}`,
      value: 'money.amount',
      measure: 'sum',
      unit: 'money',
    },
    ended_cost: {
      ...ended(
        'Cost of units finalized',
        `outcome IN ${codes(['restocked', 'liquidated', 'returned_to_vendor', 'scrapped', 'donated', 'lost'])}`,
      ),
      value: 'cost_value',
      unit: 'money',
    },
  },
  metrics: [
    ...OUTCOMES.map(
      ({ id, outcome, label, good, words }): Metric => ({
        id,
        label,
        unit: 'ratio',
        good,
        bases: ['activity', 'cohort'],
        value: { kind: 'ratio', of: `ended_${outcome}`, by: 'ended_any' },
        sentence: `Share of the units that reached their end which was ${words}.`,
        formula: `Σ quantity with outcome ${outcome} ÷ Σ quantity with any outcome but cancelled, by final_at`,
        owner: 'inventory_controller',
      }),
    ),
    {
      id: 'value_recovery_rate',
      label: 'Value recovery',
      unit: 'ratio',
      good: 'up',
      bases: ['activity', 'cohort'],
      value: { kind: 'ratio', of: 'value_recovered', by: 'ended_cost' },
      sentence:
        'What of the cost of finalized units came back: restocked value after write-down, liquidation proceeds and supplier credits.',
      formula:
        'Σ (restocked value + liquidation proceeds + claim recovery) ÷ Σ cost of units finalized, returned to customer and cancelled left out',
      owner: 'controller',
      without: ['component'],
    },
  ],
}
