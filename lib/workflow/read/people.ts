import { inArray } from 'drizzle-orm'
import { db } from '../../db/client'
import { account } from '../../db/schema'
import { AUTOMATIONS } from '../automation'

const ACCOUNT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** How people, automations and outside systems are called, by the ids that events and rows carry. */
export async function namesOf(ids: readonly string[]): Promise<(id: string) => string> {
  const people = [...new Set(ids)].filter((id) => ACCOUNT.test(id))
  const rows =
    people.length === 0
      ? []
      : await db().select({ id: account.id, name: account.name }).from(account).where(inArray(account.id, people))
  const known = new Map(rows.map((row) => [row.id, row.name]))
  return (id) => known.get(id) ?? automationName(id) ?? id.replaceAll('_', ' ')
}

const automationName = (id: string): string | undefined => {
  for (const [name, { title }] of Object.entries(AUTOMATIONS)) if (name === id) return `${title} (automatic)`
  return id === 'automation' ? 'Automatic' : undefined
}
