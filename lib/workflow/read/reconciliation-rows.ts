import { sql } from 'drizzle-orm'
import { type Difference, wayOf } from '../../returns/reconciliation'
import type { Visible } from '../reconciliation/side'
import { ledgerRows } from './reconciliation-ledger-rows'
import type { RowCell, RowsBehind } from './reconciliation-types'
import { listOf, money, type Raw, text, unitLink, words } from './rows-behind'

const MOST = 60

/** The rows on which a difference rests, both sides. */
export function rowsBehind(difference: Difference, visible: Visible): Promise<RowsBehind[]> {
  switch (wayOf(difference)) {
    case 'stock':
      return stockRows(difference)
    case 'payments':
      return difference.refs.orderId ? orderRows(difference) : paymentRows(difference)
    case 'ledger':
      return ledgerRows(difference)
    case 'receipts':
      return difference.kind === 'summary_differs' ? summaryRows(difference, visible) : unitRows(difference)
  }
}

/** What lies there by the ledger, what moved lately, and what was counted. */
function stockRows({ facility, refs }: Difference): Promise<RowsBehind[]> {
  const here = (alias: string) =>
    sql`${sql.raw(alias)}.facility = ${facility} AND ${sql.raw(alias)}.sku = ${refs.sku ?? ''}`
  return Promise.all([
    listOf(
      sql`SELECT u.id, u.rma_id, u.location, u.quantity, u.status_at FROM return_unit u
          WHERE ${here('u')} AND u.status = ${refs.status ?? ''} AND u.split_at IS NULL AND u.quantity > 0 AND NOT (u.opening AND u.final_at IS NOT NULL)
          ORDER BY u.status_at DESC LIMIT ${MOST}`,
      'Units that should lie there',
      'No unit has this status there.',
      [{ label: 'Unit' }, { label: 'Location' }, { label: 'Since' }, { label: 'Pieces', right: true }],
      (row) => [unitLink(row.id, row.rma_id), text(row.location), text(row.status_at), text(row.quantity)],
    ),
    listOf(
      sql`SELECT m.at, m.unit_id, u.rma_id, m.from_status, m.to_status, m.cause, m.actor,
            CASE WHEN m.to_status = ${refs.status ?? ''} THEN m.quantity ELSE -m.quantity END AS change
          FROM stock_movement m LEFT JOIN return_unit u ON u.id = m.unit_id
          WHERE ${here('m')} AND (m.from_status = ${refs.status ?? ''} OR m.to_status = ${refs.status ?? ''}) ORDER BY m.at DESC, m.id DESC LIMIT ${MOST}`,
      'Latest movements',
      'Nothing was ever moved in or out.',
      [{ label: 'At' }, { label: 'What' }, { label: 'From' }, { label: 'To' }, { label: 'Change', right: true }],
      (row) => [
        text(row.at),
        text(row.unit_id) ? unitLink(row.unit_id, row.rma_id) : `${words(row.cause)} by ${text(row.actor)}`,
        words(row.from_status),
        words(row.to_status),
        text(row.change),
      ],
    ),
    listOf(
      sql`SELECT c.at, c.location, c.expected, c.counted, c.settled, coalesce(a.name, c.actor) AS actor FROM stock_count c LEFT JOIN account a ON a.id::text = c.actor
          WHERE ${here('c')} AND c.status = ${refs.status ?? ''} ORDER BY c.at DESC LIMIT 10`,
      'Counts',
      'It was never counted.',
      [
        { label: 'At' },
        { label: 'By' },
        { label: 'Location' },
        { label: 'Booked', right: true },
        { label: 'Counted', right: true },
      ],
      (row) => [
        text(row.at),
        text(row.actor),
        text(row.location),
        text(row.expected),
        row.settled && row.expected !== row.counted ? `${text(row.counted)} (settled)` : text(row.counted),
      ],
    ),
  ])
}

const SETTLEMENT_COLUMNS = [
  { label: 'Settlement' },
  { label: 'Kind' },
  { label: 'State' },
  { label: 'Paid at' },
  { label: 'Provider’s id' },
  { label: 'Amount', right: true },
]
const settlementCells = (row: Raw): RowCell[] => [
  unitLink(row.id, row.rma_id),
  words(row.kind),
  words(row.state),
  text(row.paid_at),
  text(row.provider_ref),
  `${money(row.amount)} ${text(row.currency)}`,
]

