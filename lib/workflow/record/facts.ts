import type { PgTable } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../db/client'
import { forEach, selectRows } from '../../db/rows'
import { caseException, returnCost, settlement, supplierClaim } from '../../db/schema'
import { parseAmount } from '../../money'
import type { CaseEvent } from '../../returns/case-event'
import { amountField, inOrder, orderKey, text } from '../../returns/case-event'
import { type ClaimFold, foldClaim, foldSettlement } from '../../returns/fold-facts'
import { claimPosition, costPosition, type Position, settlementPosition } from '../../returns/positions'
import type { ClaimRow, CostRow, ExceptionRow, SettlementRow, UnitRow } from './types'

const instant = (milliseconds: number): Date | null => (milliseconds > 0 ? new Date(milliseconds) : null)

/** Events by the id that their data gives in `field`. */
export function byField(events: Iterable<CaseEvent>, prefix: string, field: string): Map<string, CaseEvent[]> {
  const groups = new Map<string, CaseEvent[]>()
  for (const event of events) {
    const id = event.type.startsWith(prefix) ? text(event, field) : ''
    if (id === '') continue
    const group = groups.get(id)
    if (group) group.push(event)
    else groups.set(id, [event])
  }
  return groups
}

/** Facts as they are kept, by id. */
async function load<T extends PgTable>(tx: Transaction, table: T, from: string, ids: readonly string[]) {
  const rows = ids.length === 0 ? [] : await selectRows(tx, table, from, [ids])
  return new Map(rows.map((row) => [String((row as { id: unknown }).id), row]))
}

const SETTLEMENTS = forEach('settlement', 'id = wanted.key')
const CLAIMS = forEach('supplier_claim', 'id = wanted.key')
const EXCEPTIONS = forEach('case_exception', 'id = wanted.key')
const COSTS = forEach('return_cost', 'id = wanted.key')

type Load<Row> = (tx: Transaction, ids: readonly string[]) => Promise<Map<string, Row>>
export const loadSettlements: Load<SettlementRow> = (tx, ids) => load(tx, settlement, SETTLEMENTS, ids)
export const loadClaims: Load<ClaimRow> = (tx, ids) => load(tx, supplierClaim, CLAIMS, ids)
export const loadExceptions: Load<ExceptionRow> = (tx, ids) => load(tx, caseException, EXCEPTIONS, ids)
export const loadCosts: Load<CostRow> = (tx, ids) => load(tx, returnCost, COSTS, ids)

/** States in which the money is on its way: ours alone, and further along than what the events say. */
const UNDER_WAY = new Set(['reserved', 'submitting', 'failed', 'unknown'])

/** The row of a settlement from its events; what only we know (release, payment attempts, breakdown) is kept from the row before. */
export function settlementRow(
  events: readonly CaseEvent[],
  unit: UnitRow | undefined,
  before: SettlementRow | undefined,
): SettlementRow | undefined {
  const fold = foldSettlement(events)
  if (!fold) return undefined
  const external = before?.external ?? true
  const state = fold.state === 'approved' && before && UNDER_WAY.has(before.state) ? before.state : fold.state
  return {
    id: fold.id,
    unitId: fold.unitId,
    rmaId: unit?.rmaId ?? before?.rmaId ?? '',
    orderId: unit?.orderId ?? before?.orderId ?? '',
    entity: unit?.entity ?? before?.entity ?? '',
    channel: unit?.channel ?? before?.channel ?? '',
    kind: fold.kind,
    state,
    currency: fold.currency,
    amount: fold.amount,
    tax: fold.tax,
    fee: fold.fee,
    feeDue: fold.feeDue,
    deduction: fold.deduction,
    deductionDue: fold.deductionDue,
    entitled: fold.entitled,
    breakdown: before?.breakdown ?? null,
    inPolicy: fold.inPolicy ?? null,
    exceptionId: fold.exceptionId || null,
    method: fold.method,
    cause: fold.cause,
    policyVersion: before?.policyVersion ?? '',
    policyRow: fold.policyRow,
    release: before?.release ?? 'manual',
    releasedAt: before?.releasedAt ?? null,
    payloadHash: before?.payloadHash ?? '',
    proposedBy: before?.proposedBy || actorOf(events, 'proposed'),
    approvedBy: before?.approvedBy || actorOf(events, 'approved'),
    proposedAt: instant(fold.proposedAt),
    approvedAt: instant(fold.approvedAt),
    paidAt: instant(fold.paidAt),
    rejectedAt: instant(fold.rejectedAt),
    provider: before?.provider ?? '',
    providerRef: fold.externalRef || (before?.providerRef ?? ''),
    attempts: before?.attempts ?? 0,
    nextAttemptAt: fold.state === 'paid' || fold.state === 'rejected' ? null : (before?.nextAttemptAt ?? null),
    lastError: before?.lastError ?? '',
    eventOrder: fold.lastOrder,
    external,
    version: (before?.version ?? 0) + 1,
  }
}

