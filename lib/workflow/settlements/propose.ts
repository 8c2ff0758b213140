import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { caseException, orderLine, payment, returnUnit, rma, settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits, parseAmount, smallestUnit, units } from '../../money'
import type { SettlementKind } from '../../returns/codes'
import type { Terms } from '../../returns/eligibility'
import { type Entitlement, entitlementOf } from '../../returns/entitlement'
import { isReleased } from '../../returns/release'
import { ask } from '../approvals'
import { automaton, did } from '../automation'
import type { Context } from '../command'
import { type Agreed, agree, carriedOf, reserveReplacement, type Wanted } from '../exchange/replacement'
import { record } from '../record/record'
import type { SettlementRow, UnitRow } from '../record/types'
import { judgeLine } from '../request/judge'
import { decidedOn, policyDecisionOf } from '../request/policy-decision'

export const CREDITING = ['refund', 'exchange', 'store_credit', 'partial_credit'] as const

/** What proposing needs: a command's context, or what an automation works with. */
export type Proposer = Pick<Context, 'tx' | 'doer' | 'at' | 'event' | 'record'> & { readonly commandId?: string }

export interface ProposeOptions {
  readonly kind?: SettlementKind
  /** Fees and deductions are let go; needs an approved exception of the kind fee_waiver. */
  readonly waive?: boolean
  readonly exceptionId?: string
  /** Of an exchange: the piece that the customer gets. */
  readonly wanted?: Wanted
  readonly cause: string
}

/** The settlement of a unit as it would be now: amount by component, terms, release, and who would have to say yes. */
export interface Preview {
  readonly unit: UnitRow
  readonly kind: SettlementKind
  /** What the customer is due: of an exchange, before the replacement takes its part. */
  readonly entitlement: Entitlement
  readonly exchange: Agreed | undefined
  readonly terms: Terms
  readonly row: string
  readonly version: number
  readonly released: boolean
  readonly againstPolicy: boolean
  readonly risk: boolean
}

const KIND_OF: Record<string, SettlementKind> = { exchange: 'exchange', store_credit: 'store_credit' }

/** Reckons what a unit's customer would get. Throws a UserError where nothing can be proposed, which says why. */
export async function previewFor(
  tx: Transaction,
  unit: UnitRow,
  options: Pick<ProposeOptions, 'kind' | 'waive' | 'wanted'>,
  at: Date,
): Promise<Preview> {
  const [line] = await tx.select().from(orderLine).where(eq(orderLine.id, unit.orderLineId))
  if (!line)
    throw new UserError(
      'no_sale',
      `${unit.id} belongs to no known sale: what was paid is not known, so nothing can be given back.`,
      409,
      'unitId',
    )
  const own = await tx
    .select()
    .from(settlement)
    .where(and(eq(settlement.unitId, unit.id), ne(settlement.state, 'rejected')))
  const kind = options.kind ?? KIND_OF[unit.returnType] ?? 'refund'
  if (
    own.some((each) => CREDITING.some((crediting) => crediting === each.kind)) &&
    CREDITING.some((crediting) => crediting === kind)
  )
    throw new UserError(
      'settled_already',
      `${unit.id} has a settlement already: reject it before you propose another.`,
      409,
      'unitId',
    )
  const [found] = unit.rmaId ? await tx.select().from(rma).where(eq(rma.id, unit.rmaId)) : []
  // The terms that the policy gave when the return was asked for: later versions of it do not change them.
  const decision = policyDecisionOf(found?.policyDecision)
  const decided = decidedOn(decision, line.id)
  const judged =
    decision && decided
      ? { ...decided, version: decision.version }
      : await judgeLine(
          tx,
          line,
          { reason: unit.reason, returnType: unit.returnType, rmaId: unit.rmaId ?? '' },
          unit.requestedAt ?? at,
        )
  const { terms, row } = judged
  const carried = await carriedOf(tx, line.id)
  const entitlement = entitlementOf({
    lineNet: line.net + carried.net,
    lineTax: line.tax + carried.tax,
    lineQuantity: line.quantity,
    creditedQuantity: await creditedOf(tx, line.id, unit.id),
    quantity: unit.quantity,
    capturedLeft: await capturedLeft(tx, line.orderId),
    feePercent: terms.feePercent,
    labelFee: parseAmount(terms.labelFee) ?? units(0n),
    step: smallestUnit(line.currency),
    deductionPercent: unit.condition ? (terms.deduction[unit.condition] ?? 0) : 0,
    waiveFee: options.waive ?? false,
    waiveDeduction: options.waive ?? false,
  })
  const [doubt] = await tx
    .select({ id: caseException.id })
    .from(caseException)
    .where(
      and(
        eq(caseException.state, 'open'),
        inArray(caseException.kind, ['serial_conflict', 'repeated_abuse', 'wrong_item']),
        sql`(${caseException.unitId} = ${unit.id} OR (${caseException.rmaId} <> '' AND ${caseException.rmaId} = ${unit.rmaId ?? ''} AND ${caseException.unitId} = ''))`,
      ),
    )
    .limit(1)
  return {
    unit,
    kind,
    entitlement,
    exchange:
      kind === 'exchange'
        ? await agree(tx, { unit, line, credit: entitlement, wanted: options.wanted ?? {} })
        : undefined,
    terms,
    row,
    version: judged.version,
    released: isReleased(terms.release, unit),
    againstPolicy: !terms.returnable || (decided !== undefined && decision?.exceptionId !== undefined),
    risk: unit.serialMatch === false || doubt !== undefined,
  }
}

