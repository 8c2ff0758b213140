import { sql } from 'drizzle-orm'
import type { AnyEvent } from '../../../ingest/contract/event'
import { appendEvents } from '../../../ingest/log/accept'
import type { Transaction } from '../../db/client'
import { formatUnits } from '../../money'
import type { PaymentRow } from '../reconciliation/report-rows'

/** A chargeback of a report, and the case that it is about. */
interface Found extends Record<string, unknown> {
  readonly ref: string
  readonly unit_id: string | null
  /** What the chargeback is called here already, when it was told before. */
  readonly known: string | null
  readonly taken: boolean
  readonly returned: boolean
}

const sourceOf = (provider: string): string => `/payments/${provider}`
const idOf = (provider: string, ref: string): string => `CB-${provider}-${ref}`

/**
 * Tells the log of chargebacks that a provider reports and nobody has told yet, as events of the provider: they then reach cases, figures and
 * exceptions as any outside event does. A chargeback is of a payment, so it is told of the piece of the order for which most was given back,
 * where it is the double credit. One of an order without a return stays a difference of the reconciliation. Gives, by reference, what each is called here.
 */
export async function tellChargebacks(
  tx: Transaction,
  provider: string,
  rows: readonly PaymentRow[],
  at: Date,
): Promise<Map<string, string>> {
  const asked = rows.filter(
    ({ kind, settlementId, payment }) => kind === 'chargeback' && settlementId === '' && payment,
  )
  const called = new Map<string, string>()
  if (asked.length === 0) return called
  const found = new Map((await look(tx, provider, asked)).map((each) => [each.ref, each]))
  const events: AnyEvent[] = []
  for (const row of asked) {
    const about = found.get(row.ref)
    if (!about?.unit_id) continue
    const id = about.known ?? idOf(provider, row.ref)
    called.set(row.ref, id)
    // Told by somebody else under a name of their own: it is theirs to correct.
    if (id !== idOf(provider, row.ref)) continue
    const told = eventOf(provider, row, about, id, at)
    if (told) events.push(told)
  }
  if (events.length > 0) await appendEvents(tx, events)
  return called
}

/** The next word about a chargeback: that the money is gone, or, after that, that it is back; nothing when that is known. */
function eventOf(provider: string, row: PaymentRow, about: Found, id: string, at: Date): AnyEvent | undefined {
  const unit = about.unit_id ?? ''
  const gone = row.state === 'succeeded' && !about.taken
  const back = row.state === 'failed' && about.taken && !about.returned
  if (!gone && !back) return undefined
  return {
    specversion: '1.0',
    id: `${row.ref}/${gone ? 'taken' : 'returned'}`,
    source: sourceOf(provider),
    type: gone ? 'settlement.paid.v1' : 'settlement.rejected.v1',
    time: (gone ? row.at : at).toISOString(),
    subject: unit,
    data: {
      settlement_id: id,
      unit_id: unit,
      kind: 'chargeback',
      amount: formatUnits(row.amount),
      currency: row.currency,
      method: 'chargeback',
      external_ref: row.ref,
      cause: gone ? row.reason || 'chargeback' : 'returned_by_bank',
      actor: provider,
    },
  }
}

async function look(tx: Transaction, provider: string, asked: readonly PaymentRow[]): Promise<Found[]> {
  const json = JSON.stringify(asked.map(({ ref, payment }) => ({ ref, payment, id: idOf(provider, ref) })))
  const { rows } = await tx.execute<Found>(sql`
    SELECT a.ref, k.id AS known, coalesce(k.unit_id, u.id) AS unit_id,
      EXISTS (SELECT FROM event_log e WHERE e.source = ${sourceOf(provider)} AND e.id = a.ref || '/taken') AS taken,
      EXISTS (SELECT FROM event_log e WHERE e.source = ${sourceOf(provider)} AND e.id = a.ref || '/returned') AS returned
    FROM jsonb_to_recordset(${json}::jsonb) AS a (ref text, payment text, id text)
    LEFT JOIN LATERAL (
      SELECT s.id, s.unit_id FROM settlement s WHERE s.order_id = a.payment AND s.kind = 'chargeback' AND (s.id = a.id OR s.provider_ref = a.ref)
      ORDER BY s.id <> a.id LIMIT 1
    ) k ON true
    LEFT JOIN LATERAL (
      SELECT u.id FROM order_line l JOIN return_unit u ON u.order_line_id = l.id
      WHERE l.order_id = a.payment AND u.quantity > 0
      ORDER BY (SELECT coalesce(sum(s.amount), 0) FROM settlement s WHERE s.unit_id = u.id AND s.state = 'paid') DESC, u.id LIMIT 1
    ) u ON true`)
  return rows
}
