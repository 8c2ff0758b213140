import type { Dimension } from '../definition-types'
import type { Group, Sum } from '../plan'
import type { Context } from './context'

/** A dimension in a SELECT: grouped by the column as it is, which is fast for short codes, and shown as text. */
export interface Cut {
  shown: string
  by: string
}

/** One SELECT of a group, not yet written: alone it is grouped, ordered and shown in one step, beside others it is a part of a union. */
export interface Select {
  cuts: readonly Cut[]
  /** Expressions of the group's sums by alias; sums that it lacks are those of the group's other scans. */
  own: ReadonlyMap<string, string>
  from: string
  where: string
}

export const cut = (dimension: Dimension, expression: string): Cut => ({
  shown: dimension.kind === 'code' ? `toString(${expression})` : expression,
  by: expression,
})

/** Every sum of a group once; scans from several instants share theirs. */
export const sumsOf = (group: Group): Sum[] =>
  group.scans
    .flatMap(({ sums }) => sums)
    .filter((sum, index, every) => every.findIndex(({ alias }) => alias === sum.alias) === index)

export const zero = ({ part }: Sum): string => (part.measure === 'float' ? 'toFloat64(0)' : 'toInt128(0)')

/** A part of a group's union: dimensions d0, d1, …, own sums, and zero for the sums of the group's other scans. */
export function unionPart(group: Group, { cuts, own, from, where }: Select): string {
  const dimensions = cuts.map(({ shown }, index) => `${shown} AS d${index}`)
  const sums = sumsOf(group).map((sum) => `${own.get(sum.alias) ?? zero(sum)} AS ${sum.alias}`)
  const by = cuts.length > 0 ? ` GROUP BY ${cuts.map((each) => each.by).join(', ')}` : ''
  return `SELECT ${[...dimensions, ...sums].join(', ')}\nFROM ${from}\nWHERE ${where}${by}`
}

export function aggregate(sum: Sum, value: string, condition: string): string {
  const [suffix, only] = condition === '' ? ['', ''] : ['If', `, ${condition}`]
  switch (sum.part.measure) {
    case 'float':
      return `sum${suffix}(toFloat64(${value})${only})`
    case 'distinct':
      return `toInt128(uniqExact${suffix}(${value}${only}))`
    case 'quantile':
      return `toInt128(quantileExactWeighted${suffix}(${sum.part.level})(${value}, toUInt64(${sum.part.weight})${only}))`
    default:
      // Numbers of units fit 64 bits; sums of money and of time may not.
      return sum.part.unit === 'count'
        ? `toInt128(sum${suffix}(${value}${only}))`
        : `sum${suffix}(toInt128(${value})${only})`
  }
}

/** Columns of sales that the question needs: they decide which rollup will do. */
export const saleColumns = (group: Group, context: Context): string[] => {
  const filtered = context.question.filters.map(({ dimension }) => dimension)
  const { entities, channels, facilities } = context.question.scope
  return [
    ...[...group.by, ...filtered].flatMap(({ columns }) => columns.sales ?? []),
    ...(entities ? ['entity'] : []),
    ...(channels ? ['channel'] : []),
    ...(facilities ? ['ship_facility'] : []),
  ]
}
