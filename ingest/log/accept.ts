import type { Pool, PoolClient } from 'pg'
import { run, sqlState, type Transaction } from '../../lib/db/client'
import { failpoint } from '../../lib/failpoint'
import type { AnyEvent } from '../contract/event'
import { checkEvent } from '../contract/validate'
import { putInQuarantine, type Rejected } from '../quarantine/store'
import { append, type Found, type LogRow, type Outcome, type RawEvent, type Run, toLogRow } from './append'

const TRIES = 4
/** serialization_failure and deadlock_detected: Postgres undid all of it, so doing it again is safe. */
const AGAIN = new Set(['40001', '40P01'])

/**
 * Writes events to the log and rejected input to quarantine in one transaction, conflicts included. When this resolves, all of it is
 * durable; when it rejects, the sender must take it that nothing was accepted, and may send it all again.
 */
export async function acceptEvents(
  pool: Pool,
  raws: readonly RawEvent[],
  origin: string,
  rejected: readonly Rejected[] = [],
): Promise<Outcome[]> {
  return await acceptRows(pool, raws.map(toLogRow), () => origin, rejected)
}

/** The same for rows that were made already; `originAt` says where the row at a place came from. */
export async function acceptRows(
  pool: Pool,
  rows: readonly LogRow[],
  originAt: (place: number) => string,
  rejected: readonly Rejected[],
): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect()
    let broken: unknown
    try {
      return await inTransaction(client, rows, originAt, rejected)
    } catch (error) {
      broken = error
      if (attempt >= TRIES || !AGAIN.has(sqlState(error) ?? '')) throw error
    } finally {
      // After any failure the session may be in an unknown state: it is not used again.
      client.release(broken !== undefined)
    }
  }
}

async function inTransaction(
  client: PoolClient,
  rows: readonly LogRow[],
  originAt: (place: number) => string,
  rejected: readonly Rejected[],
): Promise<Outcome[]> {
  const run: Run = (statement) => client.query<Found>(statement)
  await client.query('BEGIN')
  const outcomes = await append(run, rows)
  await putInQuarantine(run, [...rejected, ...conflicts(rows, outcomes, originAt)])
  failpoint('after_insert_before_commit')
  await client.query('COMMIT')
  failpoint('after_commit_before_answer')
  return outcomes
}

/** The first content of an identity stays in the log; what came later with other content waits in quarantine for a person. */
function conflicts(
  rows: readonly LogRow[],
  outcomes: readonly Outcome[],
  originAt: (place: number) => string,
): Rejected[] {
  return rows.flatMap(({ raw, source, id }, at) =>
    outcomes[at] !== 'conflict'
      ? []
      : {
          raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
          reason: 'business_conflict' as const,
          message: CONFLICT,
          source,
          id,
          origin: originAt(at),
        },
  )
}
export const CONFLICT =
  'Another content was accepted under this source, id and revision. Send a correction with a higher revision.'

/**
 * Appends the events of a workflow command inside its own transaction: state, audit and events become true together. Throws when an event
 * breaks the contract or its identity is taken, which is a fault of the command.
 */
export async function appendEvents(tx: Transaction, events: readonly AnyEvent[]): Promise<void> {
  const now = Date.now()
  const rows = events.map((event) => {
    const checked = checkEvent(event, now)
    if (!checked.ok)
      throw new Error(`An event of our own breaks the contract: ${checked.path ?? ''} ${checked.message}`)
    return toLogRow({ raw: JSON.stringify(event), event })
  })
  const outcomes = await append(runIn(tx), rows)
  const at = outcomes.indexOf('conflict')
  if (at !== -1) throw new Error(`The event ${rows[at]?.source} ${rows[at]?.id} exists with other content`)
}

/** The log's statements in a transaction of the application's. */
export const runIn =
  (tx: Transaction): Run =>
  async (asked) => {
    const { rows, count } = await run<Found>(tx, asked, asked.values)
    return { rows, rowCount: count }
  }
