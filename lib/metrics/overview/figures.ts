import { METRICS, partsOf } from '../definitions/index'
import type { Comparison, Figure } from '../overview-types'
import type { Row, Value } from '../types'
import { type Dates, queryOf, type View } from './view'

/** A number with the question that gave it; where it has parts with names of their own, with these. */
export function figureOf(
  view: View,
  metric: string,
  value: Value,
  own: Partial<Dates> & { back?: number } = {},
): Figure {
  return { metric, value, spec: queryOf(view, [metric], own) }
}

/** The same with the parts of the ratio. */
export const withParts = (figure: Figure, numerator: Value, denominator: Value): Figure => ({
  ...figure,
  numerator: { value: numerator },
  denominator: { ...named(figure.metric), value: denominator },
})

const named = (metric: string): { metric?: string } => {
  const [, by] = METRICS[metric] ? partsOf(METRICS[metric]) : []
  const same = Object.values(METRICS).find(({ value }) => value.kind === 'part' && value.of === by)
  return same ? { metric: same.id } : {}
}

export function comparisonOf(current: Figure, previous: Figure): Comparison {
  const definition = METRICS[current.metric]
  const change = difference(current.value, previous.value)
  const size = change === null ? 0 : Number(change)
  const before = Math.abs(Number(previous.value ?? 0))
  const good = definition?.good ?? 'none'
  return {
    current,
    previous,
    change,
    relative: change === null || definition?.unit === 'ratio' || before === 0 ? null : size / before,
    verdict: good === 'none' ? 'neither' : size === 0 ? 'same' : size > 0 === (good === 'up') ? 'better' : 'worse',
  }
}

/** Money stays exact: both are decimals with four places. */
function difference(current: Value, previous: Value): Value {
  if (current === null || previous === null) return null
  if (typeof current === 'string' && typeof previous === 'string') return subtract(current, previous)
  return Number(current) - Number(previous)
}

const tenThousandths = (text: string): bigint => BigInt(text.replace('.', ''))

const decimal = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

export const subtract = (a: string, b: string): string => decimal(tenThousandths(a) - tenThousandths(b))

/** Of decimals with four places; what is missing counts nothing. */
export const addUp = (values: readonly (string | undefined)[]): string =>
  decimal(values.reduce((sum, value) => sum + tenThousandths(value ?? '0.0000'), 0n))

export const numberOf = (row: Row | undefined, id: string): number | null => {
  const value = row?.[id]
  return value === null || value === undefined ? null : Number(value)
}
