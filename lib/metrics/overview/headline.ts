import { METRICS } from '../definitions/index'
import type { Clause, Comparison, Movers, Tile, TileId } from '../overview-types'

/** A change of the rate is worth a sentence from a fifth of a point on, when chance would not make it in 19 of 20 cases. */
const LEAST_POINTS = 0.002
const Z = 1.96
/** Changes of sums and stocks are worth one from these shares on. */
const LEAST_SHARE = { margin: 0.05, trapped: 0.1, backlog: 0.15, leakage: 0.1 } as const
/** A driver explains at least this part of the change. */
const LEAST_PART = 0.08
const MOST_DRIVERS = 2
const MOST_CLAUSES = 4

/**
 * The sentence on top, in order of weight: the rate with what drives it, then money, stock, leakage, each only when it stands
 * out. Its figures are those of the tiles and movers, over complete and mature days. Empty when nothing can be compared.
 */
export function headlineOf(
  tiles: Partial<Record<TileId, Tile>>,
  movers: Movers | undefined,
  facility: string | null,
): Clause[] {
  const { rate } = tiles
  const clauses: Clause[] = []
  if (rate?.comparison && movers && standsOut(rate.comparison, movers)) {
    clauses.push({ kind: 'rate', comparison: rate.comparison }, ...driversOf(movers))
  }
  for (const id of ['margin', 'trapped', 'backlog', 'leakage'] as const) {
    const comparison = tiles[id]?.comparison
    if (!comparison || !isWorthTelling(id, comparison)) continue
    clauses.push(id === 'backlog' ? { kind: id, comparison, facility } : { kind: id, comparison })
  }
  const kept = clauses.filter(({ kind }) => kind !== 'driver').slice(0, MOST_CLAUSES)
  const shown = clauses.filter((clause) => clause.kind === 'driver' || kept.includes(clause))
  if (shown.length > 0) return shown
  return rate && rate.figure.value !== null && !rate.provisional ? [{ kind: 'steady', figure: rate.figure }] : []
}

/** A sum or a stock has changed by enough for a sentence. */
export const isWorthTelling = (id: keyof typeof LEAST_SHARE, { relative }: Comparison): boolean =>
  Math.abs(relative ?? 0) >= LEAST_SHARE[id]

/** Two shares differ by more than chance: the test of two proportions. */
function standsOut({ change, current, previous }: Comparison, movers: Movers): boolean {
  if (change === null || METRICS[current.metric]?.unit !== 'ratio') return false
  const [p, q] = [Number(current.value), Number(previous.value)]
  const [n, m] = [soldOf(movers, 'current'), soldOf(movers, 'previous')]
  const deviation = Math.sqrt((p * Math.max(0, 1 - p)) / n + (q * Math.max(0, 1 - q)) / m)
  return Math.abs(Number(change)) >= LEAST_POINTS && Math.abs(Number(change)) >= Z * deviation
}

const soldOf = (movers: Movers, which: 'current' | 'previous'): number => Number(movers[which].denominator?.value ?? 0)

/** The rows that explain a good part of the change, in its direction. */
function driversOf({ rows, change }: Movers): Clause[] {
  return rows
    .map(({ contribution, small }, index) => ({ index, contribution, small }))
    .filter(({ contribution, small }) => !small && contribution / change >= LEAST_PART)
    .slice(0, MOST_DRIVERS)
    .map(({ index, contribution }): Clause => ({ kind: 'driver', index, contribution }))
}