async function creditedOf(tx: Transaction, lineId: string, unitId: string): Promise<number> {
  const [row] = await tx
    .select({ n: sql<number>`coalesce(sum(${returnUnit.quantity}), 0)::int` })
    .from(returnUnit)
    .where(
      sql`${returnUnit.orderLineId} = ${lineId} AND ${returnUnit.id} <> ${unitId} AND EXISTS (SELECT FROM settlement s WHERE s.unit_id = ${returnUnit.id}
        AND s.state <> 'rejected' AND s.kind IN ('refund', 'exchange', 'store_credit', 'partial_credit'))`,
    )
  return row?.n ?? 0
}

/** What of the capture is neither given, nor on its way, nor promised. The payment's row is locked: proposals of one order wait for each other. */
async function capturedLeft(tx: Transaction, orderId: string): Promise<bigint> {
  const [row] = await tx.select().from(payment).where(eq(payment.orderId, orderId)).for('update')
  if (!row) return 0n
  const { rows } = await tx.execute<{ promised: string }>(
    sql`SELECT coalesce(sum(promised), 0)::text AS promised FROM settlement_draw WHERE order_id = ${orderId}`,
  )
  return row.captured - row.reserved - row.refunded - row.chargedBack - row.credited - BigInt(rows[0]?.promised ?? '0')
}

