import type { Basis, Unit } from './types'

/**
 * The shape of a definition. A metric is data: an expression over parts, and a part is one sum over one table of facts.
 * Everything that shows, explains, checks or exports a number reads it here.
 */
export const FACTS = [
  /** Return units, one row each. */
  'units',
  /** The same whatever their reason is, which is no dimension of theirs: what a share of a reason is a share of. */
  'reasoned',
  /** Entries of a unit's money, credits, leaks and claims. */
  'money',
  'credit',
  'leak',
  'claim',
  /** Units present at T, with their status at T: `status_at_t`, `since_t`. */
  'stock',
  /** Units dispositioned in the five working days before T. */
  'throughput',
  /** Order lines; `lines` is how many a row stands for. */
  'sales',
  /** Order lines with the share of their returns that is expected to be visible by T. */
  'aged_sales',
  /** Order lines younger than 120 days at T, with what is still expected to come back. */
  'open_sales',
] as const
export type Fact = (typeof FACTS)[number]

/**
 * One sum over one fact. `when` and `value` are SQL over the fact's columns, written here and nowhere else; in them `$T` is
 * the as-of instant and `$tz` the zone. Amounts are integers of 1/10,000.
 */
export interface Part {
  label: string
  fact: Fact
  /** The instant that puts it into a period on the activity basis, and that must be reached by T on either. */
  time?: string
  when?: string
  /** What it is on the activity basis, where that counts another event than the cohort does, and all of it: without `when`. */
  onActivity?: { label: string; time: string }
  value: string
  /** sum: exact integers. float: a sum with an estimate in it. distinct: how many different values. quantile: see `level`. */
  measure: 'sum' | 'float' | 'distinct' | 'quantile'
  unit: Unit | 'milliseconds'
  /** Of a quantile, which weighs `value` by `weight`. */
  level?: number
  weight?: string
  /** Only sales whose return window of two calendar months has ended by T. */
  window?: 'two_months'
}

/** How a metric comes out of its parts. `times` and `over` scale a ratio (per million; milliseconds to days). */
export type Expression =
  | { kind: 'part'; of: string }
  | { kind: 'ratio'; of: string; by: string; times?: number; over?: number }
  | { kind: 'quantile'; of: string; by: string; over: number }
  | { kind: 'projection'; of: string; by: string; sold: string; bound: 'point' | 'low' | 'high' }

export const FAMILIES = [
  'sales',
  'returns',
  'activity',
  'durations',
  'outcomes',
  'inventory',
  'leakage',
  'suppliers',
  'margin',
  'reserve',
  'quality',
] as const
export type Family = (typeof FAMILIES)[number]

export interface Metric {
  id: string
  label: string
  unit: Unit
  /** Whether more is better. */
  good: 'up' | 'down' | 'none'
  /** The bases that it knows, its default first; none for a metric as of an instant. */
  bases: readonly Basis[]
  value: Expression
  /** What it says, for everyone. */
  sentence: string
  /** How it is reckoned, exactly. */
  formula: string
  /** Role that answers for the definition. */
  owner: string
  /** Dimensions of its fact that would split it without meaning. */
  without?: readonly string[]
}

/** A metric with what follows from its parts. */
export interface MetricDefinition extends Metric {
  family: Family
  /** Taken at an instant, not over a period. */
  asOf: boolean
  /** In words; of a ratio both, of a sum neither. */
  numerator: string | undefined
  denominator: string | undefined
  /** Ids of the dimensions that it can be cut and filtered by. */
  dimensions: readonly string[]
}

export interface FamilyDefinition {
  family: Family
  parts: Record<string, Part>
  metrics: readonly Metric[]
}

export interface Dimension {
  id: string
  label: string
  kind: 'time' | 'code'
  /** The column, or the expression, that it is of each fact that has it. */
  columns: Partial<Record<Fact, string>>
}
