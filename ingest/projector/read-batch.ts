import { join } from 'node:path'
import type pg from 'pg'
import { env } from '../../lib/env'
import type { AnyEvent } from '../contract/event'
import { eventOfKept } from '../contract/kept'
import { archiveLines } from '../import/archive'

/** A sealed batch that the cases do not have yet. */
export interface Waiting {
  readonly id: bigint
  readonly kind: 'log' | 'archive'
  readonly path: string | null
  readonly sha256: string | null
}

/** What moves cases and the order lines that they are checked against. Costs and exceptions belong to a case, journal entries do not. */
const RELEVANT = /^(sale|return|shipment|unit|settlement|claim|cost|exception|stock)\./

/**
 * Sealed batches not yet applied. History first, and of an import only once it is whole: what comes in now is about cases that began in it,
 * and would look like a contradiction without it.
 */
export async function waiting(pool: pg.Pool, limit: number): Promise<Waiting[]> {
  const { rows } = await pool.query<Waiting>(
    `SELECT b.id, b.kind, b.path, b.sha256 FROM batch b LEFT JOIN import_run r ON r.id = b.import_id
     WHERE b.projected_at IS NULL AND (b.kind = 'log' OR r.state = 'done') ORDER BY b.kind, b.id LIMIT $1`,
    [limit],
  )
  return rows
}

/** The events of a batch that are about cases or sales, in the order in which they were sealed, without those of our own commands. */
export async function eventsOf(pool: pg.Pool, batch: Waiting): Promise<AnyEvent[]> {
  if (batch.kind === 'archive') {
    const events: AnyEvent[] = []
    for await (const line of archiveLines(join(env().BACKHAUL_DATA, 'archive'), batch)) {
      const event = eventOfKept(line)
      if (RELEVANT.test(event.type)) events.push(event)
    }
    return events
  }
  const { rows } = await pool.query<{ body: string }>(
    `SELECT l.body FROM event_log l LEFT JOIN case_event c ON c.source = l.source AND c.id = l.id
     WHERE l.batch_id = $1 AND c.command_id IS NULL ORDER BY l.seq`,
    [batch.id.toString()],
  )
  return rows.map(({ body }) => eventOfKept(body)).filter(({ type }) => RELEVANT.test(type))
}