/** Proposes what a unit's customer gets, and approves it at once where the matrix needs nobody. Returns the settlement's id and what it waits for. */
export async function proposeFor(
  proposer: Proposer,
  unitId: string,
  options: ProposeOptions,
): Promise<{ id: string; waitsFor: string | null; amount: string }> {
  const { tx, at } = proposer
  const [unit] = await tx.select().from(returnUnit).where(eq(returnUnit.id, unitId)).for('update')
  if (!unit) throw new UserError('not_found', `There is no unit ${unitId}.`, 404, 'unitId')
  if (unit.rejectedAt || unit.cancelledAt || unit.splitAt)
    throw new UserError('not_now', `${unitId} is rejected, cancelled or split: nothing is due for it.`, 409, 'unitId')
  const preview = await previewFor(tx, unit, options, at)
  const { entitlement: due, exchange, terms, kind } = preview
  // Of an exchange only the difference is money; what goes into the replacement draws on the capture all the same.
  const { amount, taxOfAmount } = exchange ?? due
  if (due.amount === 0n && due.fee === 0n)
    throw new UserError(
      'nothing_due',
      `Nothing is due for ${unitId}: ${due.withheld > 0n ? 'the whole capture has been given back already' : 'all of it is kept for its condition'}.`,
      409,
      'unitId',
    )
  if (kind === 'store_credit' && unit.customerId === '')
    throw new UserError(
      'no_customer',
      `Nobody knows whose ${unitId} is: store credit is held by a customer. Propose a refund instead.`,
      409,
      'kind',
    )
  const [{ n } = { n: 0 }] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(settlement)
    .where(eq(settlement.unitId, unitId))
  const id = `ST-${unitId}-${n + 1}`
  const content = {
    settlement_id: id,
    unit_id: unitId,
    kind,
    amount: formatUnits(amount),
    currency: unit.currency,
    tax_amount: formatUnits(taxOfAmount),
    fee_amount: formatUnits(due.fee),
    entitled_amount: formatUnits(due.entitled),
    fee_due_amount: formatUnits(due.feeDue),
    deduction_amount: formatUnits(due.deduction),
    deduction_due_amount: formatUnits(due.deductionDue),
    in_policy: !preview.againstPolicy,
    method: kind === 'refund' ? terms.method : kind,
    cause: options.cause,
    policy_row: preview.row || 'none',
    ...(options.exceptionId ? { exception_id: options.exceptionId } : {}),
  }
  const asked = await ask(proposer, {
    subjectType: 'settlement',
    subjectId: id,
    rmaId: unit.rmaId ?? '',
    unitId,
    entity: unit.entity,
    channel: unit.channel,
    amount: due.amount,
    currency: unit.currency,
    customerId: unit.customerId,
    orderId: unit.orderId,
    againstPolicy: preview.againstPolicy || (options.waive ?? false),
    beforeInspection: unit.inspectedAt === null,
    risk: preview.risk,
    payload: exchange ? { ...content, replacement: exchange } : content,
    summary: exchange
      ? exchangeSummary(unit, exchange)
      : `${kind.replaceAll('_', ' ')} of ${formatUnits(amount, 2)} ${unit.currency} for ${unit.sku}`,
  })
  const own: Partial<SettlementRow> = {
    external: false,
    breakdown: Object.fromEntries(Object.entries(due).map(([part, amount]) => [part, amount.toString()])),
    policyVersion: String(preview.version),
    release: terms.release,
    releasedAt: preview.released ? at : null,
    payloadHash: asked.hash,
    proposedBy: proposer.doer.id,
    orderId: unit.orderId,
  }
  const settlements = new Map([[id, own]])
  await proposer.record([proposer.event('settlement.proposed.v1', unitId, content)], { settlements })
  if (exchange) await reserveReplacement(tx, { settlementId: id, unit, exchange, at })
  if (asked.state === 'waiting') return { id, waitsFor: asked.why, amount: formatUnits(amount, 2) }
  const doer = automaton('conditional_refund')
  const approved = proposer.event(
    'settlement.approved.v1',
    unitId,
    { ...content, actor: doer.id },
    new Date(at.getTime() + 1),
  )
  await record(tx, {
    events: [approved],
    doer,
    at,
    commandId: proposer.commandId ?? crypto.randomUUID(),
    settlements: new Map([
      [
        id,
        {
          ...own,
          approvedBy: doer.id,
          nextAttemptAt: preview.released || terms.release === 'manual' ? at : null,
          ...(terms.release === 'manual' ? { releasedAt: at } : {}),
        },
      ],
    ]),
    reason: asked.why,
  })
  await did(tx, 'conditional_refund', at, { rmaId: unit.rmaId ?? '', objectId: id, reason: asked.why })
  return { id, waitsFor: null, amount: formatUnits(amount, 2) }
}

/** What an approver reads: the piece that goes out, and the money either way. */
function exchangeSummary(unit: UnitRow, { sku, quantity, value, amount, due }: Agreed): string {
  const figure = (each: bigint) => `${formatUnits(each, 2)} ${unit.currency}`
  const money =
    amount > 0n
      ? `, ${figure(amount)} back`
      : due > 0n
        ? `, the customer pays ${figure(due)} on top`
        : ', nothing to pay'
  return `exchange of ${unit.sku} for ${quantity} × ${sku} at ${figure(value)}${money}`
}
