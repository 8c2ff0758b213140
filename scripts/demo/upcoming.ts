import { setImmediate as breathe } from 'node:timers/promises'
import type { CanonicalEvent } from '../../ingest/contract/event'
import { dayOf } from './calendar'
import { simulate, type World } from './company'
import { Emitter } from './emitter'
import { is } from './figures'

/** How long after its sale a unit may still be moving: claims are the last to end. */
const LONGEST_DAYS = 260

export interface Upcoming {
  /** What becomes known in (from, to], in that order. */
  events: { known: number; event: CanonicalEvent }[]
  /** Parcels that are on their way at `from`, by unit. */
  underWay: Map<string, CanonicalEvent<'shipment.in_transit.v1'>>
}

/**
 * Goes on with the company beyond the end of its history: the same simulator, asked for a later span of time. What the history left open
 * goes its way, and new orders come in; the ids are those that any other run gives the same things. Lets other work pass between days.
 */
export async function upcoming(world: World, from: number, to: number): Promise<Upcoming> {
  const events: Upcoming['events'] = []
  const underWay: Upcoming['underWay'] = new Map()
  const out = new Emitter(
    (event, known) => {
      if (known > from) events.push({ known, event })
      else if (is(event, 'shipment.in_transit.v1')) underWay.set(event.data.unit_id, event)
      else if (is(event, 'shipment.delivered.v1') || is(event, 'shipment.lost.v1')) underWay.delete(event.data.unit_id)
    },
    Number.NEGATIVE_INFINITY,
    to,
  )
  const first = Math.max(world.firstDay, dayOf(from) - LONGEST_DAYS)
  for (let day = first; day <= dayOf(to) + 1; day++) {
    simulate(world, { first: day, last: day }, out)
    if (day % 4 === 0) await breathe()
  }
  events.sort((a, b) => a.known - b.known || (a.event.id < b.event.id ? -1 : 1))
  return { events, underWay }
}
