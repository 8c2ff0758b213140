import { type RequestFacts, routeRequest } from './eligibility'
import type { DecisionTable } from './policy'
import type { Outcome } from './simulation'

export interface PastRoute {
  readonly facts: RequestFacts
  readonly shippedFrom: string
  /** Cost of its goods in the reporting currency. */
  readonly cost: bigint
}

/** Where a routing table sends a return. */
export function routeOutcome(table: DecisionTable, { facts, shippedFrom, cost }: PastRoute): Outcome {
  const { facility, row } = routeRequest(table, { ...facts, shippedFrom })
  return { verdict: facility, row, sums: { cost }, waited: null }
}
