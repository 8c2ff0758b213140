import { type SQL, sql } from 'drizzle-orm'
import type { Pool, PoolClient } from 'pg'
import { sqlState, type Transaction } from '../../lib/db/client'
import { failpoint } from '../../lib/failpoint'
import type { AnyEvent } from '../contract/event'
import { checkEvent } from '../contract/validate'
import { putInQuarantine, type Rejected } from '../quarantine/store'
import { append, type Outcome, type RawEvent, type Run } from './append'

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
  origin: string | readonly string[],
  rejected: readonly Rejected[] = [],
): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect()
    let broken: unknown
    try {
      return await inTransaction(client, raws, origin, rejected)
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
  raws: readonly RawEvent[],
  origin: string | readonly string[],
  rejected: readonly Rejected[],
): Promise<Outcome[]> {
  const run: Run = (statement) => client.query(statement)
  await client.query('BEGIN')
  const outcomes = await append(run, raws)
  await putInQuarantine(run, [...rejected, ...conflicts(raws, outcomes, origin)])
  failpoint('after_insert_before_commit')
  await client.query('COMMIT')
  failpoint('after_commit_before_answer')
  return outcomes
}

/** The first content of an identity stays in the log; what came later with other content waits in quarantine for a person. */
function conflicts(
  raws: readonly RawEvent[],
  outcomes: readonly Outcome[],
  origin: string | readonly string[],
): Rejected[] {
  return raws.flatMap(({ raw, event }, at) =>
    outcomes[at] !== 'conflict'
      ? []
      : {
          raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
          reason: 'business_conflict' as const,
          message: CONFLICT,
          source: event.source,
          id: event.id,
          origin: typeof origin === 'string' ? origin : (origin[at] ?? ''),
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
  const raws = events.map((event) => {
    const checked = checkEvent(event, now)
    if (!checked.ok)
      throw new Error(`An event of our own breaks the contract: ${checked.path ?? ''} ${checked.message}`)
    return { raw: JSON.stringify(event), event }
  })
  const run: Run = async ({ text, values }) => tx.execute(bind(text, values))
  const outcomes = await append(run, raws)
  const at = outcomes.indexOf('conflict')
  if (at !== -1) throw new Error(`The event ${raws[at]?.event.source} ${raws[at]?.event.id} exists with other content`)
}

/** A statement with `$1 …` as the query builder takes it. */
function bind(text: string, values: readonly Buffer[]): SQL {
  const parts = text.split(/\$(\d+)/)
  return sql.join(parts.map((part, at) => (at % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`)))
}
