import { humanize } from '@/lib/format'
import { DIMENSIONS } from '@/lib/metrics/dimensions'
import type { FilterOptions } from '@/lib/metrics/overview-types'

/** A dimension as people call it. */
export const labelOf = (dimension: string): string =>
  (Object.hasOwn(DIMENSIONS, dimension) ? DIMENSIONS[dimension]?.label : undefined) ?? humanize(dimension)

/** A channel or a place that has a code only: "web-eu" is "Web EU". */
const title = (code: string): string =>
  humanize(code)
    .split(/[ -]/)
    .map((word) => (word.length === 2 ? word.toUpperCase() : word))
    .join(' ')

/** Names of channels, entities and facilities where they have one; every other code as words. */
export const naming =
  (options: FilterOptions | null) =>
  (dimension: string, value: string): string => {
    if (dimension === 'channel' || dimension === 'entity' || dimension === 'facility') {
      const known = options?.[dimension].find((option) => option.value === value)
      return known && known.label !== value ? known.label : title(value)
    }
    return dimension === 'sku' ? value || 'Unknown' : humanize(value)
  }

/** Whose books: what nobody could match yet is nobody's. */
export const entityName = (entity: string): string => (entity === '' ? 'Not assigned' : naming(null)('entity', entity))

/** The values on offer in the filters, by the names that the page uses for them. */
export const named = (options: FilterOptions): FilterOptions => {
  const name = naming(options)
  const of = (dimension: keyof FilterOptions) =>
    options[dimension].map(({ value }) => ({ value, label: name(dimension, value) }))
  return { entity: of('entity'), channel: of('channel'), facility: of('facility') }
}
