import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { account, approval, caseEvent, evidence, evidenceLink, returnUnit, supplierClaim } from '../../db/schema'
import { formatUnits } from '../../money'
import { coveredAmount, NOT_CLAIMABLE, stageOf } from '../../returns/claims'
import { agreements, judge, ratesAt } from '../claims/terms'
import type { ClaimRow, UnitRow } from '../record/types'
import { requireInScope, scopeOf } from '../scope'
import { claimLine, termsOf, unitLine } from './claim-lines'
import type { ClaimDetail, ClaimDocument, ClaimMoment } from './claims-types'

/** A claim by its id, or a unit that is in no claim by its own. 404 when there is none in the actor's rows. */
export async function claimDetail(
  actor: Actor,
  asked: { readonly claimId?: string; readonly unitId?: string },
  now = new Date(),
): Promise<ClaimDetail | undefined> {
  authorize(actor, 'claims:read')
  const claim = asked.claimId ? await claimNamed(asked.claimId) : await latestClaim(asked.unitId ?? '')
  const [unit] = await db()
    .select()
    .from(returnUnit)
    .where(eq(returnUnit.id, claim?.unitId ?? asked.unitId ?? ''))
  const named = asked.claimId && !claim ? undefined : unit
  requireInScope(actor, named, asked.claimId ? `claim ${asked.claimId}` : `unit ${asked.unitId ?? ''}`)
  if (!named) return undefined
  const live = claim && (asked.claimId !== undefined || claim.state !== 'rejected') ? claim : undefined
  return detailOf(actor, named, live, claim?.state === 'rejected', now)
}

const claimNamed = async (id: string): Promise<ClaimRow | undefined> =>
  (await db().select().from(supplierClaim).where(eq(supplierClaim.id, id)))[0]

const latestClaim = async (unitId: string): Promise<ClaimRow | undefined> =>
  (
    await db()
      .select()
      .from(supplierClaim)
      .where(eq(supplierClaim.unitId, unitId))
      .orderBy(sql`${supplierClaim.state} = 'rejected'`, desc(supplierClaim.openedAt))
      .limit(1)
  )[0]

async function detailOf(
  actor: Actor,
  unit: UnitRow,
  claim: ClaimRow | undefined,
  rejectedBefore: boolean,
  now: Date,
): Promise<ClaimDetail> {
  const supplierId = claim?.supplierId ?? unit.supplierId
  const [terms, judged, documents, timeline, batch, waitsFor] = await Promise.all([
    agreements(db(), [supplierId]),
    judge(db(), [unit], now),
    documentsOf(unit.id, claim?.id),
    momentsOf(unit.id, claim?.id),
    batchOf(actor, claim),
    waiting(claim),
  ])
  const agreement = terms.get(supplierId)
  const verdict = judged.get(unit.id)?.claimability
  const closed = !claim && verdict && !verdict.eligible ? { why: verdict.why, words: NOT_CLAIMABLE[verdict.why] } : null
  const cost = unit.unitCost * BigInt(unit.quantity)
  const covered = agreement && coveredAmount(cost, unit.currency, agreement, await ratesAt(db(), now))
  return {
    line: claim
      ? claimLine(claim, unit)
      : unitLine(unit, {
          amount: covered ?? 0n,
          currency: agreement?.currency ?? unit.currency,
          until: verdict?.windowUntil ?? null,
          rejectedBefore,
        }),
    stage: claim ? stageOf(claim) : closed?.why === 'window_closed' ? 'missed' : 'eligible',
    supplier: agreement ? termsOf(agreement) : null,
    supplierName: agreement?.name ?? supplierId,
    unit: {
      finding: unit.finding,
      condition: unit.condition,
      reason: unit.reason,
      comment: unit.comment,
      serial: unit.serial,
      lot: unit.lot,
      disposition: unit.disposition,
      category: unit.category,
      cost: formatUnits(cost),
      currency: unit.currency,
      receivedAt: unit.receivedAt?.toISOString() ?? null,
      inspectedAt: unit.inspectedAt?.toISOString() ?? null,
    },
    closed,
    documents,
    timeline,
    batch,
    waitsFor,
  }
}

