import { and, desc, eq, inArray, ne } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db } from '../../db/client'
import { account, approval, approvalDecision, duty } from '../../db/schema'
import { formatUnits } from '../../money'
import { scopeOf } from '../scope'
import { behind, lookOf } from './approvals-behind'
import type { ApprovalLine } from './approvals-types'

/** What waits for approval, due first; `open` says whether it is the reader's to answer, `why` why not. With `decided`, what was answered last. */
export async function approvalsFor(actor: Actor, decided = false): Promise<ApprovalLine[]> {
  authorize(actor, 'approvals:read')
  const rows = await db()
    .select()
    .from(approval)
    .where(
      and(
        decided ? ne(approval.state, 'open') : eq(approval.state, 'open'),
        scopeOf(actor, { entity: approval.entity, channel: approval.channel }),
      ),
    )
    .orderBy(...(decided ? [desc(approval.decidedAt)] : [approval.expiresAt, desc(approval.weighed)]))
    .limit(200)
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return []
  const [known, answers, duties, people] = await Promise.all([
    behind(actor, rows),
    db().select().from(approvalDecision).where(inArray(approvalDecision.approvalId, ids)),
    db()
      .select()
      .from(duty)
      .where(
        inArray(
          duty.rmaId,
          rows
            .map((row) => row.rmaId)
            .filter(Boolean)
            .concat('-'),
        ),
      ),
    db().select({ id: account.id, name: account.name }).from(account),
  ])
  const names = new Map(people.map((each) => [each.id, each.name]))
  const nameOf = (id: string) => names.get(id) ?? id.replaceAll('_', ' ')
  return rows.map((row) => {
    const own = answers.filter((answer) => answer.approvalId === row.id)
    const answered = new Set(own.map(({ step }) => step))
    const missing = row.steps.filter((_, step) => !answered.has(step))
    const mine = missing.some((roles) => roles.some((role) => actor.roles.some((each) => each === role)))
    const touched = duties.find(
      (each) => each.rmaId === row.rmaId && each.person === actor.userId && row.subjectType === 'settlement',
    )
    const why = !can(actor, 'approvals:decide')
      ? 'Your role sees approvals and decides none.'
      : row.requestedBy === actor.userId
        ? 'You asked for it: somebody else answers.'
        : touched
          ? `You did ${touched.duty.replaceAll('_', ' ')} in this return: a second person must approve.`
          : mine
            ? ''
            : `It waits for ${missing.map((roles) => roles.map((role) => role.replaceAll('_', ' ')).join(' or ')).join(', then ')}.`
    return {
      id: row.id,
      subjectType: row.subjectType,
      subjectId: row.subjectId,
      rmaId: row.rmaId,
      summary: row.summary,
      amount: row.currency === '' ? '' : formatUnits(row.amount, 2),
      currency: row.currency,
      weighed: formatUnits(row.weighed, 2),
      rule: row.rule,
      ruleWhy: row.why,
      requestedBy: nameOf(row.requestedBy),
      requestedAt: row.requestedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      state: row.state,
      hash: row.payloadHash,
      facts: known.factsOf(row),
      evidence: known.evidenceOf(row),
      look: lookOf(row),
      tried: known.triedOf(row),
      alike: row.subjectType === 'settlement' && row.steps.length === 1 ? `${row.rule} ${row.currency}` : '',
      answers: own.map((answer) => ({
        who: nameOf(answer.person),
        decision: answer.decision,
        reason: answer.reason,
        at: answer.at.toISOString(),
      })),
      open: row.state === 'open' && why === '',
      why,
    }
  })
}
