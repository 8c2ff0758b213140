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

/** An action on a case or one of its units: open, or closed and why. */
export interface CaseAction {
  readonly command: string
  readonly title: string
  readonly unitId: string | null
  readonly why: string | null
}

export interface TimelineEntry {
  readonly key: string
  readonly at: string
  readonly type: string
  readonly what: string
  readonly unitId: string
  readonly source: string
  readonly who: string
  readonly why: string
  /** The event's data as it came, for those who look. */
  readonly data: string
}

export interface CaseUnit {
  readonly id: string
  readonly sku: string
  readonly category: string
  readonly name: string
  readonly quantity: number
  readonly status: string
  readonly statusAt: string
  readonly reason: string
  readonly comment: string
  readonly condition: string
  readonly finding: string
  readonly disposition: string
  readonly facility: string
  readonly tracking: string
  readonly carrier: string
  readonly expectedAt: string | null
  readonly serial: string
  readonly split: boolean
}

export interface CaseSettlement {
  readonly id: string
  readonly unitId: string
  readonly kind: string
  readonly state: string
  readonly amount: string
  readonly fee: string
  readonly deduction: string
  readonly entitled: string
  readonly currency: string
  readonly proposedBy: string
  readonly approvedBy: string
  readonly release: string
  readonly waitsFor: string
  readonly error: string
}

export interface CaseView {
  readonly id: string
  readonly orderId: string
  readonly customerId: string
  readonly channel: string
  readonly entity: string
  readonly facility: string
  readonly country: string
  readonly overall: string
  readonly goods: string
  readonly money: string
  readonly version: number
  readonly requestedAt: string | null
  readonly returnType: string
  readonly policy: { readonly version: string; readonly row: string; readonly explanation: readonly string[] }
  readonly units: readonly CaseUnit[]
  readonly settlements: readonly CaseSettlement[]
  readonly payment: {
    readonly captured: string
    readonly given: string
    readonly reserved: string
    readonly left: string
    readonly over: string
    readonly currency: string
  } | null
  readonly claims: readonly {
    id: string
    unitId: string
    supplierId: string
    state: string
    amount: string
    currency: string
  }[]
  readonly exceptions: readonly {
    id: string
    kind: string
    label: string
    state: string
    message: string
    dueAt: string
    ownerRole: string
    resolutions: readonly string[]
    unitId: string
  }[]
  readonly entries: readonly {
    id: string
    template: string
    period: string
    postedAt: string
    lines: readonly { account: string; debit: string; credit: string }[]
    currency: string
  }[]
  readonly timeline: readonly TimelineEntry[]
  readonly actions: readonly CaseAction[]
}
