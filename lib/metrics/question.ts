import type { TimeUnit } from './calendar'
import type { Dimension, MetricDefinition } from './definition-types'
import type { Basis, Column, FilterOperator, Order } from './types'

/** A question that can be answered: every id resolved, every date an instant. What `normalize` makes of a QuerySpec. */
export interface Question {
  metrics: readonly AskedMetric[]
  by: readonly Dimension[]
  /** The time unit in `by`, if there is one. */
  unit: TimeUnit | undefined
  tz: string
  filters: readonly AskedFilter[]
  /** The reader's own rows; null is all. */
  scope: {
    entities: readonly string[] | null
    channels: readonly string[] | null
    facilities: readonly string[] | null
  }
  current: Frame
  previous: Frame | undefined
  order: readonly Order[]
  /** How many rows at most; `strict` when nobody asked for a limit, and more would have to be left out in silence. */
  limit: { rows: number; strict: boolean }
  columns: readonly Column[]
}

export interface AskedFilter {
  dimension: Dimension
  op: FilterOperator
  values: readonly string[]
}

export interface AskedMetric {
  definition: MetricDefinition
  /** None for metrics as of an instant. */
  basis: Basis | undefined
}

/** Metrics over one frame. A plan can hold several, which are read in one pass. */
export interface Ask {
  frame: Frame
  metrics: readonly AskedMetric[]
}

/** A period and the instant from which it is looked at. Instants in milliseconds since 1970. */
export interface Frame {
  /** Tells frames of one plan apart. */
  name: string
  /** Calendar dates, `to` exclusive. */
  from: string
  to: string
  /** First instant of the period. */
  start: number
  /** First instant after it; not later than just after T. */
  end: number
  /** T. */
  instant: number
}
