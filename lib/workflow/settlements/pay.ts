import { and, asc, eq, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import { db, type Transaction, withTransaction } from '../../db/client'
import { orderLine, payment, replacement, returnUnit, rma, settlement } from '../../db/schema'
import { describeError, UserError } from '../../errors'
import { failpoint } from '../../failpoint'
import { log } from '../../log'
import type { PaymentProvider, RefundOutcome } from '../../payments/provider'
import type { ReleaseRule } from '../../returns/eligibility'
import { isReleased } from '../../returns/release'
import { enabled } from '../automation'
import { automationRecorder } from '../automation-recorder'
import { sendAnswers } from '../chargeback/send'
import { WORKFLOW } from '../command'
import { raise } from '../exceptions'
import { orderReplacement } from '../exchange/order'
import { asUserError } from '../execute'
import { recomputePayments } from '../record/payments'
import { record } from '../record/record'
import type { SettlementRow } from '../record/types'
import { decidedOn, policyDecisionOf } from '../request/policy-decision'
import { change, giveUp, PAYMENTS } from './change'
import { afterwards, contentOf } from './effect'
import { proposeFor } from './propose'

const AT_ONCE = 20
/** Attempts before a person is asked, and the pause before the next one, in milliseconds. */
const ATTEMPTS = 6
const pauseAfter = (attempts: number): number => Math.min(3_600_000, 2_000 * 4 ** attempts)

/** One round of everything that money waits for. Returns how much there was to do. */
export async function payOnce(provider: PaymentProvider | undefined, at = new Date()): Promise<number> {
  let done = await releaseDue(at)
  done += await proposeDue(at)
  if (provider) done += await sendAnswers(provider, at)
  const due = await db()
    .select({ id: settlement.id })
    .from(settlement)
    .where(
      and(
        inArray(settlement.state, ['approved', 'reserved', 'submitting', 'unknown']),
        eq(settlement.external, false),
        isNotNull(settlement.nextAttemptAt),
        lte(settlement.nextAttemptAt, at),
      ),
    )
    .orderBy(asc(settlement.nextAttemptAt))
    .limit(AT_ONCE)
  for (const { id } of due) {
    try {
      if (await payOne(id, provider, at)) done += 1
    } catch (error) {
      log('payments').error(
        { settlement: id, reason: describeError(error) },
        'a settlement could not be taken further and will be tried again',
      )
    }
  }
  return done
}

/** Whether the condition of a release rule is met, as `isReleased` says it: what is not ripe takes no place in a round. */
const isRipe = (rule: SQL): SQL => sql`CASE ${rule} WHEN 'at_once' THEN true
  WHEN 'on_scan' THEN coalesce(${returnUnit.inTransitAt}, ${returnUnit.deliveredAt}, ${returnUnit.receivedAt}) IS NOT NULL
  WHEN 'on_receipt' THEN ${returnUnit.receivedAt} IS NOT NULL
  WHEN 'on_inspection' THEN ${returnUnit.inspectedAt} IS NOT NULL ELSE false END`

/** Settlements whose release condition has become true since they were approved. */
async function releaseDue(at: Date): Promise<number> {
  const rows = await db()
    .select({ settlement, unit: returnUnit })
    .from(settlement)
    .innerJoin(returnUnit, eq(returnUnit.id, settlement.unitId))
    .where(
      and(
        eq(settlement.state, 'approved'),
        eq(settlement.external, false),
        sql`${settlement.releasedAt} IS NULL`,
        isRipe(sql`${settlement.release}`),
      ),
    )
    .limit(200)
  let released = 0
  for (const { settlement: row, unit } of rows) {
    if (!isReleased(row.release as ReleaseRule, unit)) continue
    released += 1
    await withTransaction((tx) => change(tx, row.id, 'approved', at, () => ({ releasedAt: at, nextAttemptAt: at })))
  }
  return released
}

const TOGETHER = 50
/** Where the next round goes on, by unit: those for which nothing is due are asked about again and again, and stand in nobody's way. */
let lookedTo = ''

/** Returns that were made here, whose release condition is met and that nobody has settled: the automation proposes what is due. */
async function proposeDue(at: Date): Promise<number> {
  if (!(await enabled(db(), 'conditional_refund'))) return 0
  const rows = await db()
    .select({ unit: returnUnit, decision: rma.policyDecision })
    .from(returnUnit)
    .innerJoin(rma, eq(rma.id, returnUnit.rmaId))
    .where(
      sql`${returnUnit.id} > ${lookedTo} AND ${rma.policyDecision} IS NOT NULL AND ${rma.decision} = 'authorized' AND ${returnUnit.splitAt} IS NULL AND ${returnUnit.quantity} > 0
        AND ${returnUnit.cancelledAt} IS NULL AND ${returnUnit.rejectedAt} IS NULL AND (${returnUnit.receivedAt} IS NOT NULL OR ${returnUnit.inTransitAt} IS NOT NULL)
        AND NOT EXISTS (SELECT FROM settlement s WHERE s.unit_id = ${returnUnit.id})
        AND NOT EXISTS (SELECT FROM case_exception e WHERE e.unit_id = ${returnUnit.id} AND e.state = 'open' AND e.kind IN ('wrong_item', 'serial_conflict', 'short_receipt'))
        AND ${isRipe(sql`(SELECT l -> 'terms' ->> 'release' FROM jsonb_array_elements(${rma.policyDecision} -> 'lines') l WHERE l ->> 'orderLineId' = ${returnUnit.orderLineId} LIMIT 1)`)}`,
    )
    .orderBy(asc(returnUnit.id))
    .limit(TOGETHER)
  lookedTo = rows.length < TOGETHER ? '' : (rows.at(-1)?.unit.id ?? '')
  let proposed = 0
  for (const { unit, decision } of rows) {
    const rule = decidedOn(policyDecisionOf(decision), unit.orderLineId)?.terms.release
    if (rule === undefined || !isReleased(rule, unit)) continue
    try {
      await withTransaction((tx) =>
        proposeFor(automationRecorder(tx, 'conditional_refund', at, `${unit.id}#${unit.version}`), unit.id, {
          cause: rule,
        }),
      )
      proposed += 1
    } catch (error) {
      // Nothing due, or no sale known: that is an answer, and the case shows it.
      if (!(error instanceof UserError)) throw error
    }
  }
  return proposed
}

/**
 * Takes one settlement as far as it goes: approved → reserved → submitting → paid, failed or unknown. Each step is one transaction. False when
 * nothing can be done for it now.
 */
async function payOne(id: string, provider: PaymentProvider | undefined, at: Date): Promise<boolean> {
  const [row] = await db().select().from(settlement).where(eq(settlement.id, id))
  if (!row) return false
  if (row.kind === 'exchange' && row.state === 'approved') {
    const [goods] = await db().select().from(replacement).where(eq(replacement.settlementId, id))
    if (goods?.state === 'reserved') {
      await orderReplacement(row, at)
      return true
    }
    // Only the difference is money. Without one the exchange is done when its replacement is on its way.
    if (goods?.state === 'ordered' || goods?.state === 'cancelled') return false
    if (!goods || row.amount === 0n) return giveHere(row, at)
  }
  if (row.kind === 'store_credit') return giveHere(row, at)
  if (!provider) return false
  await payThrough(provider, row, at)
  return true
}

/** What no provider pays: it is given here, and is a liability or a parcel. It draws on the capture like money. */
async function giveHere(row: SettlementRow, at: Date): Promise<boolean> {
  try {
    await withTransaction((tx) => finish(tx, row.id, ['approved'], '', at))
  } catch (error) {
    const why = asUserError(error)
    if (!why) throw error
    await giveUp(row, 'approved', why, at)
  }
  return true
}

async function payThrough(provider: PaymentProvider, row: SettlementRow, at: Date): Promise<void> {
  const { id } = row
  if (row.state === 'approved') await reserve(row, at)
  const payment = await paymentOf(row)
  if (row.state === 'submitting' || row.state === 'unknown') {
    // It may have been done: ask before anything is sent again.
    const found = await provider.find({ id, payment, amount: row.amount, currency: row.currency })
    if (found) return settle(id, found, at)
  }
  const submitted = await submit(row, provider.name, at)
  if (!submitted) return
  failpoint('before_submit')
  const outcome = await provider.refund({ id, payment, amount: submitted.amount, currency: submitted.currency })
  failpoint('after_submit_before_mark')
  await settle(id, outcome, at)
  failpoint('after_payment_mark')
}

/** The provider's reference of what was captured: the sale's, or else our order id. */
async function paymentOf(row: SettlementRow): Promise<string> {
  const [line] = await db()
    .select({ orderId: orderLine.orderId })
    .from(orderLine)
    .where(eq(orderLine.orderId, row.orderId))
    .limit(1)
  return line?.orderId ?? row.orderId
}

async function reserve(row: SettlementRow, at: Date): Promise<void> {
  try {
    await withTransaction(async (tx) => {
      const reserved = await change(tx, row.id, 'approved', at, () => ({ state: 'reserved' }))
      if (reserved) await recomputePayments(tx, [row.orderId], true)
    })
    failpoint('after_reserve')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await giveUp(row, 'approved', error, at)
  }
}

/** Marks what is about to be sent. What a bank has taken back since the money was reserved is not paid a second time. */
async function submit(row: SettlementRow, provider: string, at: Date): Promise<SettlementRow | undefined> {
  try {
    return await withTransaction(async (tx) => {
      const next = await toSubmitting(tx, row.id, provider, at)
      // What may have been sent before is a fact: only a first attempt can still be stopped.
      if (next && (row.state === 'approved' || row.state === 'reserved')) await stillFits(tx, next)
      return next
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await giveUp(row, 'reserved', error, at)
    return undefined
  }
}

async function stillFits(tx: Transaction, row: SettlementRow): Promise<void> {
  const [paid] = await tx.select().from(payment).where(eq(payment.orderId, row.orderId)).for('update')
  if (paid && paid.over > 0n)
    throw new UserError(
      'charged_back',
      `Order ${row.orderId} has less left than that: its money was taken back meanwhile, and is not given a second time.`,
      409,
      'amount',
    )
}

async function toSubmitting(
  tx: Transaction,
  id: string,
  provider: string,
  at: Date,
): Promise<SettlementRow | undefined> {
  const next = (row: SettlementRow) => ({
    state: 'submitting' as const,
    provider,
    attempts: row.attempts + 1,
    nextAttemptAt: new Date(at.getTime() + pauseAfter(row.attempts)),
  })
  return (
    (await change(tx, id, 'reserved', at, next)) ??
    (await change(tx, id, 'submitting', at, next)) ??
    (await change(tx, id, 'unknown', at, next))
  )
}

async function settle(id: string, outcome: RefundOutcome, at: Date): Promise<void> {
  await withTransaction(async (tx) => {
    if (outcome.state === 'paid') return finish(tx, id, ['reserved', 'submitting', 'unknown'], outcome.reference, at)
    const failed = outcome.state === 'failed'
    const next = (row: SettlementRow) =>
      failed
        ? { state: 'failed' as const, lastError: outcome.reason, nextAttemptAt: null }
        : {
            state: 'unknown' as const,
            lastError: outcome.reason,
            nextAttemptAt: row.attempts >= ATTEMPTS ? null : new Date(at.getTime() + pauseAfter(row.attempts)),
          }
    const row = (await change(tx, id, 'submitting', at, next)) ?? (await change(tx, id, 'unknown', at, next))
    if (!row) return
    if (failed) await recomputePayments(tx, [row.orderId], false)
    if (failed || row.nextAttemptAt === null)
      await raise(automationRecorder(tx, 'exceptions', at, `${id}/${row.version}`), {
        kind: failed ? 'payment_failed' : 'payment_unknown',
        unitId: row.unitId,
        rmaId: row.rmaId,
        subject: id,
        value: row.amount,
        currency: row.currency,
        message: failed
          ? `The provider refused: ${outcome.reason}.`
          : `After ${row.attempts} attempts nobody knows whether it was paid: ${outcome.reason}.`,
      })
  })
}

/** Paid: the event that says so, once. */
async function finish(
  tx: Transaction,
  id: string,
  from: readonly SettlementRow['state'][],
  reference: string,
  at: Date,
): Promise<void> {
  const [row] = await tx.select().from(settlement).where(eq(settlement.id, id)).for('update')
  if (!row || !from.includes(row.state)) return
  await record(tx, {
    events: [
      {
        specversion: '1.0',
        id: `${id}/paid`,
        source: WORKFLOW,
        type: 'settlement.paid.v1',
        time: afterwards(row, at).toISOString(),
        subject: row.unitId,
        data: { ...contentOf(row), ...(reference ? { external_ref: reference } : {}), actor: PAYMENTS.id },
      },
    ],
    doer: PAYMENTS,
    at,
    commandId: crypto.randomUUID(),
    settlements: new Map([[id, { nextAttemptAt: null, lastError: '' }]]),
  })
  failpoint('before_payment_commit')
}
