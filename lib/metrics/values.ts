import { formatUnits } from '../money'
import { partOf } from './definitions/index'
import { needed, type Sum, sumKey } from './plan'
import type { AskedMetric, Frame } from './question'
import type { Order, Value } from './types'

/** z of an 80 % interval, both sides. */
const Z80 = 1.281_551_565_544_600_4
/** z of a 95 % interval, both sides. */
const Z95 = 1.959_963_984_540_054
/** Under this maturity a projection says nothing. */
const RIPE_ENOUGH = 0.3

/** Sums as they come: exact integers as bigint, estimates as numbers. */
export type Raw = bigint | number

/** A cell of an answer: integers come as texts. */
export const rawOf = (cell: string | number | null | undefined): Raw =>
  typeof cell === 'string' ? BigInt(cell) : (cell ?? 0n)

/** Fifth step: a metric from its sums. Ratios are divided here, once, from whole sums. */
export function reckon(metric: AskedMetric, raw: (partId: string) => Raw): Value {
  const { value, unit } = metric.definition
  switch (value.kind) {
    case 'part':
      return unit === 'money' ? money(raw(value.of)) : Number(raw(value.of))
    case 'ratio':
      return divide(raw(value.of), raw(value.by), (value.times ?? 1) / (value.over ?? 1))
    case 'quantile':
      return raw(value.by) === 0n ? null : Number(raw(value.of)) / value.over
    case 'projection':
      return projected(Number(raw(value.of)), Number(raw(value.by)), Number(raw(value.sold)), value.bound)
  }
}

/** An exact decimal string; estimates are rounded to 1/10,000 here. */
export const money = (raw: Raw): string => formatUnits(typeof raw === 'bigint' ? raw : BigInt(Math.round(raw)))

function divide(of: Raw, by: Raw, scale: number): number | null {
  return Number(by) === 0 ? null : (Number(of) / Number(by)) * scale
}

/** `returned` units, `visible` of `sold` units' returns expected to be seen by now. */
export function projected(
  returned: number,
  visible: number,
  sold: number,
  bound: 'point' | 'low' | 'high',
): number | null {
  if (sold === 0) return null
  const maturity = visible / sold
  if (maturity < RIPE_ENOUGH) return null
  const centre = returned / maturity
  if (bound === 'point') return centre / sold
  const spread = (Z80 * Math.sqrt(returned * (1 - maturity))) / maturity
  return bound === 'low' ? Math.max(centre - spread, returned) / sold : (centre + spread) / sold
}

/** Lower bound of the Wilson interval (95 %) of `part` of `whole`; null of nothing. */
export function wilsonLow(part: number, whole: number): number | null {
  if (whole <= 0) return null
  const share = Math.min(Math.max(part / whole, 0), 1)
  const z2 = Z95 * Z95
  const spread = Z95 * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole))
  return (share + z2 / (2 * whole) - spread) / (1 + z2 / whole)
}

/** The same in SQL, to order by. `refer` names a sum of the statement. */
export function orderSql(
  metric: AskedMetric,
  order: Order,
  frame: Frame,
  sums: readonly Sum[],
  refer: (sum: Sum) => string,
): string {
  const parts = new Map(needed(metric).map(({ partId, basis }) => [partId, sumKey(partId, basis, frame)]))
  const number = (partId: string) => {
    const sum = sums.find((each) => sumKey(each.partId, each.basis, each.frame) === parts.get(partId))
    if (!sum) throw new Error(`${partId} is not in the plan`)
    return `toFloat64(${refer(sum)})`
  }
  const { value } = metric.definition
  if (value.kind === 'part')
    return partOf(value.of).measure === 'float' ? number(value.of) : number(value.of).replace('toFloat64', '')
  const [of, by] = [number(value.of), number(value.by)]
  if (value.kind === 'ratio' && order.by === 'low') return wilsonSql(of, by)
  if (value.kind === 'ratio') return `if(${by} = 0, NULL, ${of} / ${by})`
  if (value.kind === 'quantile') return `if(${by} = 0, NULL, ${of})`
  const sold = number(value.sold)
  const spread = `${Z80} * sqrt(${of} * greatest(0, 1 - ${by} / ${sold})) / (${by} / ${sold})`
  const centre = `${of} / (${by} / ${sold})`
  const bound = { point: centre, low: `greatest(${centre} - ${spread}, ${of})`, high: `${centre} + ${spread}` }[
    value.bound
  ]
  return `if(${sold} = 0 OR ${by} < ${RIPE_ENOUGH} * ${sold}, NULL, (${bound}) / ${sold})`
}

const wilsonSql = (part: string, whole: string): string => {
  const share = `least(greatest(${part} / ${whole}, 0), 1)`
  const z2 = Z95 * Z95
  const spread = `${Z95} * sqrt(${share} * (1 - ${share}) / ${whole} + ${z2} / (4 * ${whole} * ${whole}))`
  return `if(${whole} <= 0, NULL, (${share} + ${z2} / (2 * ${whole}) - ${spread}) / (1 + ${z2} / ${whole}))`
}
