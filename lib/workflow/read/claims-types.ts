import type { ClaimStage, NotClaimable } from '../../returns/claims'

/** One unit that can be claimed, or one claim. Amounts are decimals in `currency`; instants are ISO 8601. */
export interface ClaimLine {
  readonly unitId: string
  readonly rmaId: string | null
  /** Null while the unit is only eligible, or was missed. */
  readonly claimId: string | null
  readonly batchId: string
  readonly sku: string
  readonly quantity: number
  readonly facility: string
  readonly condition: string
  /** Where the goods are. */
  readonly status: string
  readonly currency: string
  /** Claimable, or claimed. */
  readonly amount: string
  readonly accepted: string
  readonly recovered: string
  readonly writtenOff: string
  /** Accepted, not come and not given up. */
  readonly outstanding: string
  /** The end of the window to open it in; for a claim that is under way, when its present stage began. */
  readonly windowUntil: string | null
  readonly since: string
  readonly reference: string
  readonly reason: string
  readonly rejectedBefore: boolean
}

export interface SupplierTerms {
  readonly supplierId: string
  readonly name: string
  readonly currency: string
  /** Share of the cost, 0 to 1. */
  readonly coverage: number
  readonly windowDays: number
  readonly minimum: string
}

export interface SupplierGroup {
  readonly supplierId: string
  readonly name: string
  readonly terms: SupplierTerms | null
  readonly count: number
  /** Of all its lines, also those not listed; by currency where they have several. */
  readonly totals: readonly { readonly currency: string; readonly amount: string }[]
  /** The nearest end of a window among its lines. */
  readonly deadline: string | null
  /** What is missing of the agreement's minimum; null when nothing is. */
  readonly short: string | null
  readonly lines: readonly ClaimLine[]
}

/** How much stands at a stage; `value` is in the reporting currency, at today's rates. */
export interface StageSum {
  readonly stage: ClaimStage
  readonly count: number
  readonly value: string
}

export interface ClaimsBoard {
  readonly stage: ClaimStage
  readonly stages: readonly StageSum[]
  /** Of what is eligible: windows that end within seven days. */
  readonly ending: { readonly count: number; readonly value: string }
  readonly suppliers: readonly SupplierGroup[]
  /** Every supplier with something at this stage, for the filter. */
  readonly known: readonly { readonly supplierId: string; readonly name: string; readonly count: number }[]
}

/** A moment in the life of a claim. */
export interface ClaimMoment {
  readonly at: string
  readonly what: string
  readonly who: string
  readonly amount: string | null
  readonly note: string
}

export interface ClaimDocument {
  readonly sha256: string
  readonly mime: string
  readonly note: string
  /** Of the claim itself, or of its unit. */
  readonly of: 'claim' | 'unit'
}

/** Everything about one claim, or about a unit that could be claimed. */
export interface ClaimDetail {
  readonly line: ClaimLine
  readonly stage: ClaimStage
  readonly supplier: SupplierTerms | null
  readonly supplierName: string
  readonly unit: {
    readonly finding: string
    readonly condition: string
    readonly reason: string
    readonly comment: string
    readonly serial: string
    readonly lot: string
    readonly disposition: string
    readonly category: string
    /** Of all its pieces, in its own currency. */
    readonly cost: string
    readonly currency: string
    readonly receivedAt: string | null
    readonly inspectedAt: string | null
  }
  /** Why it cannot be claimed, where that is so. */
  readonly closed: { readonly why: NotClaimable; readonly words: string } | null
  readonly documents: readonly ClaimDocument[]
  readonly timeline: readonly ClaimMoment[]
  /** The other claims of its batch. */
  readonly batch: { readonly count: number; readonly amount: string }
  /** A write-off that waits for somebody's yes. */
  readonly waitsFor: string | null
}
