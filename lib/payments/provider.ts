/** What a refund came to: it is done, it will never be done, or nobody knows. */
export type RefundOutcome =
  | { readonly state: 'paid'; readonly reference: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }

export interface RefundOrder {
  /** Ours; the provider does one refund for one of these, however often it is asked. */
  readonly id: string
  /** What was captured: the provider's reference of the payment. */
  readonly payment: string
  /** In 1/10,000 of the currency's main unit. */
  readonly amount: bigint
  readonly currency: string
}

/** What we say to a dispute: nothing against it, or why it is wrong. */
export type DisputeAnswer =
  | { readonly ref: string; readonly answer: 'accepted' }
  | { readonly ref: string; readonly answer: 'disputed'; readonly text: string }

/** What became of an answer: the provider has it, or will never take it, or nobody knows and it is sent again, which is harmless. */
export type AnswerOutcome =
  | { readonly state: 'taken' }
  | { readonly state: 'refused' | 'unknown'; readonly reason: string }

/** A payment provider. `find` asks by our id what became of a refund: it is asked after an unknown outcome, before anything is sent again. */
export interface PaymentProvider {
  readonly name: string
  refund(order: RefundOrder): Promise<RefundOutcome>
  /** `undefined` when the provider has no such refund; 'unknown' when it cannot be asked. */
  find(order: RefundOrder): Promise<RefundOutcome | undefined>
  answer(answer: DisputeAnswer): Promise<AnswerOutcome>
}
