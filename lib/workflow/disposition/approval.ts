import { createHash } from 'node:crypto'
import { and, desc, eq, gt } from 'drizzle-orm'
import { approval } from '../../db/schema'
import { formatUnits } from '../../money'
import type { Disposition } from '../../returns/codes'
import type { Proposal } from '../../returns/disposition'
import type { Context } from '../command'
import type { UnitRow } from '../record/types'
import { inReportingCurrency } from './proposal'

/** What a decision about goods needs beside the person who makes it. */
export type Approved =
  | { readonly state: 'free' | 'approved'; readonly id: string | null }
  | { readonly state: 'waiting'; readonly id: string }

const HOURS = 3_600_000
/** An answer holds for so long (reliability.md §7.3). */
const VALID = 72 * HOURS

/** Who must say yes, by cost in the reporting currency, bounds inclusive (reliability.md §7.3, "Write-off / scrap"). */
const MATRIX = [
  { upTo: 250_000n, steps: [], rule: 'up to 25: free' },
  { upTo: 2_500_000n, steps: [['warehouse_manager', 'controller']], rule: 'up to 250: warehouse manager' },
  { upTo: null, steps: [['warehouse_manager'], ['controller']], rule: 'above 250: warehouse manager and controller' },
] as const

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
    summary: `${words(asked.disposition)} instead of ${words(proposal.disposition)} for ${unit.id}`,
  })

/** The same for goods that are written off: destroyed or given away. */
export const approvedWriteOff = (context: Context, unit: UnitRow, to: string): Promise<Approved> =>
  approvedFor(context, unit, 'write_off', {
    what: { unit: unit.id, to },
    why: `Goods at cost are written off: ${words(to)}.`,
    summary: `${unit.id} is to be ${words(to)}`,
  })

const words = (code: string): string => code.replaceAll('_', ' ')

async function approvedFor(
  context: Context,
  unit: UnitRow,
  subjectType: 'override' | 'write_off',
  about: { what: Record<string, string>; why: string; summary: string },
): Promise<Approved> {
  const amount = unit.unitCost * BigInt(unit.quantity)
  const weighed = await inReportingCurrency(context.tx, amount, unit.currency, context.at)
  const row = MATRIX.find(({ upTo }) => upTo === null || weighed <= upTo)
  if (!row || row.steps.length === 0) return { state: 'free', id: null }
  // Bound to the unit as it is: once it has changed, the answer was about something else.
  const bound = {
    ...about.what,
    amount: String(amount),
    status: unit.status,
    condition: unit.condition,
    was: unit.disposition,
  }
  const payloadHash = createHash('sha256').update(JSON.stringify(bound)).digest('hex')
  const known = await context.tx
    .select()
    .from(approval)
    .where(
      and(
        eq(approval.subjectType, subjectType),
        eq(approval.subjectId, unit.id),
        eq(approval.payloadHash, payloadHash),
        gt(approval.expiresAt, context.at),
      ),
    )
    .orderBy(desc(approval.requestedAt))
  const yes = known.find(({ state }) => state === 'approved')
  if (yes) return { state: 'approved', id: yes.id }
  const open = known.find(({ state }) => state === 'open')
  if (open) return { state: 'waiting', id: open.id }
  return { state: 'waiting', id: await ask() }

  async function ask(): Promise<string> {
    await context.tx
      .update(approval)
      .set({ state: 'void', decidedAt: context.at })
      .where(and(eq(approval.subjectType, subjectType), eq(approval.subjectId, unit.id), eq(approval.state, 'open')))
    const id = crypto.randomUUID()
    await context.tx.insert(approval).values({
      id,
      subjectType,
      subjectId: unit.id,
      rmaId: unit.rmaId ?? '',
      unitId: unit.id,
      entity: unit.entity,
      facility: unit.facility,
      channel: unit.channel,
      amount,
      currency: unit.currency,
      weighed,
      steps: row?.steps.map((step) => [...step]) ?? [],
      rule: row?.rule ?? '',
      why: about.why,
      summary: `${about.summary}, ${formatUnits(amount, 2)} ${unit.currency} at cost`,
      payloadHash,
      requestedBy: context.doer.id,
      requestedAt: context.at,
      expiresAt: new Date(context.at.getTime() + VALID),
    })
    await context.audit(
      [
        {
          action: 'approval.asked',
          objectType: 'approval',
          objectId: id,
          rmaId: unit.rmaId ?? '',
          entity: unit.entity,
          diff: {
            subject: [null, `${subjectType}:${unit.id}`],
            amount: [null, amount.toString()],
            payloadHash: [null, payloadHash],
          },
        },
      ],
      { reason: about.why, approvalId: id },
    )
    return id
  }
}
