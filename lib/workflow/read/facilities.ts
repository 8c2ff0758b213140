import { type Actor, can } from '../../auth/actor'
import { db } from '../../db/client'
import { facility } from '../../db/schema'

/** Facilities by the names that the company gave them; nobody's who may see neither figures nor cases. */
export async function facilityNames(actor: Actor): Promise<readonly { value: string; label: string }[]> {
  if (!can(actor, 'metrics:read') && !can(actor, 'cases:read') && !can(actor, 'exceptions:read')) return []
  const rows = await db().select({ value: facility.id, label: facility.name }).from(facility).orderBy(facility.name)
  const { facilities } = actor.scope
  return rows.filter(({ value }) => facilities === null || facilities.includes(value))
}
