import type { CloseTask } from '../../returns/close-tasks'

/** One line of an entry. Amounts are decimal texts with four places, '' on the side that it does not have. */
export interface EntryLine {
  readonly account: string
  readonly name: string
  readonly debit: string
  readonly credit: string
}

/** An entry of the journal, whole. */
export interface Entry {
  readonly id: string
  readonly entity: string
  readonly period: string
  readonly currency: string
  readonly occurredAt: string
  readonly postedAt: string
  readonly template: string
  readonly cause: string
  readonly origin: 'automatic' | 'manual' | 'opening'
  readonly memo: string
  readonly unitId: string
  readonly rmaId: string
  readonly preparedBy: string
  readonly approvedBy: string
  readonly late: boolean
  readonly reverses: string | null
  readonly reversedBy: string | null
  /** The sum of its debits. */
  readonly size: string
  readonly lines: readonly EntryLine[]
}

export interface JournalAsked {
  readonly entity?: string | undefined
  readonly period?: string | undefined
  readonly account?: string | undefined
  readonly origin?: Entry['origin'] | undefined
  /** An entry, return, unit, settlement or claim by its id. */
  readonly q?: string | undefined
  /** Where the page before ended. */
  readonly after?: string | undefined
}

export interface JournalPage {
  readonly entries: readonly Entry[]
  /** How the next page is asked for; null at the end. */
  readonly next: string | null
  readonly entities: readonly string[]
  readonly periods: readonly string[]
  readonly accounts: readonly { readonly id: string; readonly name: string }[]
}

/** An entry that waits for a yes, or got a no. */
export interface ManualEntryLine {
  readonly id: string
  readonly entity: string
  readonly currency: string
  readonly occurredAt: string
  readonly memo: string
  readonly lines: readonly EntryLine[]
  readonly size: string
  readonly state: 'proposed' | 'posted' | 'rejected'
  /** What has become of its approval, such as expired. */
  readonly approval: string
  readonly reverses: string | null
  readonly preparedBy: string
  readonly preparedAt: string
}

/** An account in a period: what it began with, what came on either side, what it ends with; debit above zero. */
export interface TrialLine {
  readonly account: string
  readonly name: string
  readonly kind: string
  readonly currency: string
  readonly opening: string
  readonly debit: string
  readonly credit: string
  readonly closing: string
}

export interface PeriodLine {
  readonly period: string
  readonly state: 'open' | 'soft' | 'closed'
  readonly entries: number
  readonly late: number
  readonly manual: number
  readonly closedAt: string | null
  readonly closedBy: string
  readonly reopened: number
  readonly signed: number
}

export interface TaskLine extends CloseTask {
  readonly figure: string
  readonly even: boolean
  readonly evidence: string
  readonly signed: { readonly by: string; readonly at: string; readonly evidence: string; readonly note: string } | null
  /** Why it cannot be signed by the reader now; '' when it can. */
  readonly closed: string
}

/** What can be done with the period, and why not. */
export interface PeriodAction {
  readonly command: 'period.lock' | 'period.unlock' | 'period.close' | 'period.reopen'
  readonly closed: string
}

export interface CloseView {
  readonly entity: string
  readonly entities: readonly string[]
  readonly periods: readonly PeriodLine[]
  readonly period: PeriodLine
  readonly tasks: readonly TaskLine[]
  readonly trial: readonly TrialLine[]
  readonly hash: string | null
  readonly actions: readonly PeriodAction[]
}
