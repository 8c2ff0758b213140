import { divideHalfEven } from '../money'
import { type DispositionFacts, proposeDisposition } from './disposition'
import type { DecisionTable } from './policy'
import type { Outcome } from './simulation'

/** A decision about goods, with what was known of them at that moment. */
export interface PastDecision {
  readonly facts: DispositionFacts
  /** Cost of its goods in 1/10,000 of the reporting currency. */
  readonly cost: bigint
}

/** What goods of a disposition bring in again, in 1/1,000,000 of their cost. */
export type Recovery = (disposition: string) => bigint

const WHOLE = 1_000_000n

/** What a disposition table proposes for goods, and what goods so decided bring in again. */
export function dispositionOutcome(table: DecisionTable, { facts, cost }: PastDecision, recovery: Recovery): Outcome {
  const { disposition, row } = proposeDisposition(table, facts)
  return {
    ...{ verdict: disposition, row, waited: null },
    sums: { recovery: divideHalfEven(cost * recovery(disposition), WHOLE) },
  }
}
