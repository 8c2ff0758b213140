import type { CaseEvidence } from './evidence-types'

/** An action on a case or on things of it: open, or closed and why. Closed ones that are closed for one reason are told once, with all they are about. */
export interface CaseAction {
  readonly command: string
  readonly title: string
  /** Null for the whole case. Units, settlements. */
  readonly subject: { readonly type: 'unit' | 'settlement'; readonly id: string } | null
  readonly why: string | null
}

/** Something that happened: an event, a decision on an approval, or a note of the audit log that no event carries. */
export interface TimelineEntry {
  readonly key: string
  readonly at: string
  readonly type: string
  readonly what: string
  readonly unitId: string
  readonly source: string
  readonly who: string
  readonly why: string
  /** Taken back since. */
  readonly voided: boolean
  /** The event's data as it came, for those who look. */
  readonly data: string
}

/** What the rule would do with a unit now. */
export interface DispositionProposal {
  readonly disposition: string
  readonly row: string
  readonly note: string
  readonly version: number
}

/** What a unit's customer would get now, step by step; amounts are decimal texts. `why` instead, where nothing can be given. */
export interface SettlementPreview {
  readonly unitId: string
  readonly kind: string
  readonly entitled: string
  readonly fee: string
  readonly deduction: string
  /** What is not given because less is left of what was captured. */
  readonly withheld: string
  readonly amount: string
  readonly currency: string
  readonly row: string
  /** Of an exchange: the piece that the customer gets, what it costs and what they pay on top; '' of anything else. */
  readonly replacement: string
  readonly value: string
  readonly due: string
  readonly why: string
}

/** The order that an exchange makes; amounts are decimal texts. */
export interface CaseReplacement {
  readonly reference: string
  readonly sku: string
  readonly quantity: number
  readonly state: string
  readonly value: string
  /** Of the value: paid with what came back, and by the customer on top. */
  readonly applied: string
  readonly due: string
  readonly at: string
  readonly reason: string
}

/** What we said to a chargeback. */
export interface CaseAnswer {
  readonly answer: string
  readonly note: string
  readonly documents: number
  readonly by: string
  readonly at: string
  /** When the provider took it; null while it has not. */
  readonly sentAt: string | null
  readonly error: string
}

/** What the customer holds in store credit with the company of this case, newest movement first. */
export interface CaseCredit {
  readonly held: string
  readonly owed: string
  readonly currency: string
  readonly movements: readonly {
    readonly id: string
    readonly kind: string
    readonly amount: string
    /** The order that it was spent on, or the settlement that issued it. */
    readonly about: string
    readonly by: string
    readonly at: string
  }[]
}

export interface CaseUnit {
  readonly id: string
  readonly sku: string
  readonly category: string
  readonly goodsClass: string
  readonly name: string
  readonly quantity: number
  readonly received: number
  readonly status: string
  readonly statusAt: string
  readonly reason: string
  readonly comment: string
  readonly condition: string
  readonly finding: string
  readonly disposition: string
  readonly ruleRow: string
  readonly overridden: boolean
  readonly facility: string
  readonly location: string
  readonly tracking: string
  readonly carrier: string
  readonly expectedAt: string | null
  readonly serial: string
  readonly serialMatch: boolean | null
  readonly lot: string
  readonly split: boolean
  /** Of all its pieces: what was paid, tax included. */
  readonly value: string
  readonly currency: string
  /** For whoever may decide on it now. */
  readonly proposal: DispositionProposal | null
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
  readonly method: string
  readonly proposedBy: string
  readonly approvedBy: string
  readonly release: string
  readonly policyVersion: string
  readonly policyRow: string
  /** Decided by an outside system and only recorded here. */
  readonly external: boolean
  readonly waitsFor: string
  readonly error: string
  readonly replacement: CaseReplacement | null
  readonly answer: CaseAnswer | null
}

/** A suggestion of what a unit that belongs to no return may be. */
export interface CaseMatch {
  readonly orderLineId: string
  readonly orderId: string
  readonly rmaId: string | null
  readonly unitId: string | null
  readonly name: string
  readonly score: number
  readonly because: readonly string[]
}

export interface CaseView {
  /** The RMA; of what was received without a return, the unit. */
  readonly id: string
  readonly unmatched: boolean
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
  readonly waits: readonly { readonly what: string; readonly until: string | null; readonly late: boolean }[]
  readonly units: readonly CaseUnit[]
  readonly settlements: readonly CaseSettlement[]
  readonly previews: readonly SettlementPreview[]
  readonly credit: CaseCredit | null
  readonly payment: {
    readonly captured: string
    readonly given: string
    readonly reserved: string
    readonly left: string
    readonly over: string
    readonly currency: string
  } | null
  readonly costs: readonly {
    readonly id: string
    readonly kind: string
    readonly amount: string
    readonly currency: string
    readonly at: string
  }[]
  /** Null where the reader may not see them. */
  readonly claims:
    | readonly {
        readonly id: string
        readonly unitId: string
        readonly supplierId: string
        readonly state: string
        readonly amount: string
        readonly accepted: string
        readonly recovered: string
        readonly currency: string
        readonly windowUntil: string | null
      }[]
    | null
  readonly exceptions: readonly {
    readonly id: string
    readonly kind: string
    readonly label: string
    readonly state: string
    readonly resolution: string
    readonly message: string
    readonly note: string
    readonly dueAt: string
    readonly ownerRole: string
    readonly resolutions: readonly string[]
    readonly unitId: string
  }[]
  readonly evidence: readonly CaseEvidence[] | null
  readonly approvals: readonly {
    readonly id: string
    readonly summary: string
    readonly rule: string
    readonly why: string
    readonly state: string
    readonly requestedBy: string
    readonly expiresAt: string
    /** Whose answer is missing, in words. */
    readonly missing: string
  }[]
  readonly entries:
    | readonly {
        readonly id: string
        readonly template: string
        readonly period: string
        readonly postedAt: string
        readonly reverses: string
        readonly memo: string
        readonly lines: readonly { readonly account: string; readonly debit: string; readonly credit: string }[]
        readonly currency: string
      }[]
    | null
  readonly matches: readonly CaseMatch[]
  readonly timeline: readonly TimelineEntry[]
  readonly actions: readonly CaseAction[]
}

/** Whether a case has changed, and by whom last: what a page that shows it asks every few seconds. */
export interface CaseNews {
  readonly version: number
  readonly what: string
  readonly who: string
  readonly at: string | null
  /** It was the reader. */
  readonly mine: boolean
}
