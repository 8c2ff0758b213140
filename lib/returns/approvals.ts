import { type DecisionTable, decide, type PolicyFacts } from './policy'

export interface ApprovalFacts {
  readonly subject: string
  /** Weighed, main units of the reporting currency; undefined when no rate is known. */
  readonly amount: number | undefined
  readonly beforeInspection?: boolean
  readonly againstPolicy?: boolean
  readonly risk?: boolean
  readonly entity: string
}

/** Who must say yes: step by step, roles of which one suffices. No steps: nobody must. */
export interface ApprovalNeed {
  readonly steps: readonly (readonly string[])[]
  readonly row: string
  readonly why: string
}

/** What is needed where no row decides, a rate is missing or a row cannot be read: two people. */
const DUAL: readonly (readonly string[])[] = [['refund_approver_l2', 'controller'], ['controller']]

/** Reads the approval matrix. Fails closed: whatever is not known or not understood needs two people. */
export function approvalNeed(table: DecisionTable, facts: ApprovalFacts): ApprovalNeed {
  const asked: PolicyFacts = {
    subject: facts.subject,
    amount: facts.amount,
    before_inspection: facts.beforeInspection ?? false,
    against_policy: facts.againstPolicy ?? false,
    risk: facts.risk ?? false,
    entity: facts.entity,
  }
  const { row, outputs } = decide(table, asked)
  if (facts.amount === undefined && !(row && Object.keys(row.when).every((input) => input !== 'amount')))
    return {
      steps: DUAL,
      row: 'no-amount',
      why: 'What it is worth in the reporting currency is not known: two people decide.',
    }
  if (!row || typeof outputs.steps !== 'string')
    return { steps: DUAL, row: 'none', why: 'No row of the matrix decides: two people do.' }
  const steps = outputs.steps
    .split(';')
    .map((step) =>
      step
        .split('|')
        .map((role) => role.trim())
        .filter(Boolean),
    )
    .filter((step) => step.length > 0)
  if (outputs.steps.trim() !== '' && steps.length === 0)
    return { steps: DUAL, row: row.id, why: 'The row cannot be read: two people decide.' }
  return { steps, row: row.id, why: row.note }
}
