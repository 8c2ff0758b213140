/** Something that waits, or waited, for a yes. Amounts are decimal texts beside their currency, `weighed` is in the reporting currency. */
export interface ApprovalLine {
  readonly id: string
  readonly subjectType: string
  readonly subjectId: string
  readonly rmaId: string
  readonly summary: string
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
  /** It is the reader's to answer. */
  readonly open: boolean
  readonly why: string
}
