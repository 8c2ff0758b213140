import type { ActionField } from '../actions/action-form'

/** The page in finished words. */
export interface ReconciliationPageView {
  tabs: { id: string; label: string; href: string; current: boolean }[]
  lead: string
  verdict: { text: string; good: boolean; detail: string }
  sides: readonly [string, string]
  columns: readonly [string, string]
  ties: { label: string; ours: string; theirs: string; difference: string; even: boolean; unit: string }[]
  notes: readonly string[]
  differences: DifferenceRow[]
  more: string | null
  csv: string | null
}

export interface DifferenceRow {
  key: string
  href: string
  title: string
  kind: string
  place: string
  ours: string
  theirs: string
  difference: string
  unit: string
  age: string
  guess: string
  state: string
  stateNote: string
  owner: string
  settled: boolean
}

export interface PanelView {
  title: string
  kind: string
  close: string
  amounts: { label: string; value: string; strong?: boolean }[]
  guess: string
  state: string
  note: string | null
  actions: PanelAction[]
  /** Why something that one would look for is not there. */
  closed: string[]
  behind: { title: string; empty: string; columns: { label: string; right: boolean }[]; rows: BehindCell[][] }[]
}

export interface BehindCell {
  text: string
  href?: string
}

export interface PanelAction {
  command: string
  title: string
  button: string
  given: Record<string, unknown>
  fields: ActionField[]
}
