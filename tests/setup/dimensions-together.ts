import { DIMENSIONS } from '../../lib/metrics/dimensions'

/** Dimensions that every fact has: a filter on them holds for all metrics of a question. */
export const SHARED = Object.values(DIMENSIONS).flatMap(({ id, columns }) =>
  columns.sales && columns.stock ? [id] : [],
)

/** Dimensions that the same metrics have: what holds under all of a line holds for each, and is asked once. */
const SIDE_BY_SIDE = [
  ['sku', 'product', 'category', 'brand'],
  ['size', 'supplier', 'entity'],
  ['channel', 'campaign'],
  ['segment', 'country'],
  ['facility', 'shift'],
  ['carrier', 'return_type'],
  ['reason', 'policy_row'],
  ['finding', 'condition'],
  ['disposition', 'outcome'],
]

/** Every dimension that is no time, those that stand alone included. */
export const TOGETHER: string[][] = [
  ...SIDE_BY_SIDE,
  ...Object.values(DIMENSIONS).flatMap(({ id, kind }) =>
    kind === 'code' && !SIDE_BY_SIDE.flat().includes(id) ? [[id]] : [],
  ),
]
