import type { DifferenceKind, Settling, Way } from '../../returns/reconciliation'

export type DifferenceState = 'open' | 'waiting' | 'proposed' | 'settled'

/** Two totals that must be one: decimals of `currency`, or pieces where that is ''. */
export interface TieLine {
  readonly label: string
  readonly ours: string
  readonly theirs: string
  readonly difference: string
  readonly currency: string
}

export interface DifferenceLine {
  readonly key: string
  readonly kind: DifferenceKind
  readonly label: string
  readonly guess: string
  readonly settling: Settling
  readonly title: string
  readonly ours: string
  readonly theirs: string
  readonly difference: string
  readonly currency: string
  readonly entity: string
  readonly facility: string
  readonly since: string | null
  readonly refs: Readonly<Record<string, string>>
  readonly state: DifferenceState
  readonly waitUntil: string | null
  readonly note: string
  readonly ownerRole: string
  readonly assignee: string | null
  readonly exceptionId: string | null
  readonly entryId: string | null
}

export interface ReconciliationView {
  readonly way: Way
  /** How the two sides of this way are called: of its totals, and of its differences. */
  readonly sides: readonly [ours: string, theirs: string]
  readonly columns: readonly [ours: string, theirs: string]
  readonly ties: readonly TieLine[]
  readonly differences: readonly DifferenceLine[]
  readonly count: number
  readonly open: number
  readonly notes: readonly string[]
  readonly at: string
}

/** Rows behind a difference: a heading, columns and cells; the last column of figures adds up to a side where `total` says so. */
export interface RowsBehind {
  readonly title: string
  readonly columns: readonly { readonly label: string; readonly right?: boolean }[]
  readonly rows: readonly (readonly RowCell[])[]
  /** Said where nothing stands behind it. */
  readonly empty: string
}
export type RowCell = string | { readonly text: string; readonly rma: string }

export interface DifferenceDetail {
  readonly line: DifferenceLine
  readonly sides: readonly [ours: string, theirs: string]
  readonly behind: readonly RowsBehind[]
  readonly people: readonly { readonly id: string; readonly name: string }[]
  readonly entities: readonly string[]
}
