import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from '../db/client'
import { approval, approvalDecision } from '../db/schema'
import { UserError } from '../errors'
import { toNumber } from '../money'
import { type ApprovalNeed, approvalNeed } from '../returns/approvals'
import { effectOf } from './approval-effects'
import { type Context, command } from './command'
import { inReportingCurrency } from './disposition/proposal'
import { activePolicy } from './policies'
import { requireInScope } from './scope'

const HOUR = 3_600_000
/** An answer that nobody has given by then must be asked for again. */
const VALID = 72 * HOUR

export type ApprovalRow = typeof approval.$inferSelect
export type ApprovalSubject = ApprovalRow['subjectType']

export interface Asked {
  readonly subjectType: ApprovalSubject
  readonly subjectId: string
  readonly rmaId?: string
  readonly unitId?: string
  readonly entity?: string
  readonly facility?: string
  readonly channel?: string
  /** In 1/10,000 of `currency`. */
  readonly amount: bigint
  readonly currency: string
  /** The customer and the order, whose other credits of the last day and month count with this one. */
  readonly customerId?: string
  readonly orderId?: string
  readonly againstPolicy?: boolean
  readonly beforeInspection?: boolean
  readonly risk?: boolean
  /** What is approved, whole: any other content needs another approval. */
  readonly payload: unknown
  readonly summary: string
}

export type AskResult =
  | { readonly state: 'free'; readonly why: string; readonly hash: string }
  | { readonly state: 'waiting'; readonly id: string; readonly why: string; readonly hash: string }

/** Texts of a payload in one fixed order of keys, so that the same content has the same hash. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}

export const payloadHash = (payload: unknown, policyVersion: number): string =>
  createHash('sha256')
    .update(`${canonical(payload)}@${policyVersion}`)
    .digest('hex')

/** Weighs what is asked and says who must say yes to it; opens the approval when somebody must. An open one for the same subject is void. */
export async function ask(context: Pick<Context, 'tx' | 'doer' | 'at'>, asked: Asked): Promise<AskResult> {
  const { tx, doer, at } = context
  const policy = await activePolicy(tx, 'approval', at)
  const weighed = await weigh(tx, asked, doer.id, at)
  const need: ApprovalNeed = approvalNeed(policy.table, {
    subject: asked.subjectType,
    amount: weighed === undefined ? undefined : toNumber(weighed),
    againstPolicy: asked.againstPolicy ?? false,
    beforeInspection: asked.beforeInspection ?? false,
    risk: asked.risk ?? false,
    entity: asked.entity ?? '',
  })
  const hash = payloadHash(asked.payload, policy.version)
  await tx
    .update(approval)
    .set({ state: 'void', decidedAt: at })
    .where(
      and(
        eq(approval.subjectType, asked.subjectType),
        eq(approval.subjectId, asked.subjectId),
        eq(approval.state, 'open'),
      ),
    )
  if (need.steps.length === 0) return { state: 'free', why: need.why, hash }
  const [row] = await tx
    .insert(approval)
    .values({
      subjectType: asked.subjectType,
      subjectId: asked.subjectId,
      rmaId: asked.rmaId ?? '',
      unitId: asked.unitId ?? '',
      entity: asked.entity ?? '',
      facility: asked.facility ?? '',
      channel: asked.channel ?? '',
      amount: asked.amount,
      currency: asked.currency,
      weighed: weighed ?? 0n,
      steps: need.steps.map((step) => [...step]),
      rule: `version ${policy.version}, row ${need.row}`,
      why: need.why,
      summary: asked.summary,
      payloadHash: hash,
      requestedBy: doer.id,
      requestedAt: at,
      expiresAt: new Date(at.getTime() + VALID),
    })
    .returning({ id: approval.id })
  return { state: 'waiting', id: row?.id ?? '', why: need.why, hash }
}

/**
 * What thresholds are compared with, in the reporting currency: this, and what was asked for the same customer or order within a day, or by the
 * same person for them within thirty. So five small ones are as large as one, guests' orders included. Undefined without a rate.
 */
async function weigh(tx: Transaction, asked: Asked, person: string, at: Date): Promise<bigint | undefined> {
  const own = await inReportingCurrency(tx, asked.amount, asked.currency, at).catch(() => undefined)
  if (own === undefined || asked.subjectType !== 'settlement') return own
  const { customerId = '', orderId = '' } = asked
  const { rows } = await tx.execute<{ day: string; month: string; currency: string }>(sql`
    SELECT s.currency, coalesce(sum(s.amount + coalesce(r.applied, 0)) FILTER (WHERE s.proposed_at > ${new Date(at.getTime() - 24 * HOUR).toISOString()}::timestamptz), 0)::text AS day,
      coalesce(sum(s.amount + coalesce(r.applied, 0)) FILTER (WHERE s.proposed_by = ${person}), 0)::text AS month
    FROM (
      SELECT s.* FROM return_unit u JOIN settlement s ON s.unit_id = u.id WHERE ${customerId} <> '' AND u.customer_id = ${customerId}
      UNION SELECT s.* FROM settlement s WHERE ${orderId} <> '' AND s.order_id = ${orderId}
    ) s LEFT JOIN replacement r ON r.settlement_id = s.id
    WHERE NOT s.external AND s.id <> ${asked.subjectId} AND s.state <> 'rejected'
      AND s.proposed_at > ${new Date(at.getTime() - 30 * 24 * HOUR).toISOString()}::timestamptz
    GROUP BY s.currency`)
  let day = 0n
  let month = 0n
  for (const row of rows) {
    day += await inReportingCurrency(tx, BigInt(row.day), row.currency, at)
    month += await inReportingCurrency(tx, BigInt(row.month), row.currency, at)
  }
  return own + (day > month ? day : month)
}

