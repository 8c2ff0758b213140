import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Transaction, withTransaction } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import { enabled } from '../../lib/workflow/automation'
import { automationRecorder } from '../../lib/workflow/automation-recorder'
import { raise } from '../../lib/workflow/exceptions'
import { settingOf } from '../../lib/workflow/settings'

const EVERY = 60_000
/** Raised in one round at most: a flood is spread over rounds, the oldest first. */
const AT_ONCE = 200

/** Looks every minute for what is late: nothing tells of what does not happen. */
export async function startWatch(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = watch(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function watch(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lookOnce(new Date())
    } catch (error) {
      log('watch').warn({ reason: describeError(error) }, 'a look for what is late failed and will be done again')
    }
    await sleep(EVERY, undefined, { signal }).catch(() => undefined)
  }
}

/** One round: late parcels, facilities with more than they can work, claim windows that are about to end. */
export async function lookOnce(at: Date): Promise<void> {
  await withTransaction(async (tx) => {
    if (!(await enabled(tx, 'exceptions'))) return
    await lateShipments(tx, at)
    await backlogs(tx, at)
    await endingWindows(tx, at)
  })
}

async function lateShipments(tx: Transaction, at: Date): Promise<void> {
  const hours = await settingOf(tx, 'late_hours')
  const { rows } = await tx.execute<{
    id: string
    rma_id: string | null
    carrier: string
    expected_at: Date
    value: string
    currency: string
  }>(sql`
    SELECT u.id, u.rma_id, u.carrier, u.expected_at, (u.unit_price * u.quantity)::text AS value, u.currency FROM return_unit u
    WHERE u.status = 'in_transit' AND u.final_at IS NULL AND u.expected_at < ${at.toISOString()}::timestamptz - make_interval(hours => ${hours})
      AND NOT EXISTS (SELECT FROM case_exception e WHERE e.unit_id = u.id AND e.kind IN ('late_shipment', 'lost_shipment'))
    ORDER BY u.expected_at LIMIT ${AT_ONCE}`)
  for (const row of rows)
    await raise(automationRecorder(tx, 'exceptions', at, `late/${row.id}`), {
      kind: 'late_shipment',
      unitId: row.id,
      rmaId: row.rma_id ?? '',
      value: BigInt(row.value),
      currency: row.currency,
      message: `Expected on ${new Date(row.expected_at).toISOString().slice(0, 10)} with ${row.carrier || 'an unnamed carrier'}, and not here yet.`,
    })
}

async function backlogs(tx: Transaction, at: Date): Promise<void> {
  const days = await settingOf(tx, 'backlog_days')
  const { rows } = await tx.execute<{ id: string; name: string; waiting: string; capacity: number }>(sql`
    SELECT f.id, f.name, count(*)::text AS waiting, f.daily_capacity AS capacity FROM return_unit u JOIN facility f ON f.id = u.facility
    WHERE u.status = 'received' AND u.final_at IS NULL AND u.quantity > 0 AND u.split_at IS NULL AND f.daily_capacity > 0
    GROUP BY f.id HAVING count(*) > f.daily_capacity * ${days}::float8`)
  for (const row of rows)
    await raise(automationRecorder(tx, 'exceptions', at, `backlog/${row.id}/${at.toISOString().slice(0, 10)}`), {
      kind: 'backlog_over_limit',
      subject: row.id,
      message: `${row.name} has ${row.waiting} units waiting, more than ${days} days of its ${row.capacity} a day.`,
    })
}

async function endingWindows(tx: Transaction, at: Date): Promise<void> {
  const { rows } = await tx.execute<{
    id: string
    rma_id: string | null
    supplier_id: string
    ends: Date
    value: string
    currency: string
  }>(sql`
    SELECT u.id, u.rma_id, u.supplier_id, u.received_at + make_interval(days => s.window_days) AS ends,
      round(u.unit_cost * u.quantity * s.coverage)::bigint::text AS value, u.currency
    FROM return_unit u JOIN supplier s ON s.id = u.supplier_id
    WHERE u.finding = 'confirmed_defect' AND s.coverage > 0 AND u.quantity > 0 AND u.split_at IS NULL
      AND u.received_at + make_interval(days => s.window_days) BETWEEN ${at.toISOString()}::timestamptz AND ${at.toISOString()}::timestamptz + interval '3 days'
      AND NOT EXISTS (SELECT FROM supplier_claim c WHERE c.unit_id = u.id)
      AND NOT EXISTS (SELECT FROM case_exception e WHERE e.unit_id = u.id AND e.kind = 'claim_window_ending')
    ORDER BY ends LIMIT ${AT_ONCE}`)
  for (const row of rows)
    await raise(automationRecorder(tx, 'exceptions', at, `window/${row.id}`), {
      kind: 'claim_window_ending',
      unitId: row.id,
      rmaId: row.rma_id ?? '',
      value: BigInt(row.value),
      currency: row.currency,
      message: `The window for a claim on ${row.supplier_id} ends on ${new Date(row.ends).toISOString().slice(0, 10)}.`,
    })
}
