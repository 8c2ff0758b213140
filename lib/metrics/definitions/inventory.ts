import { TRAPPED_STATUSES } from '../../returns/codes'
import type { FamilyDefinition, Part } from '../definition-types'
import { codes, OPEN_AT_T, reached } from './expressions'

const stock = (label: string, when: string, value: 'full_quantity' | 'full_cost_value'): Part => ({
  label,
  fact: 'stock',
  when,
  value,
  measure: 'sum',
  unit: value === 'full_quantity' ? 'count' : 'money',
})

const TRAPPED = `status_at_t IN ${codes(TRAPPED_STATUSES)}`
const WAITING = `${reached('received_at')} AND NOT ${reached('dispositioned_at')} AND ${OPEN_AT_T}`

/** What lies where, as of any instant. */
export const inventory: FamilyDefinition = {
  family: 'inventory',
  parts: {
    trapped_cost: stock('Cost of trapped units', TRAPPED, 'full_cost_value'),
    trapped_quantity: stock('Trapped units', TRAPPED, 'full_quantity'),
    trapped_expected: {
      label: 'Expected recovery of trapped units',
      fact: 'stock',
      when: TRAPPED,
      value: 'full_cost_value * recovery_share',
      measure: 'float',
      unit: 'money',
    },
    waiting_cost: stock('Cost of the backlog', WAITING, 'full_cost_value'),
    waiting_quantity: stock('Units in the backlog', WAITING, 'full_quantity'),
    week_throughput: {
      label: 'Units dispositioned in the last five working days',
      fact: 'throughput',
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
    },
  },
  metrics: [
    {
      id: 'trapped_value',
      label: 'Trapped value',
      unit: 'money',
      good: 'down',
      bases: [],
      value: { kind: 'part', of: 'trapped_cost' },
      sentence:
        'Cost of the units that are here and cannot be sold: received, on hold, in quarantine, in repair, waiting for the vendor or for liquidation.',
      formula: `Σ cost of units present with status at T in ${TRAPPED_STATUSES.join(', ')}`,
      owner: 'inventory_controller',
    },
    {
      id: 'trapped_units',
      label: 'Trapped units',
      unit: 'count',
      good: 'down',
      bases: [],
      value: { kind: 'part', of: 'trapped_quantity' },
      sentence: 'Units that are here and cannot be sold.',
      formula: `Σ quantity of units present with status at T in ${TRAPPED_STATUSES.join(', ')}`,
      owner: 'inventory_controller',
    },
    {
      id: 'trapped_expected_value',
      label: 'Trapped value, expected recovery',
      unit: 'money',
      good: 'none',
      bases: [],
      value: { kind: 'part', of: 'trapped_expected' },
      sentence:
        'What the trapped units are expected to bring, by their condition. What it is less than their cost is likely to be written down.',
      formula: 'Σ cost of trapped units × share that units of that condition brought in the last 365 days',
      owner: 'inventory_controller',
    },
    {
      id: 'backlog_units',
      label: 'Backlog',
      unit: 'count',
      good: 'down',
      bases: [],
      value: { kind: 'part', of: 'waiting_quantity' },
      sentence: 'Units that arrived and for which nothing is decided yet.',
      formula: 'Σ quantity of units present, received and not dispositioned by T, status at T not final',
      owner: 'warehouse_manager',
    },
    {
      id: 'backlog_value',
      label: 'Backlog value',
      unit: 'money',
      good: 'down',
      bases: [],
      value: { kind: 'part', of: 'waiting_cost' },
      sentence: 'Cost of the units in the backlog.',
      formula: 'Σ cost of units present, received and not dispositioned by T, status at T not final',
      owner: 'warehouse_manager',
    },
    {
      id: 'backlog_days',
      label: 'Backlog, days of work',
      unit: 'days',
      good: 'down',
      bases: [],
      value: { kind: 'ratio', of: 'waiting_quantity', by: 'week_throughput', times: 5 },
      sentence: 'How many working days the backlog takes at the pace of the last five.',
      formula: 'backlog ÷ (Σ quantity dispositioned in the 5 working days before the day of T ÷ 5)',
      owner: 'warehouse_manager',
    },
  ],
}