function paymentRows({ refs }: Difference): Promise<RowsBehind[]> {
  const { settlementId = '', ref = '' } = refs
  return Promise.all([
    listOf(
      sql`SELECT id, rma_id, kind, state, paid_at, provider_ref, amount, currency FROM settlement
          WHERE id = ${settlementId} OR (${ref} <> '' AND provider_ref = ${ref}) ORDER BY id LIMIT ${MOST}`,
      'Here',
      'There is no such settlement here.',
      SETTLEMENT_COLUMNS,
      settlementCells,
    ),
    listOf(
      sql`SELECT p.provider, p.ref, p.kind, p.state, p.at, p.amount, p.currency, r.origin FROM provider_refund p JOIN outside_report r ON r.id = p.report_id
          WHERE (${settlementId} <> '' AND p.settlement_id = ${settlementId}) OR (${ref} <> '' AND p.ref = ${ref}) ORDER BY p.at LIMIT ${MOST}`,
      'At the provider',
      'No report names it.',
      [
        { label: 'Provider’s id' },
        { label: 'Kind' },
        { label: 'State' },
        { label: 'At' },
        { label: 'Report' },
        { label: 'Amount', right: true },
      ],
      (row) => [
        `${text(row.provider)} ${text(row.ref)}`,
        words(row.kind),
        words(row.state),
        text(row.at),
        text(row.origin),
        `${money(row.amount)} ${text(row.currency)}`,
      ],
    ),
  ])
}

function orderRows({ refs }: Difference): Promise<RowsBehind[]> {
  const order = refs.orderId ?? ''
  return Promise.all([
    listOf(
      sql`SELECT captured, reserved, refunded, charged_back, credited, over, currency FROM payment WHERE order_id = ${order}`,
      'Captured and drawn on',
      'Nothing was captured for it.',
      ['Captured', 'Reserved', 'Refunded', 'Charged back', 'Credited', 'Beyond'].map((label) => ({
        label,
        right: true,
      })),
      (row) => [row.captured, row.reserved, row.refunded, row.charged_back, row.credited, row.over].map(money),
    ),
    listOf(
      sql`SELECT id, rma_id, kind, state, paid_at, provider_ref, amount, currency FROM settlement
          WHERE order_id = ${order} ORDER BY paid_at NULLS LAST, id LIMIT ${MOST}`,
      'Settlements of the order',
      'It has no settlement.',
      SETTLEMENT_COLUMNS,
      settlementCells,
    ),
  ])
}

function unitRows({ refs }: Difference): Promise<RowsBehind[]> {
  return Promise.all([
    listOf(
      sql`SELECT u.id, u.rma_id, u.sku, u.status, u.received_at, u.quantity, u.received_quantity FROM return_unit u
          WHERE u.id = ${refs.unitId ?? ''} OR (${refs.rmaId ?? ''} <> '' AND u.rma_id = ${refs.rmaId ?? ''} AND u.parent_id IS NULL) ORDER BY u.id LIMIT ${MOST}`,
      'Lines of the return',
      'There is no such unit.',
      [
        { label: 'Unit' },
        { label: 'Item' },
        { label: 'Status' },
        { label: 'Received' },
        { label: 'Expected', right: true },
        { label: 'Came', right: true },
      ],
      (row) => [
        unitLink(row.id, row.rma_id),
        text(row.sku),
        words(row.status),
        text(row.received_at),
        row.rma_id === null ? '0' : text(row.quantity),
        text(row.received_quantity),
      ],
    ),
    listOf(
      sql`SELECT time, type, source, data ->> 'quantity' AS quantity, data ->> 'facility' AS facility FROM case_event
          WHERE unit_id = ${refs.unitId ?? ''} AND NOT voided AND (type LIKE 'unit.received%' OR type LIKE 'return.requested%') ORDER BY time LIMIT ${MOST}`,
      'What was told',
      'Nothing was told of it.',
      [{ label: 'At' }, { label: 'What' }, { label: 'By' }, { label: 'Facility' }, { label: 'Pieces', right: true }],
      (row) => [
        text(row.time),
        words(text(row.type).split('.')[1]),
        text(row.source),
        text(row.facility),
        text(row.quantity),
      ],
    ),
  ])
}

function summaryRows({ facility, refs }: Difference, visible: Visible): Promise<RowsBehind[]> {
  const { day = '', sku = '' } = refs
  return Promise.all([
    listOf(
      sql`SELECT u.id, u.rma_id, u.received_at, u.received_quantity FROM return_unit u JOIN facility f ON f.id = u.facility
          WHERE u.facility = ${facility} AND u.sku = ${sku} AND u.parent_id IS NULL AND (u.received_at AT TIME ZONE f.tz)::date = ${day}::date
            AND ${visible({ facility: sql`u.facility`, entity: sql`u.entity` })} ORDER BY u.received_at LIMIT ${MOST}`,
      'Received here on that day',
      'Nothing of it was received here on that day.',
      [{ label: 'Unit' }, { label: 'At' }, { label: 'Pieces', right: true }],
      (row) => [unitLink(row.id, row.rma_id), text(row.received_at), text(row.received_quantity)],
    ),
    listOf(
      sql`SELECT s.quantity, r.origin, r.added_at FROM receipt_summary s JOIN outside_report r ON r.id = s.report_id
          WHERE s.facility = ${facility} AND s.day = ${day}::date AND s.sku = ${sku}`,
      'Reported by the 3PL',
      'The report of that day does not name it.',
      [{ label: 'Report' }, { label: 'Taken in' }, { label: 'Pieces', right: true }],
      (row) => [text(row.origin), text(row.added_at), text(row.quantity)],
    ),
  ])
}
