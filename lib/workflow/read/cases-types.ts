/** One case in a list. Instants are ISO 8601, amounts decimal texts beside their currency. */
export interface CaseLine {
  readonly id: string
  readonly orderId: string
  readonly customerId: string
  readonly channel: string
  readonly entity: string
  readonly facility: string
  readonly overall: string
  readonly goods: string
  readonly money: string
  readonly requestedAt: string | null
  readonly lastAt: string
  readonly pieces: number
  readonly value: string
  readonly currency: string
  readonly exceptions: number
}

/** What a list of cases is narrowed by besides its status. */
export const CASE_FACETS = ['facility', 'channel', 'entity', 'reason'] as const
export type CaseFacet = (typeof CASE_FACETS)[number]

export const CASE_SORTS = ['changed', 'asked', 'value', 'id'] as const
export type CaseSort = (typeof CASE_SORTS)[number]

export interface AskedCases {
  /** Anything: RMA, order, unit, SKU, serial, tracking number, customer, settlement or claim. */
  readonly q?: string
  /** An overall status; `any` for all; without one the open ones, and all where something is searched. */
  readonly status?: string
  readonly facets?: Readonly<Partial<Record<CaseFacet, readonly string[]>>>
  readonly sort?: CaseSort
  readonly descending?: boolean
  /** The page after this one: what `next` was. */
  readonly after?: string
}

export interface CaseList {
  readonly lines: readonly CaseLine[]
  /** By overall status, in the reader's part of the company, with the facets: of what is open, or of what was found. */
  readonly counts: readonly { readonly status: string; readonly n: number }[]
  /** What each facet can be narrowed to, with the others as they are; of the latest 20,000 cases. */
  readonly facets: Readonly<Record<CaseFacet, readonly { readonly value: string; readonly n: number }[]>>
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}
