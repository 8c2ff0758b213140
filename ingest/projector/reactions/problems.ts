import { and, eq, gt, inArray } from 'drizzle-orm'
import type { Transaction } from '../../../lib/db/client'
import { orderLine, payment, replacement, returnUnit, settlement, storeCredit } from '../../../lib/db/schema'
import { arrived, creditProblems, problemsOf, type Told, type UnitFacts } from '../../../lib/returns/problems'
import { enabled } from '../../../lib/workflow/automation'
import { automationRecorder } from '../../../lib/workflow/automation-recorder'
import { raise, resolveByMachine } from '../../../lib/workflow/exceptions'
import type { Recorded, UnitRow } from '../../../lib/workflow/record/types'
import type { AnyEvent } from '../../contract/event'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Raises what outside events show to be wrong, once each, and resolves what was only waiting for something that has come. */
export async function raiseProblems(
  tx: Transaction,
  events: readonly AnyEvent[],
  recorded: Recorded,
  at: Date,
): Promise<void> {
  if (recorded.units.size === 0 && recorded.settlements.size === 0) return
  if (!(await enabled(tx, 'exceptions'))) return
  const told = toldByUnit(events)
  const serials = await shippedSerials(
    tx,
    [...recorded.units.values()].map(({ after }) => after.orderLineId),
  )
  for (const [id, { before, after }] of recorded.units) {
    const facts = factsOf(after, serials)
    const recorder = automationRecorder(tx, 'exceptions', at, `${id}#${after.version}`)
    for (const { kind, subject, message, value } of problemsOf(
      before && factsOf(before, serials),
      facts,
      told.get(id) ?? [],
    ))
      await raise(recorder, { kind, unitId: id, rmaId: facts.rmaId, subject, value, currency: facts.currency, message })
    await resolveArrived(tx, id, facts, at)
  }
  await raiseCreditProblems(tx, recorded, at)
}

function toldByUnit(events: readonly AnyEvent[]): Map<string, Told[]> {
  const told = new Map<string, Told[]>()
  for (const event of events) {
    const data: Record<string, unknown> = event.data
    const unit = text(data.unit_id)
    if (unit === '' || event.voided) continue
    const list = told.get(unit) ?? []
    list.push({ type: event.type, sku: text(data.sku), source: event.source })
    told.set(unit, list)
  }
  return told
}

const time = (date: Date | null): number => date?.getTime() ?? 0

const factsOf = (unit: UnitRow, serials: ReadonlyMap<string, readonly string[]>): UnitFacts => ({
  id: unit.id,
  rmaId: unit.rmaId ?? '',
  sku: unit.sku,
  quantity: unit.quantity,
  receivedQuantity: unit.receivedQuantity,
  status: unit.status,
  requestedAt: time(unit.requestedAt),
  rejectedAt: time(unit.rejectedAt),
  cancelledAt: time(unit.cancelledAt),
  receivedAt: time(unit.receivedAt),
  inspectedAt: time(unit.inspectedAt),
  dispositionedAt: time(unit.dispositionedAt),
  lostAt: time(unit.lostAt),
  finalAt: time(unit.finalAt),
  condition: unit.condition,
  disposition: unit.disposition,
  goodsClass: unit.goodsClass,
  serial: unit.serial,
  serialMatch: unit.serialMatch,
  accessoriesComplete: unit.accessoriesComplete,
  handled: unit.handled,
  value: unit.unitPrice * BigInt(unit.quantity),
  currency: unit.currency,
  shippedSerials: serials.get(unit.orderLineId) ?? [],
})

async function shippedSerials(tx: Transaction, lines: readonly string[]): Promise<Map<string, readonly string[]>> {
  const ids = [...new Set(lines.filter(Boolean))]
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ id: orderLine.id, serials: orderLine.serials })
    .from(orderLine)
    .where(inArray(orderLine.id, ids))
  return new Map(rows.map((row) => [row.id, row.serials]))
}

