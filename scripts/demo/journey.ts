import { DAY, HOUR, MINUTE } from './calendar'
import type { Random } from './prng'
import type { Parcel } from './requests'
import { FAILING_CARRIER, within } from './story'
import type { World } from './world'

/** A parcel's way from the request to the dock: the instants that it reaches, in order. */
export interface Journey {
  /** It came without a request; the customer was found later, or never. */
  blind: boolean
  matchedAt?: number
  authorizedAt?: number
  rejectedAt?: number
  /** Never sent, and closed. */
  cancelledAt?: number
  labelledAt?: number
  scannedAt?: number
  expectedAt?: number
  deliveredAt?: number
  lostAt?: number
}

/** Draws a parcel's journey. It may reach far into the future: what lies after the end of the history is simply not told yet. */
export function journeyOf(world: World, parcel: Parcel): Journey {
  const { random, requestedAt } = parcel
  const type = parcel.units[0]?.type
  const ring = parcel.order.ring
  if (!ring && type !== 'refused' && random.chance(0.011)) return blindJourney(parcel)
  if (type === 'refused')
    return travel(world, parcel, { blind: false, authorizedAt: requestedAt + MINUTE }, requestedAt + 2 * HOUR)
  const outside = parcel.units.some((unit) => !unit.inPolicy)
  if (random.chance(outside ? 0.45 : 0.012))
    return { blind: false, rejectedAt: requestedAt + random.between(0.2, 1.6) * DAY }
  const authorizedAt =
    requestedAt + (random.chance(0.93) ? random.between(1, 4) * 1000 : random.between(0.15, 1.4) * DAY)
  const labelledAt = authorizedAt + random.between(10, 240) * 1000
  if (!ring && random.chance(type === 'exchange' ? 0.05 : 0.08))
    return { blind: false, authorizedAt, labelledAt, cancelledAt: authorizedAt + random.between(6, 28) * DAY }
  return travel(world, parcel, { blind: false, authorizedAt, labelledAt }, labelledAt + random.gamma2(3.5) * DAY)
}

function travel(world: World, parcel: Parcel, start: Journey, scannedAt: number): Journey {
  const { random } = parcel
  const expectedAt = scannedAt + 4 * DAY
  const failing = parcel.carrier === FAILING_CARRIER && within(world.story.carrierFailure, scannedAt)
  const journey = { ...start, scannedAt, expectedAt }
  // A part of the ring ships a label and nothing else: scanned once, never seen again.
  const lost = parcel.order.ring ? 0.22 : failing ? 0.27 : 0.004
  if (random.chance(lost)) return { ...journey, lostAt: scannedAt + random.between(failing ? 11 : 14, 20) * DAY }
  const transit = random.lognormal(3.3, 0.46) + (failing ? random.between(6, 13) : 0)
  return { ...journey, deliveredAt: deliveryTime(scannedAt + transit * DAY, random) }
}

/** Carriers deliver by day, and not on Sundays. */
function deliveryTime(at: number, random: Random): number {
  let day = Math.floor(at / DAY)
  if ((day + 4) % 7 === 0) day += 1
  return Math.max(at, day * DAY + random.between(7, 15) * HOUR)
}

function blindJourney(parcel: Parcel): Journey {
  const { random } = parcel
  const deliveredAt = deliveryTime(parcel.requestedAt + random.between(2, 6) * DAY, random)
  return random.chance(0.78)
    ? { blind: true, deliveredAt, matchedAt: deliveredAt + random.between(1.4, 6) * DAY }
    : { blind: true, deliveredAt }
}
