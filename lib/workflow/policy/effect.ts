import { and, eq } from 'drizzle-orm'
import { policy } from '../../db/schema'
import { UserError } from '../../errors'
import type { ApprovalEffect } from '../approval-effects'
import type { Context } from '../command'
import { setState, told } from './version'

async function pending({ tx }: Context, subject: string) {
  const [kind = '', version = ''] = subject.split('/')
  const rows = await tx
    .select()
    .from(policy)
    .where(and(eq(policy.version, Number(version)), eq(policy.state, 'pending')))
    .for('update')
  return rows.find((row) => row.kind === kind)
}

/** The last yes puts a version in force: from its day on, or from now when that day has passed meanwhile. */
export const policyEffect: ApprovalEffect = {
  async approved(context, approval) {
    const row = await pending(context, approval.subjectId)
    if (!row) throw new UserError('approval_stale', 'This version does not wait for approval any more.', 409, 'ids')
    if (row.createdBy === context.doer.id)
      throw new UserError('self_approval', 'You wrote this version: others approve it.', 403, 'ids')
    const effectiveFrom = row.effectiveFrom && row.effectiveFrom > context.at ? row.effectiveFrom : context.at
    await setState(context, row, 'active', { effectiveFrom, activatedAt: context.at })
    await told(
      context,
      row,
      'activated',
      { state: ['pending', 'active'], effectiveFrom: [null, effectiveFrom.toISOString()] },
      row.note,
      approval.id,
    )
  },
  async rejected(context, approval, reason) {
    const row = await pending(context, approval.subjectId)
    if (!row) return
    await setState(context, row, 'rejected')
    await told(context, row, 'rejected', { state: ['pending', 'rejected'] }, reason, approval.id)
  },
}
