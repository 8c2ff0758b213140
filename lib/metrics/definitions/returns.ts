import type { FamilyDefinition, Metric } from '../definition-types'

const projection = (bound: 'point' | 'low' | 'high', id: string, label: string, sentence: string): Metric => ({
  id,
  label,
  unit: 'ratio',
  good: 'down',
  bases: ['cohort'],
  value: { kind: 'projection', of: 'returned_quantity', by: 'visible_quantity', sold: 'sold_quantity', bound },
  sentence,
  formula:
    bound === 'point'
      ? 'return rate ÷ maturity; no value while maturity < 0.3'
      : '(R/M ∓ 1.2815515655446004 × √(R × (1 − M))/M) ÷ units sold, R units returned, M maturity; low not under R ÷ units sold',
  owner: 'merchandiser',
})

/** How much of what was sold comes back. */
export const returns: FamilyDefinition = {
  family: 'returns',
  parts: {
    returned_quantity: {
      label: 'Units returned',
      fact: 'units',
      time: 'requested_at',
      when: 'returned',
      onActivity: { label: 'Units received', time: 'received_at' },
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
    },
    returned_value: {
      label: 'Net sale value of units returned',
      fact: 'units',
      time: 'requested_at',
      when: 'returned',
      onActivity: { label: 'Net sale value of units received', time: 'received_at' },
      value: 'sale_value',
      measure: 'sum',
      unit: 'money',
    },
    returned_lines: {
      label: 'Order lines with a returned unit',
      fact: 'units',
      time: 'requested_at',
      when: 'returned AND quantity > 0',
      value: 'order_line_id',
      measure: 'distinct',
      unit: 'count',
    },
    sold_lines: { label: 'Order lines sold', fact: 'sales', value: 'lines', measure: 'sum', unit: 'count' },
    visible_quantity: {
      label: 'Units sold, each by the share of its returns expected to be visible',
      fact: 'aged_sales',
      value: 'quantity * visible',
      measure: 'float',
      unit: 'count',
    },
    two_months_returned: {
      label: 'Units that came back within two months after the month of sale',
      fact: 'units',
      // Its clock is the goods' arrival, as in Seller Central's list of returns: a request that nothing follows is no return there.
      time: 'received_at',
      when: 'returned AND toStartOfMonth(received_at, $tz) < addMonths(toStartOfMonth(sold_at, $tz), 3)',
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
      window: 'two_months',
    },
    two_months_sold: {
      label: 'Units sold whose two months have ended',
      fact: 'sales',
      value: 'quantity',
      measure: 'sum',
      unit: 'count',
      window: 'two_months',
    },
  },
  metrics: [
    {
      id: 'return_rate_units',
      label: 'Return rate',
      unit: 'ratio',
      good: 'down',
      bases: ['cohort', 'activity'],
      value: { kind: 'ratio', of: 'returned_quantity', by: 'sold_quantity' },
      sentence:
        'Of the units sold in the period, the share that customers asked to return and that was neither rejected nor cancelled. By date of event: units received in the period over units sold in it, which may exceed 100 %.',
      formula: 'Σ quantity of returned units ÷ Σ quantity sold; by date of event Σ quantity received ÷ Σ quantity sold',
      owner: 'merchandiser',
    },
    {
      id: 'return_rate_value',
      label: 'Return rate by value',
      unit: 'ratio',
      good: 'down',
      bases: ['cohort', 'activity'],
      value: { kind: 'ratio', of: 'returned_value', by: 'sold_net' },
      sentence: 'The return rate with each unit weighed by its net sale value.',
      formula: 'Σ sale value of returned units ÷ net sales',
      owner: 'merchandiser',
    },
    {
      id: 'return_rate_lines',
      label: 'Return rate by order lines',
      unit: 'ratio',
      good: 'down',
      bases: ['cohort'],
      value: { kind: 'ratio', of: 'returned_lines', by: 'sold_lines' },
      sentence:
        'Of the order lines sold in the period, the share of which anything was returned, however many units of it. A line that came back for two reasons counts under both.',
      formula: 'number of different order lines with a returned unit ÷ number of order lines sold',
      owner: 'merchandiser',
    },
    {
      id: 'return_maturity',
      label: 'Maturity',
      unit: 'ratio',
      good: 'none',
      bases: ['cohort'],
      value: { kind: 'ratio', of: 'visible_quantity', by: 'sold_quantity' },
      sentence:
        'The share of its eventual returns that a cohort is expected to show by now, from how long older cohorts of the same category and channel took.',
      formula: 'Σ quantity sold × F(category, channel, age) ÷ Σ quantity sold; F the delay curve of docs/metrics.md',
      owner: 'merchandiser',
    },
    projection(
      'point',
      'return_rate_projected',
      'Projected return rate',
      'The return rate that the cohort is expected to end at.',
    ),
    projection(
      'low',
      'return_rate_projected_low',
      'Projected return rate, low',
      'Lower end of the 80 % interval of the projected return rate.',
    ),
    projection(
      'high',
      'return_rate_projected_high',
      'Projected return rate, high',
      'Upper end of the 80 % interval of the projected return rate.',
    ),
    {
      id: 'return_rate_two_months',
      label: 'Return rate, two months',
      unit: 'ratio',
      good: 'down',
      bases: ['cohort'],
      value: { kind: 'ratio', of: 'two_months_returned', by: 'two_months_sold' },
      sentence:
        'Amazon’s definition: units that arrived by the end of the second calendar month after the month of sale, only for sales whose window has ended.',
      formula:
        'Σ quantity of returned units received before the month of sale + 3 ÷ Σ quantity sold, months of the zone, ended by T',
      owner: 'merchandiser',
    },
  ],
}
