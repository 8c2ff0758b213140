/** An open exception in the queue. `value` is a decimal text, '' where it is not about money. */
export interface ExceptionLine {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly message: string
  readonly rmaId: string
  readonly unitId: string
  readonly severity: string
  readonly ownerRole: string
  /** The reader's role owns it. */
  readonly mine: boolean
  readonly value: string
  readonly currency: string
  readonly raisedAt: string
  readonly dueAt: string
  readonly overdue: boolean
  readonly resolutions: readonly string[]
}
