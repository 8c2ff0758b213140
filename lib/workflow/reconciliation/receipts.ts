import { sql } from 'drizzle-orm'
import type { Difference, Tie } from '../../returns/reconciliation'
import type { Reader, Side, Visible } from './side'

/** Receipts older than that are over. */
export const RECEIVED_WITHIN_DAYS = 90
const DAY = 86_400_000

/** What returns announced against what came, and the daily summaries of 3PLs against the lines behind them. */
export async function receiptsSide(tx: Reader, visible: Visible, now: Date): Promise<Side> {
  const since = new Date(now.getTime() - RECEIVED_WITHIN_DAYS * DAY)
  const announced = await againstReturns(tx, visible, since)
  const summaries = await againstSummaries(tx, visible)
  return {
    ties: [...announced.ties, ...summaries.ties],
    differences: [...announced.differences, ...summaries.differences],
    notes: [
      `Receipts of the last ${RECEIVED_WITHIN_DAYS} days. Returns that have not arrived yet are neither short nor over.`,
      ...(summaries.ties.length === 0 ? ['No 3PL has reported its receipts yet.'] : []),
    ],
  }
}

interface UnitRow extends Record<string, unknown> {
  id: string
  rma_id: string | null
  sku: string
  facility: string
  entity: string
  expected: number
  received: number
  received_at: Date
}

/** A part of a split is its parent's piece: only what was announced by itself is compared. */
async function againstReturns(
  tx: Reader,
  visible: Visible,
  since: Date,
): Promise<{ ties: Tie[]; differences: Difference[] }> {
  const here = sql`u.parent_id IS NULL AND u.received_at > ${since.toISOString()}::timestamptz
    AND ${visible({ facility: sql`u.facility`, entity: sql`u.entity`, channel: sql`u.channel` })}`
  const expected = sql`CASE WHEN u.rma_id IS NULL THEN 0 ELSE u.quantity END`
  const { rows: sums } = await tx.execute<{ facility: string; expected: string; received: string }>(sql`
    SELECT u.facility, sum(${expected})::text AS expected, sum(u.received_quantity)::text AS received FROM return_unit u
    WHERE ${here} GROUP BY 1 ORDER BY 1`)
  const { rows } = await tx.execute<UnitRow>(sql`
    SELECT u.id, u.rma_id, u.sku, u.facility, u.entity, ${expected} AS expected, u.received_quantity AS received, u.received_at FROM return_unit u
    WHERE ${here} AND u.received_quantity <> ${expected} ORDER BY u.received_at`)
  return {
    ties: sums.map(({ facility, expected: ours, received }) => ({
      label: facility,
      ours: BigInt(ours),
      theirs: BigInt(received),
      currency: '',
    })),
    differences: rows.map((row) => ({
      key: `receipts:unit:${row.id}`,
      kind: row.rma_id === null ? 'unmatched' : row.received < row.expected ? 'received_short' : 'received_over',
      title: row.rma_id === null ? `${row.id}, ${row.sku || 'unknown item'}` : `${row.rma_id}, ${row.sku}`,
      ours: BigInt(row.expected),
      theirs: BigInt(row.received),
      currency: '',
      entity: row.entity,
      facility: row.facility,
      since: new Date(row.received_at),
      refs: { unitId: row.id, rmaId: row.rma_id ?? '' },
    })),
  }
}

interface SummaryRow extends Record<string, unknown> {
  facility: string
  entity: string
  day: string
  sku: string
  booked: number
  reported: number
}

/** Every day that a 3PL has reported, item by item, by its own calendar. An item that it does not name it has not received. */
async function againstSummaries(tx: Reader, visible: Visible): Promise<{ ties: Tie[]; differences: Difference[] }> {
  const { rows } = await tx.execute<SummaryRow>(sql`
    WITH reported AS (
      SELECT s.facility, s.day, s.sku, s.quantity FROM receipt_summary s
    ), days AS (
      SELECT DISTINCT r.facility, r.day, f.tz, f.entity FROM reported r JOIN facility f ON f.id = r.facility
    ), booked AS (
      SELECT d.facility, d.day, u.sku, sum(u.received_quantity)::int AS quantity FROM days d
      JOIN return_unit u ON u.facility = d.facility AND u.parent_id IS NULL
        AND u.received_at >= (d.day::timestamp AT TIME ZONE d.tz) AND u.received_at < ((d.day + 1)::timestamp AT TIME ZONE d.tz)
      GROUP BY 1, 2, 3
    )
    SELECT facility, d.entity, day::text, sku, coalesce(b.quantity, 0) AS booked, coalesce(r.quantity, 0) AS reported
    FROM reported r FULL JOIN booked b USING (facility, day, sku) JOIN days d USING (facility, day)
    WHERE ${visible({ facility: sql`facility`, entity: sql`d.entity` })} ORDER BY facility, day, sku`)
  const ties = new Map<string, Tie>()
  for (const { facility, booked, reported } of rows) {
    const known = ties.get(facility) ?? { label: `${facility}, as it reports`, ours: 0n, theirs: 0n, currency: '' }
    ties.set(facility, { ...known, ours: known.ours + BigInt(booked), theirs: known.theirs + BigInt(reported) })
  }
  return {
    ties: [...ties.values()],
    differences: rows
      .filter(({ booked, reported }) => booked !== reported)
      .map((row) => ({
        key: `receipts:summary:${row.facility}/${row.day}/${row.sku}`,
        kind: 'summary_differs',
        title: `${row.sku}, ${row.day}`,
        ours: BigInt(row.booked),
        theirs: BigInt(row.reported),
        currency: '',
        entity: row.entity,
        facility: row.facility,
        since: new Date(`${row.day}T00:00:00Z`),
        refs: { day: row.day, sku: row.sku },
      })),
  }
}
