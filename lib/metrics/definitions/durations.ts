import type { FamilyDefinition, Metric, Part } from '../definition-types'
import { DAY_MS, milliseconds, OPEN_AT_T, reached } from './expressions'

interface Lapse {
  id: string
  label: string
  words: string
  from: string
  to: string
  /** Of the units that have passed. */
  passed?: string
  /** Of the units that wait. */
  waiting?: string
}

const refundable = "quantity > 0 AND decision NOT IN ('rejected', 'cancelled')"

const LAPSES: readonly Lapse[] = [
  {
    id: 'days_request_to_receipt',
    label: 'Request to receipt',
    words: 'from the request to the arrival of the goods',
    from: 'requested_at',
    to: 'received_at',
  },
  {
    id: 'days_receipt_to_inspection',
    label: 'Receipt to inspection',
    words: 'from the arrival of the goods to their inspection',
    from: 'received_at',
    to: 'inspected_at',
  },
  {
    id: 'days_inspection_to_refund',
    label: 'Inspection to refund',
    words: 'from the inspection to the refund',
    from: 'inspected_at',
    to: 'refunded_at',
    waiting: refundable,
  },
  {
    id: 'days_request_to_refund',
    label: 'Request to refund',
    words: 'from the request to the refund',
    from: 'requested_at',
    to: 'refunded_at',
    waiting: refundable,
  },
  {
    id: 'days_request_to_final',
    label: 'Request to final',
    words: 'from the request to the end of the unit',
    from: 'requested_at',
    to: 'final_at',
    passed: "outcome != 'cancelled'",
  },
]

const and = (...conditions: (string | undefined)[]) => conditions.filter(Boolean).join(' AND ')

function partsOf({ id, label, from, to, passed, waiting }: Lapse): Record<string, Part> {
  const lapse = milliseconds(from, to)
  const done = { fact: 'units', time: to, when: and('quantity > 0', reached(from), passed) } as const
  const open = {
    fact: 'stock',
    when: and(`(returned OR ${reached('received_at')})`, OPEN_AT_T, reached(from), `NOT ${reached(to)}`, waiting),
  } as const
  const quantile = (level: number): Part => ({
    ...done,
    label: `${label}, ${level * 100} %`,
    value: lapse,
    weight: 'quantity',
    measure: 'quantile',
    level,
    unit: 'milliseconds',
  })
  return {
    [`${id}_time`]: {
      ...done,
      label: `Time ${label.toLowerCase()}`,
      value: `toInt128(quantity) * ${lapse}`,
      measure: 'sum',
      unit: 'milliseconds',
    },
    [`${id}_weight`]: { ...done, label: 'Units that passed', value: 'quantity', measure: 'sum', unit: 'count' },
    [`${id}_p50`]: quantile(0.5),
    [`${id}_p90`]: quantile(0.9),
    [`${id}_p95`]: quantile(0.95),
    [`${id}_waiting`]: { ...open, label: 'Units waiting', value: 'full_quantity', measure: 'sum', unit: 'count' },
    [`${id}_waited`]: {
      ...open,
      label: 'Time waited so far',
      value: `toInt128(full_quantity) * ${milliseconds(from, '$T')}`,
      measure: 'sum',
      unit: 'milliseconds',
    },
  }
}

function metricsOf({ id, label, words, from, to }: Lapse): Metric[] {
  const common = { owner: 'warehouse_manager', good: 'down' } as const
  const passed = { ...common, unit: 'days', bases: ['activity', 'cohort'] } as const
  const open = { ...common, bases: [] } as const
  return [
    {
      ...passed,
      id,
      label: `${label}, mean`,
      value: { kind: 'ratio', of: `${id}_time`, by: `${id}_weight`, over: DAY_MS },
      sentence: `Mean days ${words}, of the units for which it ended in the period.`,
      formula: `Σ quantity × (${to} − ${from}) ÷ Σ quantity, in days of 86,400 s`,
    },
    ...([50, 90, 95] as const).map(
      (level): Metric => ({
        ...passed,
        id: `${id}_p${level}`,
        label: level === 50 ? `${label}, median` : `${label}, ${level}th percentile`,
        value: { kind: 'quantile', of: `${id}_p${level}`, by: `${id}_weight`, over: DAY_MS },
        sentence: `Days ${words} that ${level === 50 ? 'half' : `${level} %`} of the units needed at most.`,
        formula: `smallest ${to} − ${from} whose cumulative quantity ≥ ${level} % of Σ quantity`,
      }),
    ),
    {
      ...open,
      id: `${id}_open_units`,
      label: `${label}, waiting`,
      unit: 'count',
      value: { kind: 'part', of: `${id}_waiting` },
      sentence: `Units that wait now on the way ${words}.`,
      formula: `Σ full_quantity of units present with ${from} reached and ${to} not`,
    },
    {
      ...open,
      id: `${id}_open_age`,
      label: `${label}, age of what waits`,
      unit: 'days',
      value: { kind: 'ratio', of: `${id}_waited`, by: `${id}_waiting`, over: DAY_MS },
      sentence: `Mean days that these units have waited so far, ${words}.`,
      formula: `Σ full_quantity × (T − ${from}) ÷ Σ full_quantity of the same units`,
    },
  ]
}

/** How long it takes between stages, and what still waits, so that a stuck queue cannot look fast. */
export const durations: FamilyDefinition = {
  family: 'durations',
  parts: Object.assign({}, ...LAPSES.map(partsOf)),
  metrics: LAPSES.flatMap(metricsOf),
}
