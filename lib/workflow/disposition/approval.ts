import { and, desc, eq, gt } from 'drizzle-orm'
import { approval } from '../../db/schema'
import { formatUnits } from '../../money'
import type { Disposition } from '../../returns/codes'
import type { Proposal } from '../../returns/disposition'
import { ask, payloadHash } from '../approvals'
import type { Context } from '../command'
import { activePolicy } from '../policies'
import type { UnitRow } from '../record/types'

/** What a decision about goods needs beside the person who makes it. */
export type Approved =
  | { readonly state: 'free' | 'approved'; readonly id: string | null }
  | { readonly state: 'waiting'; readonly id: string }

/** Whether a decision against the rule is free, has been approved as it is, or now waits for a second person. */
export const approvedOverride = (
  context: Context,
  unit: UnitRow,
  asked: { readonly disposition: Disposition; readonly reason: string },
  proposal: Proposal,
): Promise<Approved> =>
  approvedFor(context, unit, 'override', {
    what: { unit: unit.id, disposition: asked.disposition, instead: proposal.disposition, row: proposal.row },
    why: asked.reason,
    summary: `${words(asked.disposition)} instead of ${words(proposal.disposition)} for ${unit.id}: ${asked.reason}`,
  })

/** The same for goods that are written off: destroyed or given away. */
export const approvedWriteOff = (context: Context, unit: UnitRow, to: string): Promise<Approved> =>
  approvedFor(context, unit, 'write_off', {
    what: { unit: unit.id, to },
    why: `Goods at cost are written off: ${words(to)}.`,
    summary: `${unit.id} is to be ${words(to)}`,
  })

const words = (code: string): string => code.replaceAll('_', ' ')

/** Who asked carries it out once the yes is there; so the same request is asked once, and its answer is found again. */
async function approvedFor(
  context: Context,
  unit: UnitRow,
  subjectType: 'override' | 'write_off',
  about: { what: Record<string, string>; why: string; summary: string },
): Promise<Approved> {
  const amount = unit.unitCost * BigInt(unit.quantity)
  // Bound to the unit as it is: once it has changed, the answer was about something else.
  const payload = {
    ...about.what,
    amount,
    status: unit.status,
    condition: unit.condition,
    finding: unit.finding,
    was: unit.disposition,
  }
  const { version } = await activePolicy(context.tx, 'approval', context.at)
  const known = await context.tx
    .select()
    .from(approval)
    .where(
      and(
        eq(approval.subjectType, subjectType),
        eq(approval.subjectId, unit.id),
        eq(approval.payloadHash, payloadHash(payload, version)),
        gt(approval.expiresAt, context.at),
      ),
    )
    .orderBy(desc(approval.requestedAt))
  const yes = known.find(({ state }) => state === 'approved')
  if (yes) return { state: 'approved', id: yes.id }
  const open = known.find(({ state }) => state === 'open')
  if (open) return { state: 'waiting', id: open.id }
  const answer = await ask(context, {
    subjectType,
    subjectId: unit.id,
    rmaId: unit.rmaId ?? '',
    unitId: unit.id,
    entity: unit.entity,
    facility: unit.facility,
    channel: unit.channel,
    amount,
    currency: unit.currency,
    payload,
    summary: `${about.summary}, ${formatUnits(amount, 2)} ${unit.currency} at cost`,
  })
  if (answer.state === 'free') return { state: 'free', id: null }
  await context.audit(
    [
      {
        action: 'approval.asked',
        objectType: 'approval',
        objectId: answer.id,
        rmaId: unit.rmaId ?? '',
        entity: unit.entity,
        diff: { subject: [null, `${subjectType} ${unit.id}`], amount: [null, amount.toString()] },
      },
    ],
    { reason: about.why, approvalId: answer.id },
  )
  return { state: 'waiting', id: answer.id }
}
