import type { ClaimStage } from '@/lib/returns/claims'

/** The page of claims in finished words; amounts that are summed in the browser are decimals beside them. */
export interface StageTab {
  id: ClaimStage
  label: string
  count: string
  value: string
  href: string
}

export interface LineView {
  /** What is picked: the claim, or the unit that has none. */
  id: string
  href: string
  unit: string
  sku: string
  place: string
  status: string
  /** "in 2 d, 26 Nov"; the age where there is no deadline. */
  when: string
  urgent: boolean
  amount: string
  /** What has happened to the amount since. */
  rest: string
  note: string
  pick: { supplierId: string; currency: string; amount: string } | null
}

export interface SupplierView {
  id: string
  name: string
  href: string
  terms: string
  count: string
  total: string
  when: string
  urgent: boolean
  /** "24.80 USD short of the minimum" */
  short: string | null
  lines: LineView[]
  more: { label: string; href: string } | null
  /** Everything of it at once, where that is possible. */
  all: { label: string; sum: string } | null
}

export interface BoardView {
  stage: ClaimStage
  stages: StageTab[]
  ending: string | null
  lead: string
  columns: { when: string; amount: string; rest: string }
  suppliers: SupplierView[]
  csv: string | null
  filter: { known: { id: string; label: string }[]; current: string }
  /** May claim, submit and settle. */
  works: boolean
}

/** What can be done with claims at a stage. */
export type ClaimAction = 'open' | 'submit' | 'accept' | 'reject' | 'recover' | 'write_off'

export const ACTIONS_AT: Readonly<Record<ClaimStage, readonly ClaimAction[]>> = {
  eligible: ['open'],
  opened: ['submit', 'reject'],
  submitted: ['accept', 'reject'],
  accepted: ['recover', 'write_off'],
  recovered: [],
  rejected: [],
  missed: [],
}

export interface DetailView {
  title: string
  subtitle: string
  close: string
  stage: ClaimStage
  amounts: { label: string; value: string; strong?: boolean }[]
  notice: string | null
  facts: { label: string; value: string; href?: string }[]
  documents: { href: string; label: string; note: string }[]
  /** Where a document can be added: the claim that it is kept with. */
  addTo: string | null
  timeline: { at: string; what: string; who: string; amount: string; note: string }[]
  picked: Picked | null
  actions: readonly ClaimAction[]
}

/** What an action is about. Amounts are decimals. */
export interface Picked {
  readonly ids: readonly string[]
  readonly suppliers: readonly string[]
  /** By currency. */
  readonly sums: Readonly<Record<string, string>>
  /** Every unit of the supplier that can be claimed, not only those listed. */
  readonly wholeSupplier?: boolean
  /** Proposed where one claim is about an amount of its own. */
  readonly amount?: string
}
