import type { approval } from '../db/schema'
import { manualEffect } from './books/manual-effect'
import { reopenEffect } from './books/reopen-effect'
import { claimWriteOffEffect } from './claims/write-off-effect'
import type { Context } from './command'
import { policyEffect } from './policy/effect'
import { settlingEffect } from './reconciliation/settle-effect'
import { settlementEffect } from './settlements/effect'
import { adjustmentEffect } from './stock/adjust-effect'
import { endingEffect } from './store-credit/end-effect'

type ApprovalRow = typeof approval.$inferSelect

/** What a yes or a no does to its subject, in the transaction of the decision. */
export interface ApprovalEffect {
  approved(context: Context, row: ApprovalRow): Promise<void>
  rejected(context: Context, row: ApprovalRow, reason: string): Promise<void>
}

/** An entry settles a difference, ends store credit or stands alone; each effect knows its own by the approval. */
const journalEffect: ApprovalEffect = {
  async approved(context, row) {
    await settlingEffect.approved(context, row)
    await manualEffect.approved(context, row)
    await endingEffect.approved(context, row)
  },
  async rejected(context, row, reason) {
    await settlingEffect.rejected(context, row, reason)
    await manualEffect.rejected(context, row, reason)
    await endingEffect.rejected(context, row, reason)
  },
}

/** By subject. Overrides and write-offs of goods have none: who asked carries them out with the yes. */
const EFFECTS: Partial<Record<ApprovalRow['subjectType'], ApprovalEffect>> = {
  settlement: settlementEffect,
  adjustment: adjustmentEffect,
  write_off: claimWriteOffEffect,
  journal: journalEffect,
  reopen: reopenEffect,
  policy: policyEffect,
}

export const effectOf = (subject: ApprovalRow['subjectType']): ApprovalEffect | undefined => EFFECTS[subject]
