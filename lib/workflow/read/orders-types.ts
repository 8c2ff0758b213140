/** One line of an order, with what can still come back of it. */
export interface OrderLineView {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** Pieces that are in no return yet. */
  readonly left: number
  /** Of one piece, with tax. */
  readonly price: string
  readonly currency: string
}

export interface OrderView {
  readonly id: string
  readonly customerId: string
  readonly channel: string
  readonly soldAt: string
  readonly lines: readonly OrderLineView[]
  /** Returns of this order that there are already. */
  readonly returns: readonly { readonly id: string; readonly overall: string }[]
}

/** What the policy says of one line before anything is asked for. */
export interface PreviewLine {
  readonly orderLineId: string
  readonly returnable: boolean
  /** Whether it is decided at once, or waits for a person. */
  readonly decided: boolean
  readonly note: string
  readonly row: string
  readonly version: number
  readonly explanation: readonly string[]
  readonly facility: string
  readonly release: string
  readonly method: string
  readonly value: string
  readonly fee: string
  /** What the customer gets when the goods come back as they were sold. */
  readonly refund: string
  readonly currency: string
  /** Why it cannot be asked for; '' when it can. */
  readonly fault: string
}
