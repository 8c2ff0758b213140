import { eq, inArray, or, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import {
  approval,
  approvalDecision,
  caseEvent,
  caseException,
  duty,
  journalEntry,
  journalLine,
  payment,
  product,
  returnCost,
  returnUnit,
  rma,
  settlement,
  supplierClaim,
} from '../../db/schema'
import type { UnitRow } from '../record/types'
import { requireInScope } from '../scope'
import { actionsOf } from './case-actions'
import { documentsOf, doersOf } from './case-evidence'
import { proposalsOf } from './case-proposals'
import { timelineOf } from './case-timeline'
import type { CaseMatch, CaseView } from './case-types'
import { viewOf } from './case-view'
import { suggestMatches } from './match-suggestions'
import { namesOf } from './people'

type RmaRow = typeof rma.$inferSelect

/** Everything about one return that the reader may see. Throws a UserError (404) outside of their part of the company. */
export async function caseOf(actor: Actor, id: string, now: Date = new Date()): Promise<CaseView> {
  authorize(actor, 'cases:read')
  const [found] = await db().select().from(rma).where(eq(rma.id, id))
  requireInScope(actor, found, `return ${id}`)
  if (!found) throw new Error('unreachable: out of scope')
  const units = await db().select().from(returnUnit).where(eq(returnUnit.rmaId, id)).orderBy(returnUnit.id)
  return assemble(actor, found, units, now)
}

/** A unit on its own: the return that it belongs to, or, of what was received without one, everything about it. */
export async function unitOf(
  actor: Actor,
  id: string,
  now: Date = new Date(),
): Promise<{ readonly rmaId: string } | CaseView> {
  authorize(actor, 'cases:read')
  const [unit] = await db().select().from(returnUnit).where(eq(returnUnit.id, id))
  if (unit?.rmaId) return { rmaId: unit.rmaId }
  requireInScope(actor, unit, `unit ${id}`)
  if (!unit) throw new Error('unreachable: out of scope')
  return assemble(actor, undefined, [unit], now)
}

async function assemble(
  actor: Actor,
  found: RmaRow | undefined,
  units: readonly UnitRow[],
  now: Date,
): Promise<CaseView> {
  const id = found?.id ?? ''
  const ids = units.map((unit) => unit.id).concat(units.length === 0 ? ['-'] : [])
  const facts = await factsOf(actor, found, ids)
  const actions = actionsOf(actor, units, facts.settlements, facts.done)
  const [proposals, timeline, products, matches, nameOf] = await Promise.all([
    proposalsOf(actions, units, now),
    timelineOf(
      { rmaId: id, unitIds: ids, exceptionIds: facts.exceptions.map((each) => each.id) },
      facts.events,
      facts.approvals,
    ),
    db()
      .select({ sku: product.sku, name: product.name })
      .from(product)
      .where(inArray(product.sku, units.map((unit) => unit.sku).concat('-'))),
    found ? [] : matchesOf(actor, units),
    namesOf([
      ...facts.settlements.flatMap((each) => [each.proposedBy, each.approvedBy]),
      ...facts.approvals.map((each) => each.requestedBy),
      ...doersOf(facts.documents ?? []),
    ]),
  ])
  return viewOf({ actor, found, units, facts, proposals, timeline, products, matches, actions, nameOf, now })
}

export type CaseFacts = Awaited<ReturnType<typeof factsOf>>

/** Every row about a case that the reader may see; null where their role may not. */
async function factsOf(actor: Actor, found: RmaRow | undefined, ids: string[]) {
  const on = db()
  const id = found?.id ?? '-'
  const [settlements, claims, exceptions, events, entries, costs, done, approvals, [paid]] = await Promise.all([
    on.select().from(settlement).where(inArray(settlement.unitId, ids)).orderBy(settlement.id),
    can(actor, 'claims:read')
      ? on.select().from(supplierClaim).where(inArray(supplierClaim.unitId, ids)).orderBy(supplierClaim.id)
      : null,
    can(actor, 'exceptions:read')
      ? on
          .select()
          .from(caseException)
          .where(or(eq(caseException.rmaId, id), inArray(caseException.unitId, ids)))
          .orderBy(sql`${caseException.state} = 'resolved'`, caseException.dueAt)
      : [],
    on.select().from(caseEvent).where(inArray(caseEvent.unitId, ids)).orderBy(caseEvent.time, caseEvent.sequence),
    can(actor, 'journal:read')
      ? on
          .select()
          .from(journalEntry)
          .where(inArray(journalEntry.unitId, ids))
          .orderBy(journalEntry.postedAt, journalEntry.id)
      : null,
    on.select().from(returnCost).where(inArray(returnCost.unitId, ids)).orderBy(returnCost.at),
    on
      .select()
      .from(duty)
      .where(or(eq(duty.rmaId, id), inArray(duty.unitId, ids))),
    on
      .select()
      .from(approval)
      .where(or(eq(approval.rmaId, id), inArray(approval.unitId, ids)))
      .orderBy(approval.requestedAt),
    found?.orderId ? on.select().from(payment).where(eq(payment.orderId, found.orderId)) : [],
  ])
  const [lines, answers, documents] = await Promise.all([
    entries && entries.length > 0
      ? on
          .select()
          .from(journalLine)
          .where(
            inArray(
              journalLine.entryId,
              entries.map((entry) => entry.id),
            ),
          )
          .orderBy(journalLine.entryId, journalLine.line)
      : [],
    approvals.length > 0
      ? on
          .select({ approvalId: approvalDecision.approvalId, step: approvalDecision.step })
          .from(approvalDecision)
          .where(
            inArray(
              approvalDecision.approvalId,
              approvals.map((each) => each.id),
            ),
          )
      : [],
    can(actor, 'evidence:read')
      ? documentsOf({
          rma: found ? [found.id] : [],
          unit: ids,
          claim: claims?.map((each) => each.id) ?? [],
          exception: exceptions.map((each) => each.id),
        })
      : null,
  ])
  return { settlements, claims, exceptions, events, entries, lines, costs, done, approvals, answers, paid, documents }
}

/** What an unmatched unit may be, likeliest first. */
async function matchesOf(actor: Actor, [unit]: readonly UnitRow[]): Promise<CaseMatch[]> {
  if (!unit || !can(actor, 'exceptions:resolve')) return []
  const found = await withTransaction((tx) =>
    suggestMatches(tx, actor, {
      sku: unit.sku,
      serial: unit.serial,
      tracking: unit.tracking,
      orderId: unit.orderId,
      facility: unit.facility,
    }),
  )
  return found.map(({ orderLineId, orderId, rmaId, unitId, name, sku, score, because }) => ({
    orderLineId,
    orderId,
    rmaId,
    unitId,
    name: name || sku,
    score,
    because,
  }))
}
