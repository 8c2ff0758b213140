import { and, eq } from 'drizzle-orm'
import { closeTask } from '../../db/schema'
import { UserError } from '../../errors'
import type { ApprovalEffect } from '../approval-effects'
import { changeState, holdState, requireLast } from './period-state'

/** The last yes opens the period again, locked: nothing is posted by itself into what was closed. Every task is signed anew. */
export const reopenEffect: ApprovalEffect = {
  async approved(context, row) {
    const [entity = '', period = ''] = splitLast(row.subjectId)
    if ((await holdState(context.tx, entity, period)) !== 'closed')
      throw new UserError('approval_stale', 'The period is not closed any more.', 409, 'ids')
    await requireLast(context.tx, entity, period)
    await changeState(context, { entity, period, from: 'closed', to: 'soft', approvalId: row.id })
    await context.tx.delete(closeTask).where(and(eq(closeTask.entity, entity), eq(closeTask.period, period)))
  },
  async rejected() {
    // The period stays as it is; the refusal is in the audit log with the decision.
  },
}

/** An entity may hold a slash; a period never does. */
const splitLast = (id: string): [string, string] => [
  id.slice(0, id.lastIndexOf('/')),
  id.slice(id.lastIndexOf('/') + 1),
]
