/** Something that waits, or waited, for a yes. Amounts are decimal texts beside their currency, `weighed` is in the reporting currency. */
export interface ApprovalLine {
  readonly id: string
  readonly subjectType: string
  readonly subjectId: string
  readonly rmaId: string
  readonly summary: string
  /** '' where it is about no money, such as a policy. */
  readonly amount: string
  readonly currency: string
  readonly weighed: string
  readonly rule: string
  readonly ruleWhy: string
  readonly requestedBy: string
  readonly requestedAt: string
  readonly expiresAt: string
  readonly state: string
  readonly hash: string
  readonly answers: readonly {
    readonly who: string
    readonly decision: string
    readonly reason: string
    readonly at: string
  }[]
  /** What is known of the goods or the customer, a sentence each: what the answer rests on. */
  readonly facts: readonly string[]
  /** Photos and documents that are kept with it. */
  readonly evidence: number
  /** Where the thing itself is seen; null where the return is all there is. */
  readonly look: { readonly href: string; readonly label: string } | null
  /** What a version of a policy would have changed in the past: its latest simulation, or that there is none. Null for everything else. */
  readonly tried: TriedPolicy | null
  /** Those of one key may be answered together: the same rule, kind and currency. '' when it is answered alone. */
  readonly alike: string
  /** It is the reader's to answer. */
  readonly open: boolean
  readonly why: string
}

export interface TriedPolicy {
  /** The simulation, or the page that makes one. */
  readonly href: string
  /** Null while it has not been tried. */
  readonly found: {
    readonly units: number
    readonly changed: number
    readonly from: string
    readonly to: string
  } | null
}
