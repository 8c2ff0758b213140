/** What something pasted can be. `sale`: an order of which nothing has been asked back. */
export type PlaceKind =
  | 'return'
  | 'unit'
  | 'serial'
  | 'tracking'
  | 'settlement'
  | 'claim'
  | 'exception'
  | 'order'
  | 'customer'
  | 'sku'
  | 'sale'

/** Where something pasted leads. */
export interface Place {
  readonly kind: PlaceKind
  readonly id: string
  /** What was typed is the id; else it is only its beginning. */
  readonly exact: boolean
  /** Of the one case or unit that it means; '' for several. */
  readonly status: string
  /** Cases that it means, a unit without one counted as one; at most 50 are looked at. */
  readonly cases: number
  /** Of the first of them; `rmaId` is '' for a unit that belongs to no return. */
  readonly rmaId: string
  readonly unitId: string
}
