import { UserError } from '../../errors'
import { METRICS } from '../definitions/index'
import type { SparkPoint, Tile, TileContext, TileId, TrappedByAge, Trend } from '../overview-types'
import type { Row } from '../types'
import { projected } from '../values'
import { type Day, rateOf } from './cohorts'
import { comparisonOf, figureOf, numberOf, withParts } from './figures'
import type { Kpis, Stock } from './kpis'
import { olderPart } from './trapped'
import { type Dates, earlier, fits, type View } from './view'

/** What a tile says of a metric, and whether it is a sum (whose running step would look like a fall). */
const TILES = {
  margin: { metric: 'net_margin_impact', sum: true },
  refund_days: { metric: 'days_request_to_refund', sum: false },
  recovery: { metric: 'supplier_recovery_rate', sum: false },
  sellable: { metric: 'sellable_rate', sum: false },
  leakage: { metric: 'leakage_value', sum: true },
} as const satisfies Partial<Record<TileId, { metric: string; sum: boolean }>>
export type PeriodTile = keyof typeof TILES
const STOCK_TILES = { trapped: 'trapped_value', backlog: 'backlog_units' } as const
export type StockTile = keyof typeof STOCK_TILES

/** Throws what the reader can act on: the metric cannot be narrowed by one of the page's filters. */
function mustFit(view: View, metric: string): void {
  if (fits(view, metric)) return
  const unfit = view.spec.filters.find(({ dimension }) => !METRICS[metric]?.dimensions.includes(dimension))
  throw new UserError(
    'dimension_unfit',
    `${METRICS[metric]?.label ?? metric} is not cut by ${unfit?.dimension ?? 'this filter'}.`,
    400,
    'filter',
  )
}

/** A tile over the period: the live number, and a comparison of complete and mature days only. */
export function periodTile(
  view: View,
  id: PeriodTile,
  kpis: Kpis,
  stock: Stock | undefined,
  steps: readonly Row[],
  part: Dates | undefined,
): Tile {
  const { metric, sum } = TILES[id]
  mustFit(view, metric)
  const then = part && earlier(view, part)
  const comparison =
    part && then && kpis.part && kpis.partBefore
      ? comparisonOf(
          figureOf(view, metric, kpis.part[metric] ?? null, part),
          figureOf(view, metric, kpis.partBefore[metric] ?? null, { ...then, back: view.shift?.days ?? 0 }),
        )
      : null
  const mature = part?.to ?? view.spec.from
  const spark = steps.map((row): SparkPoint => ({ at: String(row.at), value: numberOf(row, metric), complete: false }))
  return {
    id,
    figure: figureOf(view, metric, kpis.live[metric] ?? null),
    provisional: false,
    comparison,
    spark: completed(spark, mature, view.completeTo, sum),
    context: contextOf(id, kpis.live, stock),
  }
}

/** A step is complete when the next one begins within the complete part; the running step of a sum is left out. */
function completed(points: readonly SparkPoint[], mature: string, completeTo: string, sum: boolean): SparkPoint[] {
  const ends = points.map((_, index) => points[index + 1]?.at)
  return points
    .map((point, index) => ({
      ...point,
      complete: (ends[index] ?? completeTo) <= mature && (ends[index] !== undefined || completeTo === mature),
    }))
    .filter((_, index) => !sum || ends[index] !== undefined)
}

function contextOf(id: PeriodTile, live: Row, stock: Stock | undefined): TileContext {
  switch (id) {
    case 'margin':
      return {
        kind: 'share_of_sales',
        share: numberOf(live, 'margin_share'),
        openExposure: stock?.now.open_exposure_value ?? null,
      }
    case 'refund_days':
      return {
        kind: 'waiting',
        p90: numberOf(live, 'days_request_to_refund_p90'),
        openUnits: numberOf(stock?.now, 'days_request_to_refund_open_units'),
        openAge: numberOf(stock?.now, 'days_request_to_refund_open_age'),
      }
    case 'recovery':
      return {
        kind: 'claims',
        claimable: live.claimable_value ?? null,
        recovered: live.recovered_value ?? null,
        missed: live.missed_claim_value ?? null,
      }
    case 'sellable':
      return { kind: 'finalized', units: numberOf(live, 'finalized_units') }
    case 'leakage':
      return { kind: 'cases', cases: numberOf(live, 'leakage_cases'), share: numberOf(live, 'leakage_rate') }
  }
}

/** A tile as of now, against as of then. */
export function stockTile(
  view: View,
  id: StockTile,
  stock: Stock,
  steps: readonly Row[],
  trapped: TrappedByAge | undefined,
): Tile {
  const metric = STOCK_TILES[id]
  mustFit(view, metric)
  const figure = figureOf(view, metric, stock.now[metric] ?? null)
  const days = view.shift?.days
  return {
    id,
    figure,
    provisional: false,
    comparison:
      stock.before && days
        ? comparisonOf(figure, figureOf(view, metric, stock.before[metric] ?? null, { back: days }))
        : null,
    spark: steps.map((row, index) => ({
      at: String(row.at),
      value: numberOf(row, metric),
      complete: index < steps.length - 1,
    })),
    context:
      id === 'backlog'
        ? { kind: 'work', days: numberOf(stock.now, 'backlog_days'), value: stock.now.backlog_value ?? null }
        : { kind: 'older', ...(trapped ? olderPart(trapped) : { share: null, units: null }) },
  }
}

/** The return rate: on the cohort basis of the mature days, or projected while there are none. */
export function rateTile(
  view: View,
  kpis: Kpis,
  all: Omit<Day, 'date'>,
  mature: Omit<Day, 'date'>,
  part: Dates | undefined,
  trend: Trend,
): Tile {
  const metric = 'return_rate_units'
  mustFit(view, metric)
  const cohort = view.spec.basis !== 'activity'
  const then = part && earlier(view, part)
  const bound = (which: 'point' | 'low' | 'high') =>
    cohort ? projected(all.returned, all.visible, all.sold, which) : null
  const maturity = cohort && all.sold > 0 ? all.visible / all.sold : null
  const provisional = cohort && !part
  const shown = cohort ? mature : all
  const figure = provisional
    ? figureOf(view, 'return_rate_projected', bound('point'))
    : withParts(figureOf(view, metric, rateOf(shown), cohort ? (part ?? {}) : {}), shown.returned, shown.sold)
  return {
    id: 'rate',
    figure,
    provisional,
    comparison:
      part && then && kpis.part && kpis.partBefore
        ? comparisonOf(
            figureOf(view, metric, kpis.part[metric] ?? null, part),
            figureOf(view, metric, kpis.partBefore[metric] ?? null, { ...then, back: view.shift?.days ?? 0 }),
          )
        : null,
    spark: trend.points.map(({ at, value, state }) => ({ at, value, complete: state === 'final' })),
    context: {
      kind: 'maturity',
      maturity,
      matureTo: cohort ? (part?.to ?? null) : null,
      projected: bound('point'),
      low: bound('low'),
      high: bound('high'),
    },
  }
}
