/**
 * What the overview page needs, as one typed value. `lib/metrics/overview.ts` answers it:
 *
 *   overview(actor: Actor, spec: OverviewSpec): Promise<OverviewData>
 *   filterOptions(actor: Actor, spec: { tz: string }): Promise<FilterOptions>
 *   freshness(actor: Actor): Promise<Freshness>
 *
 * Nothing here is formatted: the page does words, locale and units. Values are those of `QueryResult`: money as a decimal
 * string in the reporting currency, counts, ratios (0.128 = 12.8 %) and days as numbers, `null` when there is no denominator.
 *
 * Rules that the numbers keep:
 * - **Immature** (a cohort whose returns have not all come in) and **unfinished** (the running day, week or month) values
 *   never enter a comparison, a mover or a sentence. They are in `Trend` with their state, and in `Tile.figure` when live.
 * - A comparison is of complete days against the same number of days aligned by weekday (`previous_year` = 364 days back).
 * - Each panel fails alone: one query that throws gives one `error` panel; the rest of the page is there.
 */
import type { QuerySpec, Value } from './types'

/** What the page's URL says. `[from, to)` in `tz`. `basis` is for the metrics that know both; the others keep their own. */
export type OverviewSpec = Pick<QuerySpec, 'from' | 'to' | 'basis' | 'tz' | 'filters' | 'compare' | 'asOf'>

/** One number with the very query that gave it: the page makes its rows, its CSV and its API link from `spec`. */
export interface Figure {
  /** id in METRICS. */
  metric: string
  value: Value
  /** Of a ratio: its two parts, with their metric ids where they have one. */
  numerator?: { metric?: string; value: Value }
  denominator?: { metric?: string; value: Value }
  spec: QuerySpec
}

export interface Comparison {
  /** Both over complete, mature days only; `current.value` may therefore differ from the live `Tile.figure.value`. */
  current: Figure
  previous: Figure
  /** current − previous in the metric's own unit (ratios: 0.011 = 1.1 percentage points). Money as a decimal string. */
  change: Value
  /** change ÷ |previous|. Always null for ratios: a delta of a rate is told in points, never as % of a %. */
  relative: number | null
  verdict: 'better' | 'worse' | 'same' | 'neither'
}

/**
 * One point of a small line. `complete` is false for the running bucket and for immature cohorts: drawn dashed. A sum leaves
 * its running bucket out: half a week's money is no fall.
 */
export interface SparkPoint {
  /** First day of the bucket, YYYY-MM-DD. */
  at: string
  value: number | null
  complete: boolean
}

/** The one line under a tile's number; the page words it. */
export type TileContext =
  /** Cohort rate: `matureTo` exclusive end of the mature days in the period; the projection is of the whole period. */
  | {
      kind: 'maturity'
      maturity: number | null
      matureTo: string | null
      projected: number | null
      low: number | null
      high: number | null
    }
  | { kind: 'share_of_sales'; share: number | null; openExposure: Value }
  /** Share of the trapped value that has been in its status for 15 days or more. */
  | { kind: 'older'; share: number | null; units: number | null }
  /** Days: the 90th percentile, and what still waits (so that a stuck queue cannot look fast). */
  | { kind: 'waiting'; p90: number | null; openUnits: number | null; openAge: number | null }
  | { kind: 'claims'; claimable: Value; recovered: Value; missed: Value }
  | { kind: 'finalized'; units: number | null }
  | { kind: 'cases'; cases: number | null; share: number | null }
  | { kind: 'work'; days: number | null; value: Value }

export type TileId = 'rate' | 'margin' | 'trapped' | 'refund_days' | 'recovery' | 'sellable' | 'leakage' | 'backlog'

export interface Tile {
  id: TileId
  /** The number shown, live. For `rate` on the cohort basis: over the mature days of the period. */
  figure: Figure
  /** True when nothing in the period is mature yet and `figure` is the projection; then there is no comparison. */
  provisional: boolean
  comparison: Comparison | null
  spark: SparkPoint[]
  context: TileContext
}

export interface TrendPoint {
  /** First day of the bucket, YYYY-MM-DD in the page's zone. */
  at: string
  /**
   * final: all is in. immature: `value` is the projection, with `low` and `high` (80 %); `observed` is what is visible by now.
   * unfinished: the bucket runs still (activity basis, or the newest cohort). early: too young to project (maturity under
   * 0.3): `value` is null.
   */
  state: 'final' | 'immature' | 'unfinished' | 'early'
  value: number | null
  observed: number | null
  low: number | null
  high: number | null
  /** 0 to 1; on the activity basis the elapsed part of the bucket. */
  maturity: number | null
  numerator: number | null
  denominator: number | null
  /** The same bucket of the comparison period, when there is one. */
  previous: number | null
}

