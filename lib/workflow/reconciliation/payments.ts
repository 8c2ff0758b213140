import { sql } from 'drizzle-orm'
import { matchPayments, type OurPayment, type ReportedPayment } from '../../returns/match-payments'
import type { Difference, Tie } from '../../returns/reconciliation'
import type { Reader, Side, Visible } from './side'

/** Kinds of settlements that are money through a provider, or through the shop that a customer paid in. */
const MONEY = sql`('refund', 'partial_credit', 'goodwill', 'chargeback')`

/** What was given back beyond a capture longer ago has been dealt with, or never will be. */
const RECENT_DAYS = 90
const DAY = 86_400_000

/** Settlements against what providers report, and against what was captured. */
export async function paymentsSide(tx: Reader, visible: Visible, now: Date): Promise<Side> {
  const all = await ourPayments(tx, visible)
  const ours = all.filter(({ seen }) => seen)
  const theirs = await reported(tx, visible, all)
  const reach = await reports(tx)
  const { ties, differences, agreed } = matchPayments(ours, theirs)
  const captured = await againstCaptured(tx, visible, new Date(now.getTime() - RECENT_DAYS * DAY))
  return {
    ties: [...ties, ...captured.ties],
    differences: [...differences, ...captured.differences],
    notes: [
      reach.length === 0
        ? 'No provider has reported yet: import a report, or fetch one. Until then only what was captured can be held against it.'
        : `${agreed} settlements agree with the reports of ${reach.join(', ')}. What no report covers is not looked at.`,
      `Orders that gave back more than was captured: those of the last ${RECENT_DAYS} days.`,
    ],
  }
}

interface OurRow extends Record<string, unknown> {
  id: string
  provider_ref: string
  state: string
  amount: string
  currency: string
  entity: string
  at: Date | null
  covered: boolean
  seen: boolean
}

/**
 * Settlements that a report covers, and those that a report names. Ours are covered by a report of the provider that they went through; those
 * that outside systems made, by one that names their channel.
 */
async function ourPayments(tx: Reader, visible: Visible): Promise<(OurPayment & { seen: boolean })[]> {
  const { rows } = await tx.execute<OurRow>(sql`
    WITH covered AS (
      SELECT DISTINCT s.id FROM settlement s JOIN outside_report r ON r.kind = 'payments' AND s.paid_at >= r.covers_from AND s.paid_at < r.covers_until
        AND (s.provider = r.reporter OR (s.provider = '' AND s.external AND s.channel = ANY (r.channels)))
      WHERE s.state = 'paid' AND (s.kind IN ${MONEY} OR (s.kind = 'exchange' AND s.provider <> ''))
    ), named AS (
      SELECT s.id FROM provider_refund p JOIN settlement s ON s.id = p.settlement_id
      UNION SELECT s.id FROM provider_refund p JOIN settlement s ON s.provider_ref = p.ref AND s.provider IN ('', p.provider)
    )
    SELECT s.id, s.provider_ref, s.state, s.amount::text, s.currency, s.entity, s.paid_at AS at, s.id IN (SELECT id FROM covered) AS covered,
      (${visible({ entity: sql`s.entity`, channel: sql`s.channel` })}) AS seen
    FROM settlement s WHERE s.id IN (SELECT id FROM covered) OR s.id IN (SELECT id FROM named) ORDER BY s.id`)
  return rows.map((row) => ({
    settlementId: row.id,
    ref: row.provider_ref,
    paid: row.state === 'paid',
    amount: BigInt(row.amount),
    currency: row.currency,
    entity: row.entity,
    at: row.at && new Date(row.at),
    covered: row.covered,
    seen: row.seen,
  }))
}

interface ReportedRow extends Record<string, unknown> {
  provider: string
  ref: string
  settlement_id: string
  state: ReportedPayment['state']
  amount: string
  currency: string
  at: Date
}

