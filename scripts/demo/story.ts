import { DAY, dayOf } from './calendar'

/**
 * What happens to the demo company, in days before `today`. Every part of the simulator that bends reality reads it from here, the
 * marks on the charts are made from here, and docs/demo-company.md tells it.
 */
export interface Story {
  /** The instant that the history was made for. */
  today: number
  /** One lot of one product of one supplier is bad; sold in this span, then stopped. */
  spike: Span & { recallAt: number }
  /** A carrier loses and delays parcels that it takes over in this span. */
  carrierFailure: Span
  /** A ring of customers orders and sends back empty boxes, swaps, or nothing. */
  ring: Span
  /** From here on returns are free in the EU shop. */
  freeReturnsFrom: number
  /** From here on Łódź has no night shift, and falls behind. */
  understaffedFrom: number
}
export interface Span {
  from: number
  to: number
}

export const RING_CUSTOMERS = 25
export const SPIKE = { product: 'Aurora Buds Pro', supplier: 'lumen-audio', lot: 'LUM-7741' } as const
export const FAILING_CARRIER = 'nordpost'
export const SMALL_FAMILY = { brand: 'Norrland', name: 'Fjell' } as const

export function storyOf(today: Date): Story {
  const midnight = dayOf(today.getTime()) * DAY
  const ago = (days: number) => midnight - days * DAY
  return {
    today: today.getTime(),
    spike: { from: ago(63), to: ago(21), recallAt: ago(20) + 9 * 3_600_000 },
    carrierFailure: { from: ago(34), to: ago(24) },
    ring: { from: ago(125), to: ago(10) },
    freeReturnsFrom: ago(49),
    understaffedFrom: ago(42),
  }
}

export const within = (span: Span, at: number): boolean => at >= span.from && at < span.to

/** How much longer an inspection waits in Łódź: 1 before the night shift went, growing by the day since, at most 7. */
export function lodzSlowdown(story: Story, at: number): number {
  if (at < story.understaffedFrom) return 1
  return Math.min(7, 1 + ((at - story.understaffedFrom) / DAY) * 0.14)
}
