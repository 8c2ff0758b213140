import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor'
import { db } from '../../db/client'
import { facility, returnUnit } from '../../db/schema'
import { UserError } from '../../errors'
import { scopeOf } from '../scope'
import { shiftAt } from '../shift'
import { authorizeStation } from './station-lookup'
import type { Station } from './station-types'
import { UNIT_SCOPE } from './station-unit'

/** The facility a station stands in: the one asked for, if it is theirs, or the first that is. */
export async function stationOf(
  actor: Actor,
  asked: string | undefined,
  duty: 'receive' | 'inspect' | 'dispose',
  now = new Date(),
): Promise<Station> {
  authorizeStation(actor)
  const own = actor.scope.facilities
  const all = await db().select().from(facility).orderBy(facility.name)
  const mine = all.filter(
    ({ id, entity }) => (own?.includes(id) ?? true) && (actor.scope.entities?.includes(entity) ?? true),
  )
  const place = mine.find(({ id }) => id === asked) ?? mine[0]
  if (!place)
    throw new UserError(
      'no_facility',
      'No facility is open to you. A user administrator can give you one.',
      403,
      'facility',
    )
  const { rows } = await db().execute<{ today: number; expected: number }>(sql`
    SELECT (SELECT count(*)::int FROM duty WHERE person = ${actor.userId} AND duty = ${duty}
        AND at >= date_trunc('day', ${now.toISOString()}::timestamptz AT TIME ZONE ${place.tz}) AT TIME ZONE ${place.tz}) AS today,
      (SELECT count(*)::int FROM return_unit WHERE facility = ${place.id} AND status = 'in_transit' AND final_at IS NULL
        AND expected_at < date_trunc('day', ${now.toISOString()}::timestamptz AT TIME ZONE ${place.tz}) AT TIME ZONE ${place.tz} + interval '1 day'
        AND ${scopeOf(actor, { ...UNIT_SCOPE, entity: returnUnit.entity })}) AS expected`)
  return {
    facility: { id: place.id, name: place.name, tz: place.tz },
    facilities: mine.map(({ id, name }) => ({ id, name })),
    shift: shiftAt(place, now),
    person: { id: actor.userId, name: actor.name },
    today: rows[0]?.today ?? 0,
    expectedToday: rows[0]?.expected ?? 0,
  }
}