async function documentsOf(unitId: string, claimId: string | undefined): Promise<ClaimDocument[]> {
  const rows = await db()
    .select({
      sha256: evidence.sha256,
      mime: evidence.mime,
      note: evidenceLink.note,
      subjectType: evidenceLink.subjectType,
    })
    .from(evidenceLink)
    .innerJoin(evidence, eq(evidence.sha256, evidenceLink.sha256))
    .where(
      and(
        sql`${evidence.purgedAt} IS NULL`,
        or(
          and(eq(evidenceLink.subjectType, 'unit'), eq(evidenceLink.subjectId, unitId)),
          and(eq(evidenceLink.subjectType, 'claim'), eq(evidenceLink.subjectId, claimId ?? '')),
        ),
      ),
    )
    .orderBy(evidenceLink.at)
  return rows.map(({ subjectType, ...row }) => ({ ...row, of: subjectType === 'claim' ? 'claim' : 'unit' }))
}

/** What of a unit's life a claim rests on, by event type. */
const STEPS: Readonly<Record<string, string>> = {
  'unit.received.v1': 'Received',
  'unit.inspected.v1': 'Inspected',
  'unit.dispositioned.v1': 'Decided',
  'claim.opened.v1': 'Claim opened',
  'claim.submitted.v1': 'Submitted to the supplier',
  'claim.accepted.v1': 'Accepted',
  'claim.rejected.v1': 'Rejected',
  'claim.recovered.v1': 'Money has come',
}

async function momentsOf(unitId: string, claimId: string | undefined): Promise<ClaimMoment[]> {
  const rows = await db()
    .select({ event: caseEvent, name: account.name })
    .from(caseEvent)
    .leftJoin(account, sql`${account.id}::text = ${caseEvent.data} ->> 'actor'`)
    .where(
      and(
        eq(caseEvent.unitId, unitId),
        eq(caseEvent.voided, false),
        inArray(caseEvent.type, Object.keys(STEPS)),
        claimId
          ? sql`(${caseEvent.type} NOT LIKE 'claim.%' OR ${caseEvent.data} ->> 'claim_id' = ${claimId})`
          : sql`true`,
      ),
    )
    .orderBy(caseEvent.time, caseEvent.sequence)
  return rows.map(({ event, name }) => ({
    at: event.time.toISOString(),
    what: event.data.written_off_amount === undefined ? (STEPS[event.type] ?? event.type) : 'Rest written off',
    who: name ?? event.source,
    amount: moneyOf(event.data),
    note: noteOf(event.data),
  }))
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const moneyOf = (data: Record<string, unknown>): string | null => {
  const amount = textOf(data.written_off_amount ?? data.amount)
  return amount === '' ? null : `${amount} ${textOf(data.currency)}`
}

const noteOf = (data: Record<string, unknown>): string =>
  [data.finding_code, data.condition_code, data.disposition, data.external_ref, data.reason]
    .map(textOf)
    .filter(Boolean)
    .map((each) => each.replaceAll('_', ' '))
    .join(' · ')

async function batchOf(actor: Actor, claim: ClaimRow | undefined): Promise<ClaimDetail['batch']> {
  if (!claim?.batchId) return { count: claim ? 1 : 0, amount: formatUnits(claim?.claimed ?? 0n) }
  const rows = await db()
    .select({ claimed: supplierClaim.claimed })
    .from(supplierClaim)
    .innerJoin(returnUnit, eq(returnUnit.id, supplierClaim.unitId))
    .where(and(eq(supplierClaim.batchId, claim.batchId), scopeOf(actor, returnUnit)))
  return { count: rows.length, amount: formatUnits(rows.reduce((sum, { claimed }) => sum + claimed, 0n)) }
}

async function waiting(claim: ClaimRow | undefined): Promise<string | null> {
  if (!claim) return null
  const [open] = await db()
    .select({ why: approval.why })
    .from(approval)
    .where(and(eq(approval.subjectType, 'write_off'), eq(approval.subjectId, claim.id), eq(approval.state, 'open')))
  return open?.why ?? null
}
