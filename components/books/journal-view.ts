import type { ActionFormProps } from '../actions/action-form'

/** What the pages of the books show: words and figures ready to be read. */
export interface LineView {
  readonly account: string
  readonly debit: string
  readonly credit: string
}

export interface EntryView {
  readonly id: string
  readonly href: string
  readonly day: string
  readonly what: string
  readonly note: string
  readonly caseHref: string | null
  readonly caseLabel: string
  readonly marks: readonly string[]
  readonly currency: string
  readonly lines: readonly LineView[]
}

export interface WaitingView {
  readonly id: string
  readonly what: string
  readonly state: string
  readonly asked: string
  readonly size: string
  readonly lines: readonly LineView[]
}

export interface EntryPanelView {
  readonly title: string
  readonly subtitle: string
  readonly close: string
  readonly facts: readonly { readonly label: string; readonly value: string; readonly href?: string }[]
  readonly lines: readonly LineView[]
  readonly total: string
  readonly currency: string
  readonly action: ActionFormProps | null
  readonly closed: string
}

export interface AccountChoice {
  readonly id: string
  readonly name: string
}
