import { toNumber } from '../money'
import { approvalNeed } from './approvals'
import type { DecisionTable } from './policy'
import type { Outcome } from './simulation'

/** Something that was to be approved, as the matrix weighed it. Amounts in 1/10,000 of the reporting currency. */
export interface PastAsking {
  readonly subject: string
  readonly entity: string
  readonly amount: bigint
  /** With what went before; undefined where no rate was known. */
  readonly weighed: bigint | undefined
  readonly beforeInspection: boolean
  readonly againstPolicy: boolean
  readonly risk: boolean
}

/** Who must say yes to it by a matrix. The verdict is the matrix's own text: roles of which one suffices by |, steps by ;, '' for nobody. */
export function approvalOutcome(table: DecisionTable, { weighed, amount, ...asked }: PastAsking): Outcome {
  const { steps, row } = approvalNeed(table, {
    ...asked,
    amount: weighed === undefined ? undefined : toNumber(weighed),
  })
  return { verdict: steps.map((roles) => roles.join('|')).join(';'), row, sums: { amount }, waited: null }
}
