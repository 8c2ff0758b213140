import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { type Actor, authorize, can } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import {
  approval,
  approvalDecision,
  caseEvent,
  caseException,
  chargebackAnswer,
  duty,
  journalEntry,
  journalLine,
  payment,
  product,
  replacement,
  returnCost,
  returnUnit,
  rma,
  settlement,
  storeCredit,
  storeCreditMovement,
  supplierClaim,
} from '../../db/schema'
import type { UnitRow } from '../record/types'
import { requireInScope } from '../scope'
import { moneyStates } from '../settlements/open'
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
  const money = await moneyStates(db(), facts.settlements)
  const actions = actionsOf(actor, units, facts.settlements, money, facts.done)
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
      ...facts.answered.map((each) => each.answeredBy),
      ...(facts.credit?.movements ?? []).map((each) => each.actor),
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
  const [lines, answers, documents, replacements, answered, credit] = await Promise.all([
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
    on.select().from(replacement).where(inArray(replacement.unitId, ids)),
    on
      .select()
      .from(chargebackAnswer)
      .where(inArray(chargebackAnswer.settlementId, settlements.map((each) => each.id).concat('-'))),
    found && settlements.some(({ kind }) => kind === 'store_credit') ? creditOf(found) : null,
  ])
  const money = { settlements, replacements, answered, credit, paid, costs }
  return { ...money, claims, exceptions, events, entries, lines, done, approvals, answers, documents }
}

const MOVEMENTS = 12

/** What the customer of a case holds in store credit, and what moved it last. */
async function creditOf({ customerId, entity, currency }: RmaRow) {
  const account = { customerId, entity, currency }
  const [[held], movements] = await Promise.all([
    db()
      .select()
      .from(storeCredit)
      .where(
        and(eq(storeCredit.customerId, customerId), eq(storeCredit.entity, entity), eq(storeCredit.currency, currency)),
      ),
    db()
      .select()
      .from(storeCreditMovement)
      .where(
        and(
          eq(storeCreditMovement.customerId, customerId),
          eq(storeCreditMovement.entity, entity),
          eq(storeCreditMovement.currency, currency),
        ),
      )
      .orderBy(desc(storeCreditMovement.at), storeCreditMovement.id)
      .limit(MOVEMENTS),
  ])
  return held ? { ...account, balance: held.balance, owed: held.owed, movements } : null
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
