import type { PolicyKindName } from './settings-types'

/** What is asked for when a version is tried on the past. */
export interface SimulationAsked {
  readonly version: number
  /** What it is held against; the version in force where it is left out. */
  readonly against?: number | undefined
  /** First day and last day, both in it, of the reporting zone. */
  readonly from: string
  readonly to: string
  readonly channel?: string | undefined
  readonly category?: string | undefined
}

export type SimulationState = 'waiting' | 'running' | 'done' | 'failed' | 'stopped'

/** How many pieces and how much money fell to something, before and after. Amounts in the reporting currency. */
export interface SimulatedShare {
  readonly id: string
  readonly unitsBefore: number
  readonly unitsAfter: number
  readonly amountBefore: string
  readonly amountAfter: string
}

export interface SimulationResult {
  readonly currency: string
  /** Pieces that were judged and lines that they came in; of these, how many would have been another. */
  readonly units: number
  readonly lines: number
  readonly changedUnits: number
  readonly changedLines: number
  /** Lines of the span that could not be judged, since nobody knows what was sold. */
  readonly unknown: number
  /** Lines whose currency has no rate: they are judged, and their money is in no figure. */
  readonly withoutRate: number
  /** Cases that are kept to be looked at: fewer than `changedLines` only where there are very many. */
  readonly kept: number
  readonly verdicts: readonly SimulatedShare[]
  readonly rows: readonly SimulatedShare[]
  readonly figures: readonly { readonly id: string; readonly before: string; readonly after: string }[]
  /** Mean days to the money, over the pieces that both versions pay. */
  readonly days: { readonly units: number; readonly before: number; readonly after: number } | null
  readonly ms: number
}

export interface SimulationRun {
  readonly id: string
  readonly kind: PolicyKindName
  readonly version: number
  readonly against: number
  readonly hash: string
  /** The version was edited since: what was tried is not what it says now. */
  readonly stale: boolean
  readonly from: string
  /** The last day that is in it. */
  readonly to: string
  readonly tz: string
  readonly channel: string
  readonly category: string
  /** Only the rows of a part of the company. */
  readonly partial: boolean
  readonly askedBy: string
  readonly askedAt: string
  readonly mine: boolean
  readonly state: SimulationState
  readonly judged: number
  readonly total: number
  readonly finishedAt: string | null
  readonly error: string
  readonly result: SimulationResult | null
}

export interface SimulatedSide {
  readonly verdict: string
  readonly row: string
  /** By the id of the figure, in the reporting currency. */
  readonly sums: Readonly<Record<string, string>>
  readonly days: number | null
}

/** One thing of the past that would have been another. */
export interface SimulatedCase {
  readonly n: number
  readonly unitId: string
  readonly rmaId: string
  readonly quantity: number
  readonly about: Readonly<Record<string, string>>
  readonly before: SimulatedSide
  readonly after: SimulatedSide
}

/** Cases of a verdict or of a row, on either side; all of them where nothing is named. */
export interface AskedSimulatedCases {
  readonly verdict?: string | undefined
  readonly row?: string | undefined
}

export interface SimulatedCases {
  readonly cases: readonly SimulatedCase[]
  readonly count: number
  /** Where the next page begins; null on the last. */
  readonly next: number | null
}

/** What may be chosen to narrow a simulation. */
export interface SimulationChoices {
  readonly channels: readonly string[]
  readonly categories: readonly string[]
  /** The last 90 days in the reporting zone. */
  readonly from: string
  readonly to: string
}
