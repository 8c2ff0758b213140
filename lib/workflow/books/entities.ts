import { sql } from 'drizzle-orm'
import type { Actor } from '../../auth/actor'
import type { Transaction } from '../../db/client'
import { UserError } from '../../errors'

/** The entities that have a facility or an entry, those of the actor's rows, by name. */
export async function entitiesOf(tx: Pick<Transaction, 'execute'>, actor: Actor): Promise<string[]> {
  const { rows } = await tx.execute<{ entity: string }>(sql`
    WITH RECURSIVE posted AS (
      (SELECT entity FROM journal_entry ORDER BY entity, period LIMIT 1)
      UNION ALL SELECT (SELECT e.entity FROM journal_entry e WHERE e.entity > posted.entity ORDER BY e.entity, e.period LIMIT 1)
      FROM posted WHERE posted.entity IS NOT NULL
    )
    SELECT entity FROM posted WHERE entity IS NOT NULL UNION SELECT entity FROM facility ORDER BY 1`)
  // What has no entity yet (a parcel that nobody could match) comes last.
  rows.sort((a, b) => Number(a.entity === '') - Number(b.entity === ''))
  const { entities: own } = actor.scope
  return rows.map(({ entity }) => entity).filter((entity) => own === null || own.includes(entity))
}

/** Throws (404) when an entity is not known, or not in the actor's rows: which of the two is not told. */
export async function requireEntity(
  { tx, actor }: { readonly tx: Pick<Transaction, 'execute'>; readonly actor: Actor },
  entity: string,
): Promise<void> {
  if (!(await entitiesOf(tx, actor)).includes(entity))
    throw new UserError(
      'unknown_entity',
      'There is no such entity, or it is not in your part of the company.',
      404,
      'entity',
    )
}