const id = z.uuid()

async function load(context: Context, approvalId: string): Promise<ApprovalRow> {
  const [row] = await context.tx.select().from(approval).where(eq(approval.id, approvalId)).for('update')
  requireInScope(
    context.actor,
    row && {
      entity: row.entity,
      ...(row.channel ? { channel: row.channel } : {}),
      ...(row.facility ? { facility: row.facility } : {}),
    },
    `approval ${approvalId}`,
  )
  if (!row) throw new UserError('not_found', `There is no approval ${approvalId}.`, 404, 'id')
  if (row.state !== 'open') throw new UserError('approval_closed', `This was ${row.state} already.`, 409, 'id')
  return row
}

/** The first step without an answer for which the actor has a role. */
async function stepFor(context: Context, row: ApprovalRow): Promise<{ step: number; role: string }> {
  const done = await context.tx.select().from(approvalDecision).where(eq(approvalDecision.approvalId, row.id))
  const answered = new Set(done.map(({ step }) => step))
  for (const [step, roles] of row.steps.entries()) {
    if (answered.has(step)) continue
    const role = roles.find((each) => context.actor.roles.some((own) => own === each))
    if (role) return { step, role }
  }
  const missing = row.steps.filter((_, step) => !answered.has(step)).map((roles) => roles.join(' or '))
  throw new UserError('approval_role', `This waits for ${missing.join(', then ')}.`, 403, 'id')
}

async function decideOne(
  context: Context,
  approvalId: string,
  decision: 'approved' | 'rejected',
  reason: string,
  seen?: string,
): Promise<ApprovalRow> {
  const row = await load(context, approvalId)
  if (row.expiresAt <= context.at)
    throw new UserError('approval_expired', 'Nobody answered in time: it must be asked for again.', 409, 'id')
  if (seen !== undefined && seen !== row.payloadHash)
    throw new UserError('approval_stale', 'What was to be approved has changed since you saw it.', 409, 'hash')
  const { step, role } = await stepFor(context, row)
  if (row.subjectType === 'settlement') context.duty('approve_refund', { rmaId: row.rmaId, unitId: row.unitId })
  if (row.subjectType === 'adjustment') context.duty('adjust_approve', { unitId: row.subjectId })
  if (row.subjectType === 'journal') context.duty('approve_journal', { unitId: row.subjectId })
  await context.tx.insert(approvalDecision).values({
    approvalId: row.id,
    person: context.doer.id,
    step,
    role,
    decision,
    reason,
    payloadHash: row.payloadHash,
    at: context.at,
  })
  const answers = await context.tx
    .select()
    .from(approvalDecision)
    .where(and(eq(approvalDecision.approvalId, row.id), eq(approvalDecision.decision, 'approved')))
  const state = decision === 'rejected' ? 'rejected' : answers.length >= row.steps.length ? 'approved' : 'open'
  if (state !== 'open')
    await context.tx.update(approval).set({ state, decidedAt: context.at }).where(eq(approval.id, row.id))
  await context.audit(
    [
      {
        action: `approval.${decision}`,
        objectType: 'approval',
        objectId: row.id,
        rmaId: row.rmaId,
        entity: row.entity,
        diff: {
          state: ['open', state],
          step: [null, step + 1],
          role: [null, role],
          subject: [null, `${row.subjectType} ${row.subjectId}`],
        },
      },
    ],
    { reason, approvalId: row.id },
  )
  const effect = effectOf(row.subjectType)
  if (state === 'approved') await effect?.approved(context, row)
  if (state === 'rejected') await effect?.rejected(context, row, reason)
  return { ...row, state }
}

const approve = command({
  name: 'approval.approve',
  title: 'Approve',
  permission: 'approvals:decide',
  input: z.strictObject({
    ids: z.array(id).min(1).max(100),
    /** What each is bound to, as it was seen: one that has changed since is not approved, and neither are those answered with it. */
    hashes: z.record(z.string(), z.string()).default({}),
    reason: z.string().trim().max(500).default(''),
  }),
  async run(context, input) {
    const states: Record<string, string> = {}
    for (const each of [...input.ids].sort())
      states[each] = (await decideOne(context, each, 'approved', input.reason, input.hashes[each])).state
    return { states }
  },
})

const reject = command({
  name: 'approval.reject',
  title: 'Reject',
  permission: 'approvals:decide',
  input: z.strictObject({ ids: z.array(id).min(1).max(100), reason: z.string().trim().min(3, 'Say why.').max(500) }),
  async run(context, input) {
    const states: Record<string, string> = {}
    for (const each of [...input.ids].sort())
      states[each] = (await decideOne(context, each, 'rejected', input.reason)).state
    return { states }
  },
})

/** Marks what nobody answered in time, and lets its subject know. Returns how many. */
export async function expireApprovals(tx: Transaction, at: Date): Promise<number> {
  const { rows } =
    await tx.execute(sql`UPDATE approval SET state = 'expired', decided_at = ${at.toISOString()}::timestamptz
    WHERE state = 'open' AND expires_at <= ${at.toISOString()}::timestamptz RETURNING id`)
  return rows.length
}

export const approvalCommands = [approve, reject] as const
