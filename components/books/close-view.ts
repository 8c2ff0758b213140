import type { ActionField } from '../actions/action-form'

export type Tone = 'warn' | 'plain' | 'better'

export interface CloseTaskView {
  readonly id: string
  readonly title: string
  readonly looks: string
  readonly owner: string
  readonly figure: string
  readonly even: boolean
  readonly evidence: string
  readonly signed: string
  readonly turned: boolean
  readonly href: string | null
  readonly given: Readonly<Record<string, unknown>>
  readonly closed: string
  readonly removable: boolean
}

export interface TrialRow {
  readonly account: string
  readonly opening: string
  readonly debit: string
  readonly credit: string
  readonly closing: string
}

export interface TrialView {
  readonly currency: string
  readonly groups: readonly { readonly label: string; readonly rows: readonly TrialRow[] }[]
  readonly totals: Omit<TrialRow, 'account'>
}

export interface CloseView {
  readonly title: string
  readonly state: string
  readonly tone: Tone
  readonly lead: string
  readonly hash: string | null
  readonly periods: readonly {
    readonly period: string
    readonly href: string
    readonly label: string
    readonly state: string
    readonly tone: Tone
    readonly note: string
    readonly current: boolean
  }[]
  readonly tasks: readonly CloseTaskView[]
  readonly signed: number
  readonly trial: readonly TrialView[]
  readonly journal: string
  readonly files: readonly { readonly label: string; readonly href: string; readonly note: string }[]
  readonly actions: readonly {
    readonly command: string
    readonly title: string
    readonly button: string
    readonly fields: readonly ActionField[]
    readonly given: Readonly<Record<string, unknown>>
    readonly closed: string
  }[]
}
