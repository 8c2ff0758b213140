import type { Sale } from './facts'
import type { Unit } from './units'

/**
 * The oracle's second half: docs/metrics.md once more. Every metric is a list of contributions: whose they are, when, and how much. Sums
 * are bigint (money in 1/10,000); ratios are divided at the very end (metrics.ts).
 */
export interface Company {
  units: Unit[]
  sales: Sale[]
}

export interface Asked {
  from: string
  to: string
  tz: string
  basis: 'cohort' | 'activity'
  /** T, in milliseconds. */
  asOf: number
  by: string[]
  filters: AskedFilter[]
}

export interface AskedFilter {
  dimension: string
  op: 'in' | 'not_in'
  values: string[]
}

export interface Contribution {
  /** Activity time; undefined for as-of figures, which have none. */
  at: number | undefined
  unit?: Unit
  sale?: Sale
  value: bigint
  /** Dimensions that belong to the entry rather than to the unit. */
  own?: Record<string, string>
  /** Dimensions of its unit that it does not have. */
  lacks?: readonly string[]
  /** For durations: milliseconds, weighed by `value`. */
  span?: number
}

export type List = (company: Company, T: number) => Contribution[]

export const q = (unit: Unit) => BigInt(unit.quantity)
export const time = (unit: Unit, name: string) => unit.times[`${name}_at`] ?? 0
export const perUnit =
  (
    at: (unit: Unit) => number,
    value: (unit: Unit) => bigint = q,
    when: (unit: Unit) => boolean = () => true,
    lacks: readonly string[] = [],
  ): List =>
  ({ units }) =>
    units.filter(when).map((unit) => ({ at: at(unit), unit, value: value(unit), lacks }))
export const sold =
  (value: (sale: Sale) => bigint): List =>
  ({ sales }) =>
    sales.map((sale) => ({ at: sale.at, sale, value: value(sale) }))
export const ENDED = [
  'restocked',
  'liquidated',
  'returned_to_vendor',
  'scrapped',
  'donated',
  'lost',
  'returned_to_customer',
]

const TRAPPED = ['received', 'hold', 'quarantine', 'refurbish', 'vendor', 'liquidation']
export const FINAL = [...ENDED, 'cancelled']
const present = (unit: Unit, T: number) =>
  (unit.bornAt === 0 || unit.bornAt <= T) && (unit.splitAt === 0 || T < unit.splitAt)

function statusAt(unit: Unit, T: number): { status: string; since: number } {
  const upTo = unit.log.filter(({ at }) => at <= T)
  const status = upTo.at(-1)?.status ?? ''
  const other = upTo.findLastIndex((entry) => entry.status !== status)
  return { status, since: upTo[other + 1]?.at ?? 0 }
}

function bucket(days: number): string {
  const edges: [number, string][] = [
    [2, '0–2'],
    [7, '3–7'],
    [14, '8–14'],
    [30, '15–30'],
    [60, '31–60'],
  ]
  return edges.find(([edge]) => days <= edge)?.[1] ?? '60+'
}

/** The dimensions that a unit in stock has as of T. */
function stateAt(unit: Unit, status: string, since: number, T: number) {
  const inspected = time(unit, 'inspected')
  return {
    status,
    age_bucket: bucket(Math.floor((T - since) / 86_400_000)),
    stage: inspected > 0 && inspected <= T ? 'inspected' : 'received',
  }
}

export const stock =
  (when: (unit: Unit, status: string, T: number) => boolean, value: (unit: Unit) => bigint): List =>
  ({ units }, T) =>
    units.flatMap((unit) => {
      const { status, since } = statusAt(unit, T)
      if (!present(unit, T) || !when(unit, status, T)) return []
      return [{ at: undefined, unit, value: value(unit), own: stateAt(unit, status, since, T) }]
    })
export const trapped = (_: Unit, status: string) => TRAPPED.includes(status)
export const waiting = (unit: Unit, status: string, T: number) => {
  const received = time(unit, 'received')
  const decided = time(unit, 'dispositioned')
  return received > 0 && received <= T && (decided === 0 || decided > T) && !FINAL.includes(status)
}

export const SPANS: Record<string, [string, string]> = {
  days_request_to_receipt: ['requested', 'received'],
  days_receipt_to_inspection: ['received', 'inspected'],
  days_inspection_to_refund: ['inspected', 'refunded'],
  days_request_to_refund: ['requested', 'refunded'],
  days_request_to_final: ['requested', 'final'],
}
const reach = (unit: Unit, stage: string) =>
  stage === 'refunded' ? unit.refundedAt : stage === 'final' ? unit.finalAt : time(unit, stage)
export const span =
  (id: string): List =>
  ({ units }, T) => {
    const [first, second] = SPANS[id] ?? ['', '']
    return units
      .filter(
        (u) =>
          u.quantity > 0 &&
          reach(u, first) > 0 &&
          reach(u, first) <= T &&
          reach(u, second) > 0 &&
          !(second === 'final' && u.outcome === 'cancelled'),
      )
      .map((unit) => ({
        at: reach(unit, second),
        unit,
        value: q(unit),
        span: reach(unit, second) - reach(unit, first),
      }))
  }
export const open = (id: string): List => {
  const [first, second] = SPANS[id] ?? ['', '']
  const waits = (u: Unit, status: string, T: number) => {
    const [a, b] = [reach(u, first), reach(u, second)]
    const received = time(u, 'received')
    if (!(u.returned || (received > 0 && received <= T)) || FINAL.includes(status)) return false
    const refundable = u.quantity > 0 && u.decision !== 'rejected' && u.decision !== 'cancelled'
    return a > 0 && a <= T && (b === 0 || b > T) && (second !== 'refunded' || refundable)
  }
  const waiting = stock(waits, (u) => BigInt(u.fullQuantity))
  return (company, T) => waiting(company, T).map((item) => ({ ...item, span: T - reach(item.unit as Unit, first) }))
}
