import type { FigureDefinition } from '@/components/overview/figure'
import { METRICS } from '@/lib/metrics/definitions'

/** A metric's definition as a page words it. What is not defined cannot be shown: that is a fault, not a gap. */
export function define(id: string): FigureDefinition {
  const metric = METRICS[id]
  if (!metric) throw new Error(`No metric is called ${id}`)
  return {
    id,
    label: metric.label,
    unit: metric.unit,
    good: metric.good,
    sentence: metric.sentence,
    formula: metric.formula,
    numerator: metric.numerator,
    denominator: metric.denominator,
    bases: metric.bases,
  }
}
