import { humanize } from '@/lib/format'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import type { FilterOptions } from '@/lib/metrics/overview-types'

/** A dimension as people call it. */
export const labelOf = (dimension: string): string => DIMENSIONS[dimension]?.label ?? humanize(dimension)

/** Names of channels, entities and facilities where they have one; every other code as words. */
export const naming =
  (options: FilterOptions | null) =>
  (dimension: string, value: string): string => {
    if (dimension === 'channel' || dimension === 'entity' || dimension === 'facility') {
      const known = options?.[dimension].find((option) => option.value === value)
      if (known) return known.label
    }
    return dimension === 'sku' ? value || 'Unknown' : humanize(value)
  }
