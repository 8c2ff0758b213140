/** An open exception in the queue. Amounts are decimal texts, '' where it is not about money; instants ISO 8601. */
export interface ExceptionLine {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly message: string
  readonly note: string
  /** The return, or the order where nothing has been asked back yet; '' for what lies here without either. */
  readonly rmaId: string
  readonly unitId: string
  readonly facility: string
  readonly severity: 'low' | 'medium' | 'high'
  /** A role of lib/auth/permissions, whatever an outside system called the owner. */
  readonly ownerRole: string
  readonly assignee: string
  /** The reader's role owns it, or it was given to them. */
  readonly mine: boolean
  readonly value: string
  readonly currency: string
  readonly raisedAt: string
  readonly dueAt: string
  readonly overdue: boolean
  readonly resolutions: readonly string[]
}

export const EXCEPTION_SORTS = ['due', 'value', 'severity'] as const
export type ExceptionSort = (typeof EXCEPTION_SORTS)[number]

export interface AskedExceptions {
  readonly kind?: string
  readonly owner?: string
  readonly facility?: string
  readonly mine?: boolean
  readonly overdue?: boolean
  readonly sort?: ExceptionSort
  /** From 1. */
  readonly page?: number
}

export interface ExceptionQueue {
  readonly lines: readonly ExceptionLine[]
  /** What the filters leave; `total`, `mine` and `overdue` are of everything that the reader may see. */
  readonly count: number
  readonly total: number
  readonly mine: number
  readonly overdue: number
  readonly pageSize: number
  readonly kinds: readonly { readonly kind: string; readonly label: string; readonly n: number }[]
  readonly owners: readonly { readonly role: string; readonly n: number }[]
  /** Who can be given one: by role. */
  readonly people: readonly { readonly id: string; readonly name: string; readonly roles: readonly string[] }[]
}
