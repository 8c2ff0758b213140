import type { approval } from '../db/schema'
import { claimWriteOffEffect } from './claims/write-off-effect'
import type { Context } from './command'
import { settlingEffect } from './reconciliation/settle-effect'
import { settlementEffect } from './settlements/effect'
import { adjustmentEffect } from './stock/adjust-effect'

type ApprovalRow = typeof approval.$inferSelect

/** What a yes or a no does to its subject, in the transaction of the decision. */
export interface ApprovalEffect {
  approved(context: Context, row: ApprovalRow): Promise<void>
  rejected(context: Context, row: ApprovalRow, reason: string): Promise<void>
}

/** By subject. Overrides and write-offs of goods have none: who asked carries them out with the yes. */
const EFFECTS: Partial<Record<ApprovalRow['subjectType'], ApprovalEffect>> = {
  settlement: settlementEffect,
  adjustment: adjustmentEffect,
  write_off: claimWriteOffEffect,
  journal: settlingEffect,
}

export const effectOf = (subject: ApprovalRow['subjectType']): ApprovalEffect | undefined => EFFECTS[subject]
