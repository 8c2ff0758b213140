import type { Place, PlaceKind } from '@/lib/workflow/read/find-types'

/** What each kind is called where it is offered. */
export const PLACE_WORDS: Readonly<Record<PlaceKind, string>> = {
  return: 'Return',
  unit: 'Unit',
  serial: 'Serial',
  tracking: 'Tracking',
  settlement: 'Settlement',
  claim: 'Claim',
  exception: 'Exception',
  order: 'Order',
  customer: 'Customer',
  sku: 'SKU',
  sale: 'Order',
}

/** The page of something that was found: the one case, the unit without one, or the list of several. Null where there is none. */
export function placeHref(place: Place): string | null {
  if (place.kind === 'sale') return null
  if (place.kind === 'claim') return `/claims?claim=${encodeURIComponent(place.id)}`
  if (place.cases > 1 || place.kind === 'sku') return `/returns?q=${encodeURIComponent(place.id)}`
  if (place.rmaId === '') return `/returns/unit/${encodeURIComponent(place.unitId)}`
  return `/returns/${encodeURIComponent(place.rmaId)}${place.unitId ? `#${encodeURIComponent(place.unitId)}` : ''}`
}
