import type { MetricDefinition } from '@/lib/metrics/definition-types'
import { partOf } from '@/lib/metrics/definitions'
import type { Basis } from '@/lib/metrics/types'

/** From this on a cohort counts as it stands, under that it cannot be projected: as on the overview. */
export const MATURE = 0.98
export const RIPE = 0.3

/** Rates whose end can be told from how far they are. */
const PROJECTED: readonly string[] = ['return_rate_units', 'return_rate_value']
/** Their sentence says already what is not in yet. */
const SETTLED: readonly string[] = ['return_rate_two_months', 'return_maturity']

export const basisOf = ({ bases }: MetricDefinition, asked: Basis | undefined): Basis | undefined =>
  asked && bases.includes(asked) ? asked : bases[0]

/** Whether a figure of a young cohort still grows: what comes back of it is not all here. */
export const ripens = (metric: MetricDefinition, asked: Basis | undefined): boolean =>
  basisOf(metric, asked) === 'cohort' &&
  !SETTLED.includes(metric.id) &&
  metric.value.kind !== 'projection' &&
  !['sales', 'aged_sales', 'open_sales'].includes(partOf(metric.value.of).fact)

/** What a rate is expected to end at; null where that cannot be said, or where it has arrived. */
export function projectedEnd(metric: MetricDefinition, value: number | null, maturity: number | null): number | null {
  if (!PROJECTED.includes(metric.id) || value === null || maturity === null) return null
  return maturity < RIPE || maturity >= MATURE ? null : Math.min(1, value / maturity)
}
