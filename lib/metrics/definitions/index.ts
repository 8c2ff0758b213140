import type { FamilyDefinition, Metric, MetricDefinition, Part } from '../definition-types'
import { DIMENSIONS } from '../dimensions'
import type { Basis } from '../types'
import { activity } from './activity'
import { durations } from './durations'
import { inventory } from './inventory'
import { leakage } from './leakage'
import { margin } from './margin'
import { outcomes } from './outcomes'
import { quality } from './quality'
import { reserve } from './reserve'
import { returns } from './returns'
import { sales } from './sales'
import { suppliers } from './suppliers'

const ALL: readonly FamilyDefinition[] = [
  sales,
  returns,
  activity,
  durations,
  outcomes,
  inventory,
  leakage,
  suppliers,
  margin,
  reserve,
  quality,
]

/** Every part by its id. */
export const PARTS: Readonly<Record<string, Part>> = Object.assign({}, ...ALL.map(({ parts }) => parts))

/** A part that must exist; asking for one that does not is a fault of a definition. */
export function partOf(id: string): Part {
  const part = PARTS[id]
  if (!part) throw new Error(`No part is called ${id}`)
  return part
}

/** A part as it is summed on a basis. */
export function partOn(id: string, basis: Basis | undefined): Part {
  const part = partOf(id)
  if (basis !== 'activity' || !part.onActivity) return part
  const { when: _, onActivity, ...rest } = part
  return { ...rest, ...onActivity }
}

/** Ids of all parts that an expression is made of, the numerator first. */
export function partsOf(metric: Pick<Metric, 'value'>): string[] {
  const { value } = metric
  if (value.kind === 'part') return [value.of]
  return value.kind === 'projection' ? [value.of, value.by, value.sold] : [value.of, value.by]
}

function complete(family: FamilyDefinition['family'], metric: Metric): MetricDefinition {
  const numerator = partOf(metric.value.of)
  const denominator = metric.value.kind === 'part' ? undefined : partOf(metric.value.by)
  const dimensions = Object.values(DIMENSIONS)
    .filter(({ kind, columns }) => kind === 'time' || columns[numerator.fact] !== undefined)
    .map(({ id }) => id)
    .filter((id) => !metric.without?.includes(id) && (id !== 'stage' || metric.id.startsWith('backlog_')))
  return {
    ...metric,
    family,
    asOf: metric.bases.length === 0,
    numerator: denominator ? numerator.label : undefined,
    denominator: denominator?.label,
    dimensions,
  }
}

/** Every metric by its id, in the order of the glossary. */
export const METRICS: Readonly<Record<string, MetricDefinition>> = Object.fromEntries(
  ALL.flatMap(({ family, metrics }) => metrics.map((metric) => [metric.id, complete(family, metric)])),
)
