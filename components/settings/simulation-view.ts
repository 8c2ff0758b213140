import type { SimulationState } from '@/lib/workflow/read/simulation-types'

/** A figure on both sides, and what it moved by: size without sign, and whether that is good. */
export interface FigureLine {
  readonly label: string
  readonly says: string
  readonly before: string
  readonly after: string
  readonly change: Change
  /** The cases behind it; null where nothing differs. */
  readonly href: string | null
}

export interface Change {
  readonly up: boolean
  readonly size: string
  readonly verdict: 'better' | 'worse' | 'same' | 'neither'
}

/** How many fell to a verdict or a row, and how much money. */
export interface ShareLine {
  readonly id: string
  readonly label: string
  readonly before: string
  readonly after: string
  readonly change: Change
  readonly amountBefore: string
  readonly amountAfter: string
  readonly amountChange: Change
  readonly href: string | null
}

/** One value of a case on both sides; `before` is null where it is the same. */
export interface Moved {
  readonly before: string | null
  readonly after: string
}

export interface CaseLine {
  readonly key: string
  readonly title: string
  readonly href: string | null
  readonly about: string
  readonly row: Moved
  readonly verdict: Moved
  readonly figures: readonly Moved[]
  readonly days: Moved | null
}

/** A simulation in finished words. */
export interface SimulationResultView {
  readonly headline: string
  readonly notes: readonly string[]
  readonly figures: readonly FigureLine[]
  readonly verdict: { readonly label: string; readonly amount: string; readonly lines: readonly ShareLine[] }
  readonly rows: readonly ShareLine[]
  readonly counts: readonly string[]
}

export interface CasesView {
  readonly title: string
  readonly lines: readonly CaseLine[]
  readonly figures: readonly string[]
  readonly days: boolean
  readonly verdict: string
  readonly note: string
  /** All of them again; null where all are shown. */
  readonly clear: string | null
  readonly before: string | null
  readonly after: string | null
  readonly csv: string | null
}

export interface RunLine {
  readonly id: string
  readonly label: string
  readonly href: string
  readonly current: boolean
  readonly state: SimulationState
  readonly about: string
}
