import { humanize } from '@/lib/format'
import { FAMILIES, type MetricDefinition } from '@/lib/metrics/definition-types'
import { METRICS } from '@/lib/metrics/definitions'

/** The figures to choose from, by family. */
export function MetricOptions({ without = [] }: { without?: readonly MetricDefinition[] }) {
  return FAMILIES.map((family) => (
    <optgroup key={family} label={humanize(family)}>
      {Object.values(METRICS)
        .filter((metric) => metric.family === family && !without.includes(metric))
        .map((metric) => (
          <option key={metric.id} value={metric.id}>
            {metric.label}
          </option>
        ))}
    </optgroup>
  ))
}