export interface Annotation {
  /** ISO 8601 instant. */
  at: string
  kind: 'policy' | 'recall' | 'promotion' | 'outage' | 'note'
  label: string
  author: string
}

export interface Trend {
  metric: string
  bucket: 'day' | 'week' | 'month'
  points: TrendPoint[]
  annotations: Annotation[]
  spec: QuerySpec
}

/** SKU × reason × channel. rateEffect + mixEffect = contribution, exactly, in points of the rate (0.0038 = 0.38 pp). */
export interface Mover {
  sku: string
  product: string
  reason: string
  channel: string
  sold: number
  rate: number | null
  previousRate: number | null
  rateEffect: number
  mixEffect: number
  contribution: number
  /** Net margin impact of these units in the current period. */
  margin: Value
  /** Fewer than 30 sold in either period: shown as such. */
  small: boolean
  spec: QuerySpec
}

export interface Movers {
  /** The change that the rows explain: Σ rows.contribution + other.contribution, to the last digit. */
  change: number
  current: Figure
  previous: Figure
  /** Largest absolute contribution first; ten at most. */
  rows: Mover[]
  other: { count: number; sold: number; rateEffect: number; mixEffect: number; contribution: number; margin: Value }
}

export interface WaterfallStep {
  /** Metric id of a component, or `realized` / `net_margin_impact` for subtotal and total. */
  metric: string
  kind: 'component' | 'subtotal' | 'total'
  /** Signed; of a subtotal: the running sum so far. */
  value: Value
  previous: Value
  spec: QuerySpec
}

export interface Waterfall {
  steps: WaterfallStep[]
  total: Figure
}

export const AGE_BUCKETS = ['0–2', '3–7', '8–14', '15–30', '31–60', '60+'] as const
export type AgeBucket = (typeof AGE_BUCKETS)[number]

export interface TrappedByAge {
  /** ISO 8601 instant. */
  asOf: string
  cells: { status: string; bucket: AgeBucket; value: Value; units: number }[]
  total: Figure
}

/** The sentence on top, as clauses in order of weight; only what stands out is in it, and only complete, mature figures. */
export type Clause =
  /** "Return rate rose 1.1 pp to 12.8 %." */
  | { kind: 'rate'; comparison: Comparison }
  /** "Too small on Alder Jacket (Web EU) explains 0.4 pp." `index` in `Movers.rows`. */
  | { kind: 'driver'; index: number; contribution: number }
  | { kind: 'margin'; comparison: Comparison }
  | { kind: 'trapped'; comparison: Comparison }
  | { kind: 'backlog'; comparison: Comparison; facility: string | null }
  | { kind: 'leakage'; comparison: Comparison }
  /** Nothing moved by more than it usually does: "Return rate holds at 12.8 %." */
  | { kind: 'steady'; figure: Figure }

/** Each panel is in one of these; loading is the page's affair. `stale` is told by the freshness chip. */
export type Panel<T> =
  | { state: 'ok'; data: T }
  /** There is not one sale or return in the reader's scope at all. */
  | { state: 'first_use' }
  /** There is data, but none for this period and these filters; `filters` are the dimensions that hide it, if known. */
  | { state: 'no_match'; filters: string[] }
  /** The reader may not see this; `permission` as in lib/auth. */
  | { state: 'forbidden'; permission: string; message?: string }
  /** `code` and `message` as of UserError, or `unexpected` with a request id to quote. */
  | { state: 'error'; code: string; message: string; requestId?: string }

export interface Freshness {
  /** Newest event time that is in the numbers, ISO 8601, and not later than it came in; null when there is none at all. */
  watermark: string | null
  /** Milliseconds from that instant to the answer. */
  behindMs: number | null
  /** Another one with every delivery, however late what was delivered is dated. */
  token: string
  /** Whether the last delivery is long enough ago to be in every figure. */
  settled: boolean
}

export interface OverviewData {
  /** The spec as run (defaults filled in), and the comparison's dates if one was asked for. */
  spec: OverviewSpec
  compared: { from: string; to: string } | null
  /** Reporting currency, ISO 4217. */
  currency: string
  /** Exclusive end of the days whose cohorts are mature (98 % of their eventual returns visible); null if none is. */
  matureTo: string | null
  headline: Panel<Clause[]>
  tiles: Record<TileId, Panel<Tile>>
  trend: Panel<Trend>
  movers: Panel<Movers>
  waterfall: Panel<Waterfall>
  trapped: Panel<TrappedByAge>
  /** The least watermark of all the queries above. */
  freshness: Freshness
  elapsedMs: number
}

/** Values that the reader may filter by, with the label to show, by dimension. */
export type FilterOptions = Record<'entity' | 'channel' | 'facility', { value: string; label: string }[]>
