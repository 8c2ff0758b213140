import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { CanonicalEvent } from '../../ingest/contract/event'
import { db } from '../../lib/db/client'

/** One return in so many that is asked for from now on is decided and worked in Backhaul: the story tells its request and its parcel only. */
const EVERY = 6
/** What customers and carriers do whoever works the case. */
const OF_THE_WORLD = /^(sale|return\.requested|shipment\.(in_transit|delivered|lost))/
const OF_A_RETURN = /^(return|shipment|unit|settlement|claim|cost|exception|journal)\./

const field = (event: CanonicalEvent, name: string): string => {
  const value = (event.data as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : ''
}

/** The order that a unit came from: the simulator names units after it, so that all of a case are left together. */
const caseOf = (unit: string): string => unit.split('-').slice(0, 3).join('-')
const chosen = (unit: string): boolean =>
  createHash('sha256').update(caseOf(unit)).digest().readUInt32BE(0) % EVERY === 0

/**
 * Of the story's next events, those that may still be told. A case that a person has taken in hand is theirs: the simulated staff leave it
 * alone. Of the returns asked for after `history`, some are left to people from the beginning, and come from the shop that is worked here.
 */
export async function leaveToPeople(
  events: readonly CanonicalEvent[],
  history: number,
  databaseUrl: string,
  ours: Set<string>,
): Promise<CanonicalEvent[]> {
  const told = events.filter((event) => !event.type.startsWith('journal.'))
  const units = [...new Set(told.map((event) => field(event, 'unit_id')).filter(Boolean))]
  const { rows } = await db(databaseUrl).execute<{ id: string }>(
    sql`SELECT id FROM return_unit WHERE handled AND id IN (SELECT jsonb_array_elements_text(${JSON.stringify(units)}::jsonb))`,
  )
  const handled = new Set(rows.map(({ id }) => id))
  return told.flatMap((event) => {
    const unit = field(event, 'unit_id')
    if (unit === '' || !OF_A_RETURN.test(event.type)) return [event]
    if (event.type === 'return.requested.v1' && Date.parse(event.time) > history && chosen(unit)) {
      ours.add(unit)
      return [{ ...event, source: '/shop/nordwind' }]
    }
    const left = ours.has(unit) || handled.has(unit)
    return left && !OF_THE_WORLD.test(event.type) ? [] : [event]
  })
}

/** The units that were left to people before this process began. */
export async function leftToPeople(databaseUrl: string): Promise<Set<string>> {
  const { rows } = await db(databaseUrl).execute<{ unit_id: string }>(
    sql`SELECT DISTINCT unit_id FROM case_event WHERE source = '/shop/nordwind'`,
  )
  return new Set(rows.map(({ unit_id }) => unit_id))
}
