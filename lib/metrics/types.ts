/**
 * What a question about numbers is, and what its answer is. Pure: components, pages, the API, exports and alerts share
 * these. The grammar of the same question as a URL is in url.ts.
 */

/** On which date a fact falls into the period: the date of its sale, or its own. */
export type Basis = 'cohort' | 'activity'

/** How a number reads. `money` is in the reporting currency, `ratio` 0.128 = 12.8 %, `ppm` per million. */
export type Unit = 'count' | 'money' | 'ratio' | 'days' | 'ppm'

export type FilterOperator = 'eq' | 'in' | 'not_in'

/** `values` are codes or ids as in the data; '' is "unknown". `eq` takes exactly one. */
export interface Filter {
  dimension: string
  op: FilterOperator
  values: string[]
}

/** Against which earlier dates: see `comparedDates` (compare.ts) for the exact rule. */
export type Compare = 'previous_period' | 'previous_year' | { from: string; to: string }

/**
 * Which column to sort by. `low` sorts a return rate by the lower bound of its Wilson interval, so that one of one does not
 * stand first. Rows without a value come last in either direction.
 */
export interface Order {
  column: string
  direction: 'asc' | 'desc'
  by?: 'value' | 'low'
}

/** One question. Everything on a page that shows a number keeps the question that gave it. */
export interface QuerySpec {
  /** Metric ids, at least one. */
  metrics: string[]
  /** Dimension ids; none gives one row. */
  by: string[]
  /** Calendar dates YYYY-MM-DD in `tz`; `to` is exclusive. */
  from: string
  to: string
  /** Without it every metric takes its own first basis. Metrics as of an instant have none and ignore it. */
  basis?: Basis
  /** IANA zone that days, weeks, months and quarters are cut in. */
  tz: string
  filters: Filter[]
  compare?: Compare
  order?: Order[]
  limit?: number
  /** ISO 8601 instant T: what is dated after it does not count. Without it: now. */
  asOf?: string
}

export type ColumnType = 'text' | 'date' | 'time' | 'number' | 'money'

/** `unit` is null for dimensions and for what describes a row. */
export interface Column {
  id: string
  type: ColumnType
  unit: Unit | null
  label: string
}

/**
 * A value of an answer: money as an exact decimal string, counts, ratios and days as numbers, dates as YYYY-MM-DD, instants
 * as ISO 8601 in UTC, codes as they are ('' is unknown), null where a ratio has no denominator.
 */
export type Value = string | number | null
export type Row = Record<string, Value>

export interface QueryResult {
  columns: Column[]
  rows: Row[]
  /** The same question without `by`: ratios of sums, never sums of ratios. */
  totals: Row
  comparison?: {
    from: string
    to: string
    /** Without time in `by`: the rows of the same groups. With it: the earlier dates' own rows. */
    rows: Row[]
    totals: Row
  }
  /** Time of the newest event that is in the numbers, not later than it came in; null when there is none. */
  watermark: string | null
  elapsed_ms: number
}

/** Which part of a ratio the rows are of; a plain sum has `numerator` alone. */
export type PartName = 'numerator' | 'denominator'

export interface RowsOptions {
  part?: PartName
  limit?: number
  offset?: number
  order?: Order[]
}

/** The whole list behind a number, for an export; its count and sum are known when it has been read. */
export interface EveryRow {
  columns: Column[]
  unit: Unit
  rows: AsyncIterable<Row[]>
}

/** The rows behind a number. Σ `contribution` over all of them is `sum`, which is the number (or that part of the ratio). */
export interface RowsResult {
  metric: string
  part: PartName
  columns: Column[]
  rows: Row[]
  /** Of all rows, not of this page. */
  count: number
  sum: Value
  /** What `contribution` and `sum` are measured in. */
  unit: Unit
}
