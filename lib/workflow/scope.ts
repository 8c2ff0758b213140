import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor'
import { UserError } from '../errors'

/** The columns that hold a row's entity, facility and channel; one that a table lacks is left out. */
export interface ScopedColumns {
  readonly entity?: AnyColumn | SQL
  readonly facility?: AnyColumn | SQL
  readonly channel?: AnyColumn | SQL
}

const within = (column: AnyColumn | SQL | undefined, allowed: readonly string[] | null): SQL | undefined =>
  allowed === null || column === undefined
    ? undefined
    : sql`${column} IN (SELECT jsonb_array_elements_text(${JSON.stringify(allowed)}::jsonb))`

/** The condition that keeps a read to the rows that this actor may see; true for whoever may see all. */
export function scopeOf(actor: Actor, columns: ScopedColumns): SQL {
  const { entities, facilities, channels } = actor.scope
  const conditions = [
    within(columns.entity, entities),
    within(columns.facility, facilities),
    within(columns.channel, channels),
  ].filter((each) => each !== undefined)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `)
}

/** Throws when a thing lies outside the actor's rows: as if it were not there, so that nothing is told about it. */
export function requireInScope(
  actor: Actor,
  thing: { readonly entity: string; readonly facility?: string; readonly channel?: string } | undefined,
  what: string,
): void {
  const { entities, facilities, channels } = actor.scope
  const outside = (allowed: readonly string[] | null, value: string | undefined) =>
    allowed !== null && value !== undefined && !allowed.includes(value)
  if (
    !thing ||
    outside(entities, thing.entity) ||
    outside(facilities, thing.facility) ||
    outside(channels, thing.channel)
  )
    throw new UserError('not_found', `There is no ${what}, or it is not in your part of the company.`, 404)
}