async function resolveArrived(tx: Transaction, unitId: string, facts: UnitFacts, at: Date): Promise<void> {
  for (const subject of arrived(facts))
    await resolveByMachine(automationRecorder(tx, 'exceptions', at, `${unitId}/${subject}`), {
      kind: 'waiting_predecessor',
      unitId,
      subject,
      resolution: 'arrived',
      note: 'What it waited for has come.',
    })
}

async function raiseCreditProblems(tx: Transaction, recorded: Recorded, at: Date): Promise<void> {
  const units = [...new Set([...recorded.settlements.values()].map(({ after }) => after.unitId))]
  if (units.length === 0) return
  const rows = await tx.select().from(settlement).where(inArray(settlement.unitId, units))
  const goods = await tx
    .select({ id: replacement.settlementId, applied: replacement.applied })
    .from(replacement)
    .where(and(inArray(replacement.unitId, units), eq(replacement.state, 'shipped')))
  const applied = new Map(goods.map((row) => [row.id, row.applied]))
  const said = new Set<string>()
  for (const unitId of units) {
    const own = rows.filter((row) => row.unitId === unitId)
    const facts = own.map((row) => ({ ...row, applied: applied.get(row.id) ?? 0n, paidAt: time(row.paidAt) }))
    for (const problem of creditProblems(facts)) {
      const row = own.find(({ id }) => id === problem.subject)
      // Only what has just become true: an old overpayment was raised when it happened.
      if (!row || !recorded.settlements.has(row.id)) continue
      said.add(row.orderId)
      await raise(automationRecorder(tx, 'exceptions', at, `${row.id}#${row.version}`), {
        ...problem,
        unitId,
        rmaId: row.rmaId,
        currency: row.currency,
      })
    }
  }
  await raiseOwedCredit(tx, recorded, at)
  await raiseOverCaptured(
    tx,
    rows.filter(({ id, state, orderId }) => state === 'paid' && !said.has(orderId) && recorded.settlements.has(id)),
    at,
  )
}

/** Store credit that was taken back after its customer had spent it: they owe it. */
async function raiseOwedCredit(tx: Transaction, recorded: Recorded, at: Date): Promise<void> {
  for (const { before, after } of recorded.settlements.values()) {
    const lost = before?.kind === 'store_credit' && before.state === 'paid'
    if (!lost || (after.state === 'paid' && after.amount >= before.amount)) continue
    const owing = await tx
      .select({ owed: storeCredit.owed, currency: storeCredit.currency, customerId: storeCredit.customerId })
      .from(storeCredit)
      .innerJoin(returnUnit, eq(returnUnit.customerId, storeCredit.customerId))
      .where(
        and(
          eq(returnUnit.id, after.unitId),
          eq(storeCredit.entity, before.entity),
          eq(storeCredit.currency, before.currency),
          gt(storeCredit.owed, 0n),
        ),
      )
    for (const { owed, currency, customerId } of owing)
      await raise(automationRecorder(tx, 'exceptions', at, `${after.id}#${after.version}/owed`), {
        kind: 'over_credit',
        subject: after.id,
        unitId: after.unitId,
        rmaId: after.rmaId,
        value: owed,
        currency,
        message: `${customerId} has spent store credit that was taken back since.`,
      })
  }
}

/** Within what each unit was due, and still more than was ever paid for the order: somebody else's idea of what was due. */
async function raiseOverCaptured(
  tx: Transaction,
  paid: readonly (typeof settlement.$inferSelect)[],
  at: Date,
): Promise<void> {
  if (paid.length === 0) return
  const beyond = await tx
    .select()
    .from(payment)
    .where(
      and(
        gt(payment.over, 0n),
        inArray(
          payment.orderId,
          paid.map(({ orderId }) => orderId),
        ),
      ),
    )
  for (const { orderId, over, currency } of beyond) {
    const last = paid.findLast((row) => row.orderId === orderId)
    if (!last) continue
    await raise(automationRecorder(tx, 'exceptions', at, `${last.id}#${last.version}/captured`), {
      kind: 'over_credit',
      subject: last.id,
      unitId: last.unitId,
      rmaId: last.rmaId,
      value: over,
      currency,
      message: 'With it, more was given back for the order than was captured.',
    })
  }
}
