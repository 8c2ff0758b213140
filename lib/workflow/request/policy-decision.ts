import { z } from 'zod'
import { RELEASE_RULES, type Terms } from '../../returns/eligibility'
import type { JudgedLine } from './judge'

const terms = z.object({
  returnable: z.boolean(),
  approval: z.enum(['auto', 'manual']),
  release: z.enum(RELEASE_RULES),
  method: z.string(),
  windowDays: z.number(),
  feePercent: z.number(),
  labelFee: z.number(),
  deduction: z.record(z.string(), z.number()),
}) satisfies z.ZodType<Terms>

const line = z.object({
  orderLineId: z.string(),
  row: z.string(),
  note: z.string(),
  terms,
  explanation: z.array(z.string()).readonly(),
  routing: z.object({ facility: z.string(), row: z.string() }),
})

const schema = z.object({
  version: z.number().int(),
  lines: z.array(line),
  /** The approved exception that let a return in against the policy. */
  exceptionId: z.string().optional(),
})

/** What the returns policy decided when a return was asked for, by order line: kept in `rma.policy_decision`, whatever later versions say. */
export type PolicyDecision = z.infer<typeof schema>

/** What is kept of a judgement of each order line. */
export const decisionOf = (judged: ReadonlyMap<string, JudgedLine>): PolicyDecision => ({
  version: judged.values().next().value?.version ?? 0,
  lines: [...judged].map(([orderLineId, { row, note, terms, explanation, facility, routingRow }]) => ({
    ...{ orderLineId, row, note, terms, explanation },
    routing: { facility, row: routingRow },
  })),
})

/**
 * Reads what a case keeps; undefined where no policy was asked (a return that another system made). Throws when it is there and cannot be
 * read: settling by another version instead would be a wrong amount that nobody notices.
 */
export function policyDecisionOf(kept: unknown): PolicyDecision | undefined {
  if (kept === null || kept === undefined) return undefined
  const read = schema.safeParse(kept)
  if (!read.success) throw new Error(`A policy decision that is kept cannot be read: ${z.prettifyError(read.error)}`)
  return read.data
}

/** The decision on one order line. */
export const decidedOn = (decision: PolicyDecision | undefined, orderLineId: string | null) =>
  decision?.lines.find((each) => each.orderLineId === orderLineId)
