import { eq, inArray, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import {
  account,
  approval,
  caseEvent,
  caseException,
  duty,
  journalEntry,
  journalLine,
  payment,
  product,
  returnUnit,
  rma,
  settlement,
  supplierClaim,
} from '../../db/schema'
import { formatUnits } from '../../money'
import { exceptionKind } from '../../returns/exceptions'
import { requireInScope } from '../scope'
import { actionsOf } from './case-actions'
import type { CaseView, TimelineEntry } from './cases-types'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null
const money = (amount: bigint): string => formatUnits(amount, 2)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Everything about one return that the reader may see. Throws a UserError (404) outside of their part of the company. */
export async function caseOf(actor: Actor, id: string): Promise<CaseView> {
  authorize(actor, 'cases:read')
  const on = db()
  const [found] = await on.select().from(rma).where(eq(rma.id, id))
  requireInScope(actor, found, `return ${id}`)
  if (!found) throw new Error('unreachable: out of scope')
  const units = await on.select().from(returnUnit).where(eq(returnUnit.rmaId, id)).orderBy(returnUnit.id)
  const ids = units.map((unit) => unit.id)
  const ofUnits = ids.length === 0 ? ['-'] : ids
  const [settlements, claims, exceptions, events, entries, done, approvals, [paid], products] = await Promise.all([
    on.select().from(settlement).where(eq(settlement.rmaId, id)).orderBy(settlement.id),
    on.select().from(supplierClaim).where(inArray(supplierClaim.unitId, ofUnits)).orderBy(supplierClaim.id),
    on
      .select()
      .from(caseException)
      .where(sql`${caseException.rmaId} = ${id} OR ${inArray(caseException.unitId, ofUnits)}`)
      .orderBy(caseException.dueAt),
    on.select().from(caseEvent).where(inArray(caseEvent.unitId, ofUnits)).orderBy(caseEvent.time, caseEvent.sequence),
    on.select().from(journalEntry).where(eq(journalEntry.rmaId, id)).orderBy(journalEntry.postedAt, journalEntry.id),
    on
      .select()
      .from(duty)
      .where(sql`${duty.rmaId} = ${id} OR ${inArray(duty.unitId, ofUnits)}`),
    on.select().from(approval).where(sql`${approval.rmaId} = ${id} AND ${approval.state} = 'open'`),
    on.select().from(payment).where(eq(payment.orderId, found.orderId)),
    on
      .select({ sku: product.sku, name: product.name })
      .from(product)
      .where(inArray(product.sku, units.map((unit) => unit.sku).concat('-'))),
  ])
  const lines =
    entries.length === 0
      ? []
      : await on
          .select()
          .from(journalLine)
          .where(
            inArray(
              journalLine.entryId,
              entries.map((entry) => entry.id),
            ),
          )
          .orderBy(journalLine.entryId, journalLine.line)
  const nameOf = await names(
    events
      .map((event) => text(event.data.actor))
      .concat(settlements.flatMap((each) => [each.proposedBy, each.approvedBy])),
  )
  const named = new Map(products.map((each) => [each.sku, each.name]))
  const settled = new Set(settlements.filter((each) => each.state !== 'rejected').map((each) => each.unitId))
  return {
    id,
    orderId: found.orderId,
    customerId: found.customerId,
    channel: found.channel,
    entity: found.entity,
    facility: found.facility,
    country: found.country,
    overall: found.overall,
    goods: found.goods,
    money: found.money,
    version: found.version,
    requestedAt: iso(found.requestedAt),
    returnType: found.returnType,
    policy: { version: found.policyVersion, row: found.policyRow, explanation: explanationOf(found.policyDecision) },
    units: units
      .filter((unit) => unit.quantity > 0)
      .map((unit) => ({
        id: unit.id,
        sku: unit.sku,
        category: unit.category,
        name: named.get(unit.sku) ?? '',
        quantity: unit.quantity,
        status: unit.status,
        statusAt: unit.statusAt.toISOString(),
        reason: unit.reason,
        comment: unit.comment,
        condition: unit.condition,
        finding: unit.finding,
        disposition: unit.disposition,
        facility: unit.facility,
        tracking: unit.tracking,
        carrier: unit.carrier,
        expectedAt: iso(unit.expectedAt),
        serial: unit.serial,
        split: unit.splitAt !== null,
      })),
    settlements: settlements.map((each) => ({
      id: each.id,
      unitId: each.unitId,
      kind: each.kind,
      state: each.state,
      amount: money(each.amount),
      fee: money(each.fee),
      deduction: money(each.deduction),
      entitled: money(each.entitled),
      currency: each.currency,
      proposedBy: nameOf(each.proposedBy),
      approvedBy: nameOf(each.approvedBy),
      release: each.releasedAt || each.external ? '' : each.release,
      waitsFor: approvals.find((one) => one.subjectId === each.id)?.why ?? '',
      error: each.lastError,
    })),
    payment: paid
      ? {
          captured: money(paid.captured),
          given: money(paid.refunded + paid.chargedBack + paid.credited),
          reserved: money(paid.reserved),
          left: money(paid.captured - paid.refunded - paid.chargedBack - paid.credited - paid.reserved),
          over: paid.over > 0n ? money(paid.over) : '',
          currency: paid.currency,
        }
      : null,
    claims: claims.map((each) => ({
      id: each.id,
      unitId: each.unitId,
      supplierId: each.supplierId,
      state: each.state,
      amount: money(each.claimed),
      currency: each.currency,
    })),
    exceptions: exceptions.map((each) => ({
      id: each.id,
      kind: each.kind,
      label: exceptionKind(each.kind).label,
      state: each.state,
      message:
        each.state === 'resolved' ? `${(each.resolution ?? '').replaceAll('_', ' ')}. ${each.message}` : each.message,
      dueAt: each.dueAt.toISOString(),
      ownerRole: each.ownerRole,
      resolutions: exceptionKind(each.kind).resolutions,
      unitId: each.unitId,
    })),
    entries: entries.map((entry) => ({
      id: entry.id,
      template: entry.template,
      period: entry.period,
      postedAt: entry.postedAt.toISOString(),
      currency: entry.currency,
      lines: lines
        .filter((line) => line.entryId === entry.id)
        .map((line) => ({ account: line.account, debit: money(line.debit), credit: money(line.credit) })),
    })),
    timeline: events.filter((event) => !event.voided).map((event): TimelineEntry => timelineEntry(event, nameOf)),
    actions: actionsOf(actor, units, settled, done),
  }
}

function explanationOf(decision: unknown): string[] {
  if (typeof decision !== 'object' || decision === null || !('lines' in decision) || !Array.isArray(decision.lines))
    return []
  return decision.lines.flatMap((line: { explanation?: unknown }) =>
    Array.isArray(line.explanation) ? line.explanation.filter((each) => typeof each === 'string') : [],
  )
}

type EventRow = typeof caseEvent.$inferSelect

function timelineEntry(event: EventRow, nameOf: (id: string) => string): TimelineEntry {
  const { data } = event
  return {
    key: `${event.source} ${event.id}`,
    at: event.time.toISOString(),
    type: event.type.replace(/\.v\d+$/, ''),
    what: wordsOf(event),
    unitId: event.unitId,
    source: event.source,
    who: nameOf(text(data.actor)),
    why: text(data.reason) || text(data.cause) || text(data.rule_row) || text(data.policy_row),
    data: JSON.stringify(data),
  }
}

/** What happened, in a few words with its figures and codes. */
function wordsOf({ type, data }: EventRow): string {
  const say = (...parts: unknown[]) =>
    parts
      .map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part).replaceAll('_', ' ') : ''))
      .filter(Boolean)
      .join(' ')
  const [area = '', verb = ''] = type.split('.')
  if (type.startsWith('unit.moved')) return say('Moved from', data.from_status, 'to', data.to_status)
  if (type.startsWith('unit.received'))
    return say('Received', data.quantity, data.condition_code ? `in condition ${String(data.condition_code)}` : '')
  if (type.startsWith('unit.inspected'))
    return say('Inspected: condition', data.condition_code, 'found', data.finding_code)
  if (type.startsWith('unit.dispositioned'))
    return say('Decided:', data.disposition, data.overridden === true ? '(against the rule)' : '')
  if (type.startsWith('return.requested')) return say('Asked for', data.quantity, data.sku, 'because', data.reason_code)
  if (area === 'settlement' || area === 'claim' || area === 'cost')
    return say(area[0]?.toUpperCase() + area.slice(1), area === 'cost' ? data.kind : verb, data.amount, data.currency)
  if (area === 'exception')
    return say('Exception', verb, data.kind, data.resolution ? `as ${String(data.resolution)}` : '')
  return say(area[0]?.toUpperCase() + area.slice(1), verb, data.carrier, data.tracking_number)
}

/** Names of people by account id; automations and outside systems are called what they are. */
async function names(ids: readonly string[]): Promise<(id: string) => string> {
  const people = [...new Set(ids)].filter((id) => /^[0-9a-f-]{36}$/.test(id))
  const rows =
    people.length === 0
      ? []
      : await db().select({ id: account.id, name: account.name }).from(account).where(inArray(account.id, people))
  const known = new Map(rows.map((row) => [row.id, row.name]))
  return (id) => known.get(id) ?? id.replaceAll('_', ' ')
}