const actorOf = (events: readonly CaseEvent[], state: string): string => {
  const event = events.find((each) => each.type === `settlement.${state}.v1`)
  return event ? text(event, 'actor') || event.source : ''
}

export const positionOfSettlement = (row: SettlementRow | undefined): Position =>
  row
    ? settlementPosition({
        kind: row.kind,
        owed: row.state !== 'proposed' && row.state !== 'rejected',
        paid: row.state === 'paid',
        amount: row.amount,
        tax: row.tax,
        fee: row.fee,
      })
    : new Map()

export function claimRow(
  events: readonly CaseEvent[],
  unit: UnitRow | undefined,
  before: ClaimRow | undefined,
): ClaimRow | undefined {
  const fold: ClaimFold | undefined = foldClaim(events)
  if (!fold) return undefined
  return {
    id: fold.id,
    unitId: fold.unitId,
    supplierId: fold.supplierId,
    entity: unit?.entity ?? before?.entity ?? '',
    batchId: before?.batchId ?? '',
    state: fold.state,
    currency: fold.currency,
    claimed: fold.claimed,
    accepted: fold.accepted,
    recovered: fold.recovered,
    writtenOff: fold.writtenOff,
    reason: fold.reason,
    externalRef: fold.externalRef,
    windowUntil: before?.windowUntil ?? null,
    openedAt: new Date(fold.openedAt),
    submittedAt: instant(fold.submittedAt),
    answeredAt: instant(fold.answeredAt),
    recoveredAt: instant(fold.recoveredAt),
    eventOrder: fold.lastOrder,
    external: before?.external ?? true,
    version: (before?.version ?? 0) + 1,
  }
}

export const positionOfClaim = (row: ClaimRow | undefined): Position => (row ? claimPosition(row) : new Map())

const amountOf = (event: CaseEvent, field: string) => {
  const value = amountField(event, field)
  return value === undefined ? undefined : parseAmount(value)
}

/** An exception from its events: raised once, resolved by the latest. */
export function exceptionRow(
  events: readonly CaseEvent[],
  unit: UnitRow | undefined,
  before: ExceptionRow | undefined,
): ExceptionRow | undefined {
  const live = events.filter((event) => !event.voided).sort((a, b) => a.time - b.time)
  const [first] = live
  const last = live.at(-1)
  if (!first || !last) return undefined
  const raised = live.find((event) => event.type === 'exception.raised.v1') ?? first
  const resolved = last.type === 'exception.resolved.v1' ? last : undefined
  return {
    id: text(last, 'exception_id'),
    kind: text(last, 'kind'),
    unitId: text(raised, 'unit_id'),
    rmaId: text(raised, 'rma_id') || (unit?.rmaId ?? ''),
    // Outside systems say what is the same by the id; ours say it by a subject.
    subject:
      before?.subject ?? (typeof raised.data.subject === 'string' ? raised.data.subject : text(last, 'exception_id')),
    entity: unit?.entity ?? before?.entity ?? '',
    facility: unit?.facility ?? before?.facility ?? '',
    channel: unit?.channel ?? before?.channel ?? '',
    severity: text(raised, 'severity') || 'medium',
    ownerRole: text(raised, 'owner_role') || 'cs_agent',
    assignee: before?.assignee ?? null,
    value: before?.value ?? amountOf(raised, 'value') ?? (unit ? unit.unitPrice * BigInt(unit.quantity) : 0n),
    currency: before?.currency || (unit?.currency ?? ''),
    message: before?.message || text(raised, 'message'),
    detail: before?.detail ?? null,
    state: resolved ? 'resolved' : 'open',
    resolution: resolved ? text(resolved, 'resolution') : null,
    note: before?.note ?? '',
    raisedAt: new Date(raised.time),
    raisedBy: before?.raisedBy || text(raised, 'actor') || raised.source,
    dueAt: new Date(Date.parse(text(raised, 'due_at')) || raised.time + 3 * 86_400_000),
    resolvedAt: resolved ? new Date(resolved.time) : null,
    resolvedBy: resolved ? text(resolved, 'actor') || resolved.source : null,
    eventOrder: orderKey(last),
  }
}

/** A cost from its events: the latest says what it is. Once all are voided it is nothing. */
export function costRow(
  events: readonly CaseEvent[],
  unit: UnitRow | undefined,
  before: CostRow | undefined,
): CostRow | undefined {
  const last = events
    .filter((event) => !event.voided)
    .sort(inOrder)
    .at(-1)
  if (!last) return before && { ...before, amount: 0n, version: before.version + 1 }
  return {
    id: text(last, 'cost_id'),
    unitId: text(last, 'unit_id'),
    rmaId: unit?.rmaId ?? before?.rmaId ?? '',
    entity: unit?.entity ?? before?.entity ?? '',
    kind: text(last, 'kind'),
    amount: amountOf(last, 'amount') ?? 0n,
    currency: text(last, 'currency'),
    at: new Date(last.time),
    version: (before?.version ?? 0) + 1,
  }
}

export const positionOfCost = (row: CostRow | undefined): Position =>
  row ? costPosition(row.kind, row.amount) : new Map()