/** What providers report, without what belongs to settlements that the reader may not see. What belongs to nobody is for who may see all. */
async function reported(
  tx: Reader,
  visible: Visible,
  all: readonly (OurPayment & { seen: boolean })[],
): Promise<ReportedPayment[]> {
  const { rows } = await tx.execute<ReportedRow & { nobodys: boolean }>(sql`
    SELECT provider, ref, settlement_id, state, amount::text, currency, at, (${visible({ entity: sql`''` })}) AS nobodys
    FROM provider_refund ORDER BY provider, ref`)
  const byId = new Map(all.map((each) => [each.settlementId, each.seen]))
  const byRef = new Map(all.flatMap((each) => (each.ref ? [[each.ref, each.seen] as const] : [])))
  return rows
    .filter((row) => byId.get(row.settlement_id) ?? byRef.get(row.ref) ?? row.nobodys)
    .map(({ settlement_id, amount, at, provider, ref, state, currency }) => ({
      ...{ provider, ref, state, currency, settlementId: settlement_id },
      amount: BigInt(amount),
      at: new Date(at),
    }))
}

async function reports(tx: Reader): Promise<string[]> {
  const { rows } = await tx.execute<{ reporter: string }>(
    sql`SELECT DISTINCT reporter FROM outside_report WHERE kind = 'payments' ORDER BY 1`,
  )
  return rows.map(({ reporter }) => reporter)
}

interface CapturedRow extends Record<string, unknown> {
  order_id: string
  currency: string
  entity: string
  over: string
  kept: string
  paid: string
  at: Date | null
  unit_id: string
}

/** What orders gave back against what was captured for them, and payments against the settlements that they are made of. */
async function againstCaptured(
  tx: Reader,
  visible: Visible,
  since: Date,
): Promise<{ ties: Tie[]; differences: Difference[] }> {
  const seen = visible({ entity: sql`entity` })
  const paid = sql`
    SELECT p.order_id, p.currency, p.over, p.refunded + p.charged_back + p.credited + p.reserved + p.over AS kept,
      coalesce(s.paid, 0) AS paid, s.at, coalesce(s.unit_id, '') AS unit_id, coalesce(s.entity, (SELECT min(l.entity) FROM order_line l WHERE l.order_id = p.order_id), '') AS entity
    FROM payment p LEFT JOIN (
      SELECT order_id, min(entity) AS entity, sum(reserved + refunded + charged_back + credited) AS paid, max(paid_at) AS at,
        (array_agg(unit_id ORDER BY paid_at DESC NULLS LAST))[1] AS unit_id FROM settlement_draw
      WHERE reserved + refunded + charged_back + credited > 0 GROUP BY order_id
    ) s USING (order_id) WHERE p.refunded + p.charged_back + p.credited + p.reserved + p.over > 0 OR s.paid > 0`
  const { rows: sums } = await tx.execute<{ currency: string; kept: string; paid: string }>(
    sql`SELECT currency, sum(kept)::text AS kept, sum(paid)::text AS paid FROM (${paid}) a WHERE ${seen} GROUP BY currency ORDER BY currency`,
  )
  const { rows } = await tx.execute<CapturedRow>(
    sql`SELECT order_id, currency, entity, over::text, kept::text, paid::text, at, unit_id FROM (${paid}) a
        WHERE ((over > 0 AND at > ${since.toISOString()}::timestamptz) OR kept <> paid) AND ${seen} ORDER BY at DESC NULLS FIRST, order_id`,
  )
  return {
    ties: sums.map(({ currency, kept, paid: sum }) => ({
      label: 'Drawn on captured payments',
      ours: BigInt(sum),
      theirs: BigInt(kept),
      currency,
    })),
    differences: rows.flatMap((row) => {
      const base = {
        title: `Order ${row.order_id}`,
        currency: row.currency,
        entity: row.entity,
        facility: '',
        since: row.at && new Date(row.at),
        refs: { orderId: row.order_id, unitId: row.unit_id },
      }
      const found: Difference[] = []
      if (row.kept !== row.paid)
        found.push({
          ...base,
          ...{ key: `payments:payment:${row.order_id}`, kind: 'payment_differs' as const },
          ...{ ours: BigInt(row.paid), theirs: BigInt(row.kept) },
        })
      // What is beyond the capture is a fact about one side: the other is what could have been given at most.
      if (row.over !== '0' && row.at && new Date(row.at) > since)
        found.push({
          ...base,
          ...{ key: `payments:over:${row.order_id}`, kind: 'over_captured' as const },
          ...{ ours: BigInt(row.kept), theirs: BigInt(row.kept) - BigInt(row.over) },
        })
      return found
    }),
  }
}
